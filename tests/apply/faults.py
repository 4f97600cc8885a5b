"""Faults at system calls: a command is killed, or refused by the kernel, at each that matters.

A scene is a directory with a configuration and a state directory, made anew for each run. strace
counts the calls of one run that concern it, then makes one of them fail in another run. After each
the configuration must be one that httpd takes, the exit status true, and ``recover`` must leave it
exactly as it was before or after the change.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.live.private_httpd import binary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

ROOT = Path(__file__).parents[2]
CHANGING = [
    "write",
    "pwrite64",
    "rename",
    "renameat",
    "renameat2",
    "unlink",
    "unlinkat",
    "symlink",
    "symlinkat",
    "link",
    "linkat",
    "mkdir",
    "mkdirat",
    "rmdir",
    "fsync",
    "fdatasync",
    "fchmod",
    "fchmodat",
    "chmod",
    "fchown",
    "fchownat",
    "chown",
    "lchown",
    "ftruncate",
    "setxattr",
    "fsetxattr",
    "lsetxattr",
    "flock",
    "fcntl",
    "openat",
]
ERRORS = ("ENOSPC", "EIO", "EROFS", "EACCES", "EMFILE", "ENFILE")
KILL = "signal=KILL"
# Once each; the interpreter repeats a call that was interrupted.
MORE_ERRORS = ("EPERM", "ENOMEM", "EDQUOT", "EINTR")
ONE_SHOT = (KILL, *(f"error={name}" for name in (*ERRORS, *MORE_ERRORS)))
FROM_THEN_ON = tuple(f"error={name}" for name in ERRORS)
_CALL = re.compile(r"(?:\d+ +)?(\w+)\((.*)")
_WRITES = re.compile(r"O_WRONLY|O_RDWR|O_CREAT")
_LOCKS = re.compile(r"F_(?:OFD_)?SETLKW?\b")
_SECONDS = 120
# certbot's, which mpmtune holds: no configuration, and certbot leaves it there too when killed.
_LOCK_FILE = ".certbot.lock"
KILLED = -9


@dataclass(frozen=True)
class Point:
    """The nth call of a system call by the command; ``line`` is what strace shows of it."""

    syscall: str
    nth: int
    line: str

    def __str__(self) -> str:
        return f"{self.syscall} {self.nth}"


@dataclass(frozen=True)
class Scene:
    """What a command does its work in.

    Attributes:
        directory: Made anew for each run.
        make: Makes the configuration and the state in it.
        command: The command line.
        recover: Puts right what the command has left, and gives its exit code.
        tree: The configuration, below ``directory``.
        conf: httpd's main file, below ``tree``.
        takes_over: The command finishes what another has left: ``recover`` may do it in its stead.
    """

    directory: Path
    make: Callable[[Path], None]
    command: Sequence[str]
    recover: Callable[[], int]
    tree: Path
    conf: Path
    takes_over: bool = False

    def renew(self) -> None:
        """Put everything back as it is before the command."""
        shutil.rmtree(self.directory, ignore_errors=True)
        self.directory.mkdir()
        self.make(self.directory)

    def run(self, *strace: str) -> tuple[int, str]:
        """Run the command once in a new scene; give its exit code and what it said."""
        self.renew()
        made = subprocess.run(
            [*strace, *self.command],
            check=False,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_SECONDS,
            env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"},
        )
        return made.returncode, made.stderr


@dataclass
class Verdicts:
    """What went wrong, and how many points were tried."""

    tried: int = 0
    bad: list[str] = field(default_factory=list)


@cache
def strace() -> str:
    """Find strace, or skip the test."""
    found = shutil.which("strace", path="/usr/bin:/usr/local/bin:/bin")
    if found is None:
        pytest.skip("strace is not installed here, so no system call can be made to fail")
    tried = subprocess.run([found, "-o", "/dev/null", "true"], check=False, capture_output=True)
    if tried.returncode:
        pytest.skip("strace may trace nothing here")
    return found


def points(scene: Scene) -> tuple[Point, ...]:
    """Find the calls of a run that change files of the scene, lock them or open them to write."""
    place = str(scene.directory)
    return tuple(
        point for point in traced(scene) if f"{place}/" in point.line or f"{place}>" in point.line
    )


def traced(scene: Scene) -> tuple[Point, ...]:
    """Run the command, and give every call that could change a file, wherever that lies."""
    log = scene.directory.with_suffix(".strace")
    trace = f"trace={','.join(f'?{name}' for name in CHANGING)}"
    code, said = scene.run(strace(), "-y", "-s", "0", "-o", str(log), "-e", trace)
    assert code == 0, said
    return tuple(_calls(log.read_text(errors="replace")))


def _calls(log: str) -> Iterator[Point]:
    counts: dict[str, int] = {}
    for line in log.splitlines():
        call = _CALL.match(line)
        if call is None:
            continue
        syscall = call[1]
        counts[syscall] = counts.get(syscall, 0) + 1
        if syscall == "openat" and not _WRITES.search(line):
            continue
        if syscall == "fcntl" and not _LOCKS.search(line):
            continue
        yield Point(syscall, counts[syscall], line)


def tried(
    scene: Scene,
    trials: Sequence[tuple[Point, str]],
    old: Mapping[str, str],
    new: Mapping[str, str],
) -> Verdicts:
    """Run the command with each fault.

    Args:
        scene: What it does its work in.
        trials: Points, and what happens there: ``error=EIO``, or ``error=EIO:when=+`` for each
            such call from there on.
        old: The configuration before the command.
        new: The configuration when it has done its work.
    """
    verdicts = Verdicts()
    for point, fault in trials:
        kind, _, lasting = fault.partition(":")
        when = f"inject={point.syscall}:{kind}:when={point.nth}{'+' if lasting else ''}"
        code, said = scene.run(
            strace(), "-o", "/dev/null", "-e", f"trace={point.syscall}", "-e", when
        )
        at_once = fingerprint(scene.tree)
        recovered = scene.recover()
        after = fingerprint(scene.tree)
        verdicts.tried += 1
        wrong = [
            *_lies(code, at_once, old, new),
            *([f"recover ends with {recovered}"] if recovered else []),
            *([] if after in _allowed(scene, code, old, new) else ["it is not put right"]),
            *([] if bootable(scene, at_once) else ["httpd would not start at once"]),
            *([] if bootable(scene, after) else ["httpd would not start after recover"]),
            *(["a traceback"] if "Traceback" in said else []),
        ]
        if wrong:
            verdicts.bad.append(
                f"{fault} at {point} (exit {code}): {'; '.join(wrong)}\n{point.line}\n{said}"
            )
    return verdicts


def _lies(
    code: int, at_once: Mapping[str, str], old: Mapping[str, str], new: Mapping[str, str]
) -> Iterator[str]:
    expected = {0: new, 2: old, 3: old}
    if code in expected:
        if at_once != expected[code]:
            yield f"exit {code} is not true"
    elif code not in {4, KILLED}:
        yield f"exit {code} says nothing"


def _allowed(
    scene: Scene, code: int, old: Mapping[str, str], new: Mapping[str, str]
) -> tuple[Mapping[str, str], ...]:
    """Give what may lie there after ``recover``: what the exit code has said, and nothing between."""
    if scene.takes_over:
        return (new,)
    return {0: (new,), 2: (old,), 3: (old,)}.get(code, (old, new))


def fingerprint(tree: Path) -> dict[str, str]:
    """Give all that lies below a directory: kind, mode, owner, and content or target."""
    found = {}
    for above, directories, names in os.walk(tree):
        for name in (*names, *directories):
            path = os.path.join(above, name)
            status = os.lstat(path)
            what = f"{status.st_mode:o} {status.st_uid}:{status.st_gid} "
            if os.path.islink(path):
                what += os.readlink(path)
            elif os.path.isfile(path):
                with open(path, encoding="latin-1") as file:
                    what += file.read()
            found[os.path.relpath(path, tree)] = what
    found.pop(_LOCK_FILE, None)
    return found


_KNOWN: dict[tuple[str, frozenset[tuple[str, str]]], bool] = {}


def bootable(scene: Scene, state: Mapping[str, str]) -> bool:
    """Ask httpd itself (``-t``) about the configuration; once for each state of it.

    The state must be the one that lies there now, or one that was asked about before.
    """
    key = (str(scene.conf), frozenset(state.items()))
    if key not in _KNOWN:
        there = fingerprint(scene.tree)
        if there != state:
            restore(scene.tree, state)
        asked = subprocess.run(
            [binary(), "-d", str(scene.tree), "-f", str(scene.conf), "-t"],
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=60,
            env={"PATH": os.environ["PATH"], "LANG": "C"},
        )
        _KNOWN[key] = asked.returncode == 0
        if there != state:
            restore(scene.tree, there)
    return _KNOWN[key]


def restore(tree: Path, state: Mapping[str, str]) -> None:
    """Let a directory hold what a fingerprint says; its directories are there already."""
    for path in fingerprint(tree):
        if (tree / path).is_symlink() or (tree / path).is_file():
            (tree / path).unlink()
    for path, what in state.items():
        mode, _, content = what.split(" ", 2)
        if mode.startswith("12"):
            (tree / path).symlink_to(content)
        elif mode.startswith("10"):
            (tree / path).write_text(content, "latin-1")
            (tree / path).chmod(int(mode, 8) & 0o7777)


def sample(trials: Sequence[tuple[Point, str]], count: int) -> list[tuple[Point, str]]:
    """Choose so many, evenly spread."""
    return [trials[at * len(trials) // count] for at in range(min(count, len(trials)))]


def python(*arguments: str) -> list[str]:
    """Make a command line of this interpreter."""
    return [sys.executable, *arguments]
