"""What others may write, on the way to a file or in what httpd runs: refused, and named."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from tests.apply.system_calls import strace
from tests.attacks.scene import SOMEBODY, Scene, mpmtune, program
from tests.live.private_httpd import binary

pytestmark = pytest.mark.httpd

PLACES = (
    ".",
    "etc",
    "etc/apache2.conf",
    "etc/envvars",
    "etc/conf-available",
    "etc/conf-available/zz-mpmtune.conf",
    "etc/conf-enabled",
    "etc/mods-enabled",
    "etc/mods-available",
    "etc/mods-available/mpm_event.load",
    "etc/mods-available/mpm_prefork.conf",
    "etc/sites-enabled",
    "etc/sites-enabled/site.conf",
    "lib",
    "lib/mod.so",
    "etc-state",
    "etc-state/history",
)


def furnish(scene: Scene) -> None:
    """Lay everything out that a change meets on its way."""
    (scene.tree / "envvars").write_text("export APACHE_RUN_DIR=/run\n")
    (scene.tree / "conf-available/zz-mpmtune.conf").write_text("Timeout 50\n")
    (scene.top / "lib").mkdir()
    module = Path("/usr/lib/apache2/modules/mod_headers.so")
    if not module.exists():
        pytest.skip("mod_headers is not installed here as a shared module")
    shutil.copy(module, scene.top / "lib/mod.so")
    load = f"LoadModule headers_module {scene.top}/lib/mod.so\n"
    (scene.tree / "sites-enabled/site.conf").write_text(load)
    (scene.state / "history").mkdir(parents=True)
    scene.state.chmod(0o700)


@pytest.mark.parametrize("place", PLACES)
def test_a_place_that_everybody_may_write_is_refused_by_name(place: str, scene: Scene) -> None:
    furnish(scene)
    path = scene.top / place
    path.chmod(0o777)
    scene.look()
    done = scene.apply()
    assert done.code == 2
    assert str(path) in done.err
    assert scene.untouched()


@pytest.mark.parametrize("place", PLACES[1::2])
def test_a_place_of_somebody_else_is_refused_by_name(place: str, scene: Scene) -> None:
    furnish(scene)
    path = scene.top / place
    os.chown(path, SOMEBODY, SOMEBODY)
    scene.look()
    done = scene.apply()
    assert done.code == 2
    assert str(path) in done.err
    assert scene.untouched()


@pytest.mark.parametrize("damage", ["mode", "owner", "group"])
def test_a_binary_that_others_may_exchange_is_not_run(damage: str, scene: Scene) -> None:
    own = scene.top / "apache2"
    shutil.copy(binary(), own)
    if damage == "owner":
        os.chown(own, SOMEBODY, SOMEBODY)
    else:
        own.chmod(0o777 if damage == "mode" else 0o775)
        os.chown(own, 0, SOMEBODY)
    scene.look()
    log = scene.top / "strace"
    line = scene.httpd.arguments("apply", "--mode", "event", "--yes", "--httpd", str(own))
    traced = (strace(), "-f", "--seccomp-bpf", "-o", str(log), "-e", "trace=execve")
    assert mpmtune(*line, before=traced).code in {2, 3}
    assert f'execve("{own}"' not in log.read_text()
    assert scene.untouched()


LOADED = """
#include <fcntl.h>
#include <unistd.h>
__attribute__((constructor)) static void ran(void) { close(open("/", O_RDONLY)); }
"""


@pytest.mark.parametrize("directive", ["LoadFile", "LoadModule evil_module"])
def test_what_somebody_has_httpd_load_is_never_opened(directive: str, scene: Scene) -> None:
    evil = program(scene.evil / "evil.so", LOADED, "-shared", "-fPIC")
    (scene.tree / "sites-enabled/site.conf").write_text(f"{directive} {evil}\n")
    log = scene.top / "strace"
    traced = (strace(), "-f", "--seccomp-bpf", "-o", str(log), "-e", "trace=open,openat,execve")
    assert scene.apply(before=traced).code == 2
    assert not re.search(rf'open(?:at)?\([^"]*"{evil}"', log.read_text())
    assert "execve(" in log.read_text()
