"""Processes that pretend to be httpd, that are httpd elsewhere, or whose number was another's."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import pytest

from mpmtune.apply.action import Action
from mpmtune.apply.bringing_up import Change, NotInForceError, bring_up
from mpmtune.apply.service import Service
from mpmtune.apply.verification import Expectation
from mpmtune.host.httpd_binary import Invocation
from tests.attacks.scene import SOMEBODY, Scene, mpmtune, program
from tests.live.private_httpd import binary

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.httpd

# A program of somebody's that waits, and leaves its mark where it runs as root.
PRETENDING = """
#include <fcntl.h>
#include <unistd.h>
int main(void) {
    if (getuid() == 0) close(open("MARK", O_CREAT | O_WRONLY, 0600));
    else { fork(); for (;;) pause(); }
    return 0;
}
"""


@contextmanager
def running(*line: str, user: int = 0) -> Iterator[subprocess.Popen[bytes]]:
    """Have a process run for a while, and end it with all that it has started."""
    process = subprocess.Popen(
        line,
        user=user,
        group=user,
        extra_groups=[],
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(0.2)
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


# The number of another ---------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["apply", "rollback"])
def test_a_process_in_the_pid_file_of_a_stopped_httpd_is_left_alone(
    command: str, scene: Scene
) -> None:
    with running("sleep", "60") as stranger:
        (scene.tree / "httpd.pid").write_text(f"{stranger.pid}\n")
        assert scene.apply().code == 0
        if command == "rollback":
            assert scene.run("rollback").code == 0
        assert stranger.poll() is None


@pytest.mark.parametrize("action", [Action.GRACEFUL, Action.STOP_AND_START])
def test_a_number_that_has_become_anothers_is_not_signalled(action: Action) -> None:
    """httpd has ended between the look and the signal, and its number was given away."""
    service = Service(Invocation(binary()))
    expected = Expectation(None, {}, (), threaded=True)
    with running("sleep", "60") as stranger:
        with pytest.raises(NotInForceError, match="has ended by itself"):
            bring_up(Change(service, action, expected, None, 1.0, 1.0), stranger.pid)
        assert stranger.poll() is None


# Names that anybody may bear ---------------------------------------------------------------------


def test_a_program_of_somebodys_that_is_called_httpd_is_not_run(scene: Scene) -> None:
    mark = scene.top / "mark"
    pretender = program(scene.evil / "apache2", PRETENDING.replace("MARK", str(mark)))
    os.chown(pretender, SOMEBODY, SOMEBODY)
    with running(str(pretender), "-d", str(scene.evil), user=SOMEBODY) as process:
        seen = mpmtune("detect", "--server-root", str(scene.evil))
        assert f"{scene.evil} belongs to user {SOMEBODY}" in " ".join(seen.out.split())
        for command in (("recommend",), ("apply", "--dry-run", "--yes")):
            assert mpmtune(*command, "--server-root", str(scene.evil)).code in {0, 2, 3}
        assert process.poll() is None
    assert not mark.exists()


def test_another_program_under_the_name_of_httpd_is_not_taken_for_it(scene: Scene) -> None:
    with running("bash", "-c", f"exec -a {binary()} sleep 60") as process:
        assert scene.apply().code == 0
        assert process.poll() is None


# Namespaces --------------------------------------------------------------------------------------


@contextmanager
def httpd_in(scene: Scene, *namespaces: str) -> Iterator[None]:
    """Run the scene's httpd in namespaces of its own, or skip the test."""
    tool = shutil.which("unshare", path="/usr/bin:/bin")
    if tool is None or subprocess.run([tool, *namespaces, "true"], check=False).returncode:
        pytest.skip("no namespaces can be made here")
    line = (binary(), "-d", str(scene.tree), "-f", str(scene.httpd.conf), "-DFOREGROUND")
    with running(tool, *namespaces, *line):
        deadline = time.monotonic() + 10
        while not (scene.tree / "httpd.pid").exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        yield


def test_an_httpd_with_other_processes_is_not_the_target(scene: Scene) -> None:
    with httpd_in(scene, "--pid", "--fork", "--kill-child"):
        scene.look()
        done = scene.apply()
        assert done.code in {0, 2}
        assert scene.httpd.serves()
        seen = mpmtune("detect", *server(scene))
        assert "httpd in another namespace" in seen.out


def test_an_httpd_with_another_network_is_refused(scene: Scene) -> None:
    with httpd_in(scene, "--net", "sh", "-c", 'ip link set lo up; exec "$@"', "sh"):
        scene.look()
        done = scene.apply()
        assert done.code == 2
        assert "network of its own" in done.err
        assert scene.untouched()


def test_an_httpd_with_a_tmp_of_its_own_is_the_target_all_the_same(scene: Scene) -> None:
    """As systemd starts it on Debian and RHEL (PrivateTmp)."""
    with httpd_in(scene, "--mount"):
        seen = mpmtune("detect", *server(scene), "-f", "json")
        assert '"other_namespace": false' in seen.out
        assert '"other_namespace": true' not in seen.out


def server(scene: Scene) -> tuple[str, ...]:
    return ("--conf", str(scene.httpd.conf), "--server-root", str(scene.tree))
