"""What an attack needs: a configuration that root may change, a file that nobody may, commands."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import traceback
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mpmtune.apply.entry import Kind
from mpmtune.apply.new_entry import new_entry
from mpmtune.apply.state_directory import state_directory
from mpmtune.apply.transaction import begin
from mpmtune.cli.app import run
from mpmtune.model.changes import ChangeSet, FileChange, Regular
from tests.apply.faults import fingerprint
from tests.live.laid_out_httpd import LaidOutHttpd

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parents[2]
HOSTS = ROOT / "tests/hosts"
# How root starts it where others may have chosen the environment or the directory.
PROGRAM = (sys.executable, "-I", "-m", "mpmtune")
MODULE = (sys.executable, "-m", "mpmtune")
SOMEBODY = 12345  # a user who is neither root nor httpd's
_SECRET = "root:S3CRET:19000:0:99999:7:::\n"
_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass(frozen=True)
class Done:
    """What came of a command."""

    code: int
    out: str
    err: str


def mpmtune(
    *arguments: str,
    environment: Mapping[str, str] | None = None,
    before: tuple[str, ...] = (),
    program: tuple[str, ...] = PROGRAM,
    **more: Any,
) -> Done:
    """Run mpmtune as a process of its own.

    Args:
        arguments: Its command line.
        environment: Of the caller, beside a PATH.
        before: What starts it, as strace does.
        program: How it is called.
        more: For ``subprocess.run``: cwd, umask, preexec_fn, input.
    """
    options: dict[str, Any] = {"cwd": "/", "stdin": subprocess.DEVNULL, "timeout": 120} | more
    made = subprocess.run(
        [*before, *program, *arguments],
        check=False,
        capture_output=True,
        env={"PATH": _PATH, **(environment or {})},
        **options,
    )
    out, err = (text.decode("utf-8", "replace") for text in (made.stdout, made.stderr))
    assert "Traceback" not in err, err
    return Done(made.returncode, out, err)


def forked(*arguments: str) -> Done:
    """Run mpmtune as a child of this process, which spares it the start of an interpreter."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = os.fork()
        if not child:
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
            os._exit(_run(arguments))
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        said = []
        for stream in (out, err):
            stream.seek(0)
            said.append(stream.read().decode("utf-8", "replace"))
    assert "Traceback" not in said[1], said[1]
    return Done(code, *said)


def _run(arguments: tuple[str, ...]) -> int:
    with open(1, "w") as sys.stdout, open(2, "w") as sys.stderr:
        os.environ.clear()
        os.environ["PATH"] = _PATH
        try:
            return run(arguments)
        except BaseException:  # noqa: BLE001 - a forked child must not run its parent's code
            traceback.print_exc()
            return 70


class Scene:
    """A Debian layout with a stopped httpd, in a directory of root's; beside it a file to protect.

    Attributes:
        top: Root's directory, which everybody may enter.
        httpd: The layout, at ``top/etc``.
        shadow: A file that only root may read, and nobody write.
        evil: A directory of somebody else's.
    """

    def __init__(self, top: Path) -> None:
        top.chmod(0o755)
        self.top = top
        (top / "etc").mkdir()
        self.httpd = LaidOutHttpd(top / "etc")
        self.tree = self.httpd.root
        self.state = self.httpd.state
        self.shadow = top / "shadow"
        self.shadow.write_text(_SECRET)
        self.shadow.chmod(0o600)
        self.evil = top / "evil"
        self.evil.mkdir()
        os.chown(self.evil, SOMEBODY, SOMEBODY)
        self._before: dict[str, str] = {}

    def apply(self, *more: str, **options: Any) -> Done:
        """Apply a change from prefork to event."""
        return self.run("apply", "--mode", "event", "--yes", "-q", *more, **options)

    def run(self, command: str, *more: str, **options: Any) -> Done:
        """Run a command on this configuration and this state."""
        line = self.httpd.arguments(command, *more)
        return mpmtune(*line, **options) if options else forked(*line)

    def look(self) -> None:
        """Remember what lies there now."""
        self._before = self._there()

    def untouched(self) -> bool:
        """Tell whether all is as it was when it was looked at."""
        return self._there() == self._before

    def protected(self) -> bool:
        """Tell whether the file that nobody may touch is what it was."""
        status = self.shadow.lstat()
        kept = (status.st_mode & 0o7777, status.st_uid, status.st_nlink) == (0o600, 0, 1)
        return kept and self.shadow.read_text() == _SECRET

    def _there(self) -> dict[str, str]:
        found = fingerprint(self.tree)
        return {path: what for path, what in found.items() if not path.endswith((".log", ".pid"))}


def link_of_somebody(path: Path, target: Path | str) -> Path:
    """Make a link that is not root's."""
    path.symlink_to(target)
    os.lchown(path, SOMEBODY, SOMEBODY)
    return path


@cache
def compiled(source: str, *options: str) -> bytes:
    """Compile a C source, once a session, or skip the test."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler is installed here to make an evil program with")
    name = hashlib.sha256(source.encode()).hexdigest()[:12]
    target = Path(f"/tmp/mpmtune-evil-{os.getpid()}-{name}")
    subprocess.run(
        [compiler, "-xc", "-", "-o", str(target), *options],
        input=source.encode(),
        check=True,
        capture_output=True,
    )
    content = target.read_bytes()
    target.unlink()
    return content


def program(path: Path, source: str, *options: str) -> Path:
    """Make an executable of a C source at a path."""
    path.write_bytes(compiled(source, *options))
    path.chmod(0o755)
    return path


def script(path: Path, text: str) -> Path:
    """Make a shell script."""
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def changed(scene: Scene, *, finished: bool) -> Path:
    """Change a file through the journal, and finish that or leave it half done; give its path."""
    path = scene.tree / "a.conf"
    path.write_text("Timeout 60\n")
    before, after = (Regular(text, 0o644, 0, 0) for text in (b"Timeout 60\n", b"Timeout 50\n"))
    change = ChangeSet((FileChange(str(path), before, after),))
    with state_directory(str(scene.state)) as state:
        transaction = begin(state, new_entry(Kind.APPLY, "a change", str(scene.tree), change))
        transaction.write()
        if finished:
            transaction.commit()
    return path
