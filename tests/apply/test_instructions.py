"""The commands for a layout that is left to its administrator, as exact as can be."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

from mpmtune.apply.instructions import instructions
from mpmtune.model.httpd import Mpm
from mpmtune.model.plan import Switch
from mpmtune.model.server import Instance, StartOptions
from mpmtune.model.unknown import Unknown
from tests.apply.laid_out import planned, read
from tests.builders import a_server

if TYPE_CHECKING:
    from pathlib import Path

    from mpmtune.model.plan import Plan

CONF = """\
ServerRoot "{root}"
# MPM
LoadModule mpm_prefork_module modules/mod_mpm_prefork.so
"""


def switch() -> Plan:
    return replace(planned(Mpm.EVENT), switch=Switch(Mpm.PREFORK, Mpm.EVENT, ()))


def test_every_step_is_a_command_that_can_be_pasted(tmp_path: Path) -> None:
    root = tmp_path / "with blank"
    root.mkdir()
    conf = root / "httpd.conf"
    conf.write_text(CONF.format(root=root))
    now = a_server(Mpm.PREFORK, server_root=str(root), conf=str(conf), tree=read(conf, root))
    lines = instructions(switch(), now)
    snippet = f"{root}/zz-mpmtune.conf"
    assert lines == (
        f"mpmtune recommend --mode event -f conf -o '{snippet}'",
        f"sed -i 3s/mpm_prefork/mpm_event/g '{conf}'",
        f"echo 'Include '\"'\"'{snippet}'\"'\"'' >> '{conf}'",
        f"/usr/sbin/apache2 -d '{root}' -f '{conf}' -t",
        f"/usr/sbin/apache2 -d '{root}' -f '{conf}' -k stop",
        f"/usr/sbin/apache2 -d '{root}' -f '{conf}' -k start",
    )
    for line in lines[1:3]:
        subprocess.run(["sh", "-c", line], check=True)
    assert conf.read_text() == (
        f'ServerRoot "{root}"\n# MPM\n'
        "LoadModule mpm_event_module modules/mod_mpm_event.so\n"
        f"Include '{snippet}'\n"
    )


def test_what_is_included_already_is_not_included_again(tmp_path: Path) -> None:
    conf = tmp_path / "httpd.conf"
    conf.write_text(f"ServerRoot {tmp_path}\nInclude zz-mpmtune.conf\n")
    (tmp_path / "zz-mpmtune.conf").write_text("")
    running = Instance(1, "/x", StartOptions(defines=("SSL",)), (), (), None)
    now = a_server(
        server_root=str(tmp_path), conf=str(conf), tree=read(conf, tmp_path), instance=running
    )
    lines = instructions(switch(), now)
    assert not any(line.startswith(("echo", "sed")) for line in lines)
    assert lines[-1] == f"/usr/sbin/apache2 -d {tmp_path} -f {conf} -D SSL -k start"


def test_without_a_configuration_nothing_can_be_said() -> None:
    unknown = Unknown("x", "test")
    assert instructions(switch(), a_server(conf=unknown)) == ()
    bare = a_server(build=unknown, server_root=unknown, conf="/h.conf")
    assert instructions(switch(), replace(bare, mpm=unknown))[-1] == "httpd -f /h.conf -k start"
