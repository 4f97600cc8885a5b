"""What others do to the configuration at the same time: waited for, seen, never overwritten."""

from __future__ import annotations

import fcntl
import os
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.attacks.scene import PROGRAM, Scene, changed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

pytestmark = pytest.mark.httpd


@contextmanager
def certbot(scene: Scene) -> Iterator[None]:
    """Hold certbot's lock."""
    handle = os.open(scene.tree / ".certbot.lock", os.O_CREAT | os.O_WRONLY, 0o600)
    fcntl.lockf(handle, fcntl.LOCK_EX)
    yield
    os.close(handle)


@contextmanager
def another(scene: Scene) -> Iterator[None]:
    """Hold mpmtune's own lock."""
    scene.state.mkdir(mode=0o700, exist_ok=True)
    handle = os.open(scene.state / "lock", os.O_CREAT | os.O_RDWR, 0o600)
    fcntl.flock(handle, fcntl.LOCK_EX)
    yield
    os.close(handle)


@pytest.mark.parametrize("holder", [certbot, another], ids=["certbot", "another mpmtune"])
@pytest.mark.parametrize("more", [(), ("--files-only",)], ids=["apply", "apply --files-only"])
def test_who_holds_the_lock_is_not_disturbed(
    more: tuple[str, ...],
    holder: Callable[[Scene], AbstractContextManager[None]],
    scene: Scene,
) -> None:
    scene.look()
    with holder(scene):
        assert scene.apply(*more).code == 75
    assert scene.untouched()


@pytest.mark.parametrize("place", ["conf-available/zz-mpmtune.conf", "mods-enabled/mpm_event.conf"])
def test_a_file_that_is_edited_while_the_administrator_thinks_is_kept(
    place: str, scene: Scene
) -> None:
    terminal, other = os.openpty()
    line = scene.httpd.arguments("apply", "--mode", "event")
    process = subprocess.Popen(
        [*PROGRAM, *line], stdin=other, stdout=other, stderr=other, cwd="/", close_fds=True
    )
    os.close(other)
    said = b""
    while b"Put these in force?" not in said:
        said += os.read(terminal, 4096)
    (scene.tree / place).write_text("Timeout 7\n")
    scene.look()
    os.write(terminal, b"y\ny\ny\n")
    said = drained(terminal)
    assert process.wait(30) == 2, said
    assert scene.untouched()


def drained(terminal: int) -> bytes:
    said = b""
    while True:
        try:
            piece = os.read(terminal, 4096)
        except OSError:  # the other end is closed
            return said
        said += piece


@pytest.mark.parametrize("command", ["rollback", "recover"])
def test_an_edit_after_the_change_is_kept(command: str, scene: Scene) -> None:
    path = changed(scene, finished=command == "rollback")
    path.write_text("Timeout 40\n")
    done = scene.run(command, "--files-only")
    assert done.code == {"rollback": 2, "recover": 4}[command]
    assert str(path) in done.err
    assert path.read_text() == "Timeout 40\n"
