"""Faults at system calls: a command is killed, or refused by the kernel, at each that matters.

A scene is a directory with a configuration and a state directory, made anew for each run. strace
counts the calls of one run that concern it, then makes one of them fail in another run. After each
the configuration must be one that httpd takes, the exit status true, and ``recover`` must leave it
exactly as it was before or after the change. Where an httpd runs, it must serve what the files say.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from tests.apply.system_calls import CHANGING, Point, calls, strace, tracing
from tests.live.private_httpd import binary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

ROOT = Path(__file__).parents[2]
ERRORS = ("ENOSPC", "EIO", "EROFS", "EACCES", "EMFILE", "ENFILE")
KILL = "signal=KILL"
# Once each; the interpreter repeats a call that was interrupted.
MORE_ERRORS = ("EPERM", "ENOMEM", "EDQUOT", "EINTR")
ONE_SHOT = (KILL, *(f"error={name}" for name in (*ERRORS, *MORE_ERRORS)))
FROM_THEN_ON = tuple(f"error={name}:lasting" for name in ERRORS)
_SECONDS = 120
# certbot's, which mpmtune holds: no configuration, and certbot leaves it there too when killed.
_LOCK_FILE = ".certbot.lock"
_OF_HTTPD = (".pid", ".log")  # what httpd itself writes
KILLED = -9


@dataclass(frozen=True)
class State:
    """A configuration, and what the httpd says that runs; empty where none does."""

    files: Mapping[str, str]
    served: str = ""


class Server(Protocol):
    """The httpd of a scene."""

    def says(self) -> str:
        """Ask it; empty where nobody answers."""

    def end_all(self) -> None:
        """End it, and whatever else was started there."""

    def untouched(self) -> bool:
        """Tell whether it is still the one that was there before the command."""


class NoServer:
    """None runs."""

    def says(self) -> str:
        """Nobody answers."""
        return ""

    def end_all(self) -> None:
        """Nothing runs."""

    def untouched(self) -> bool:
        """Nothing is there to be touched."""
        return True


def fingerprint(tree: Path) -> dict[str, str]:
    """Give all that lies below a directory: kind, mode, owner, and content or target.

    What httpd itself writes there is no configuration.
    """
    found = {}
    for above, directories, names in os.walk(tree):
        for name in (*names, *directories):
            path = os.path.join(above, name)
            if name.endswith(_OF_HTTPD):
                continue
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
        server: The httpd that runs there.
        last_words: Arguments that are known when it is run.
        read: Looks at the configuration.
    """

    directory: Path
    make: Callable[[Path], None]
    command: Sequence[str]
    recover: Callable[[], int]
    tree: Path
    conf: Path
    server: Server = field(default_factory=NoServer)
    last_words: Callable[[], Sequence[str]] = tuple
    read: Callable[[Path], Mapping[str, str]] = fingerprint

    def renew(self) -> None:
        """Put everything back as it is before the command."""
        self.server.end_all()
        shutil.rmtree(self.directory, ignore_errors=True)
        self.directory.mkdir()
        self.make(self.directory)

    def run(self, *strace: str) -> tuple[int, str]:
        """Run the command once in a new scene; give its exit code and what it said."""
        self.renew()
        made = subprocess.run(
            [*strace, *self.command, *self.last_words()],
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

    def state(self) -> State:
        """Look at it."""
        return State(self.read(self.tree), self.server.says())


@dataclass(frozen=True)
class Truth:
    """What must be so after a command.

    Attributes:
        at_once: Exit code → what lies there and is served when it has ended.
        settled: Exit code → what may be so after ``recover``.
        otherwise: What may be so then where the exit code says nothing: it was killed, or could
            not take back what it did.
        one_fault_is_undone: What fails once alone can always be taken back: 4 is no true answer.
    """

    at_once: Mapping[int, State]
    settled: Mapping[int, State]
    otherwise: tuple[State, ...]
    one_fault_is_undone: bool = True


def change(old: State, new: State) -> Truth:
    """What must be so after a change: 0 says that it is there, 2 and 3 that it is not."""
    codes = {0: new, 2: old, 3: old}
    return Truth(codes, codes, (old, new))


def taking_over(half: State, whole: State) -> Truth:
    """What must be so after a command that finishes what another has left, as ``recover`` does."""
    return Truth({0: whole, 2: half, 3: half}, {}, (whole,), one_fault_is_undone=False)


@dataclass
class Verdicts:
    """What went wrong, and how many points were tried."""

    tried: int = 0
    bad: list[str] = field(default_factory=list)


def points(scene: Scene) -> tuple[Point, ...]:
    """Find the calls of a run that change files of the scene, lock them or open them to write."""
    place = str(scene.directory)
    return tuple(
        point for point in traced(scene) if f"{place}/" in point.line or f"{place}>" in point.line
    )


def traced(scene: Scene, syscalls: Sequence[str] = CHANGING) -> tuple[Point, ...]:
    """Run the command, and give every call that could change a file, wherever that lies."""
    log = scene.directory.with_suffix(".strace")
    code, said = scene.run(*tracing(str(log), syscalls))
    assert code == 0, said
    return tuple(calls(log.read_text(errors="replace")))


def tried(scene: Scene, trials: Sequence[tuple[Point, str]], truth: Truth) -> Verdicts:
    """Run the command with each fault.

    Args:
        scene: What it does its work in.
        trials: Points, and what happens there: ``error=EIO``, or ``error=EIO:lasting`` for each
            such call from there on.
        truth: What must be so then.
    """
    verdicts = Verdicts()
    for point, fault in trials:
        code, said = scene.run(strace(), "-o", os.devnull, *point.made(fault))
        wrong = [*_lies(scene, truth, code), *_says_wrongly(scene, truth, fault, (code, said))]
        recovered = scene.recover()
        after = scene.state()
        if recovered:
            wrong.append(f"recover ends with {recovered}")
        allowed = (truth.settled[code],) if code in truth.settled else truth.otherwise
        if after not in allowed:
            wrong.append(f"it is not put right: {difference(after, allowed)}")
        if not bootable(scene):
            wrong.append("httpd would not start after recover")
        verdicts.tried += 1
        if wrong:
            verdicts.bad.append(
                f"{fault} at {point} (exit {code}): {'; '.join(wrong)}\n{point.line}\n{said}"
            )
    return verdicts


def _lies(scene: Scene, truth: Truth, code: int) -> Iterator[str]:
    """Compare what is there with what the exit code says."""
    at_once = scene.state()
    expected = truth.at_once.get(code)
    if expected is None and code not in {4, KILLED}:
        yield f"exit {code} says nothing"
    elif expected is not None and expected != at_once:
        yield f"exit {code} is not true: {difference(at_once, (expected,))}"
    if code == 2 and not scene.server.untouched():
        yield "httpd was touched"
    if not bootable(scene):
        yield "httpd would not start at once"


def _says_wrongly(scene: Scene, truth: Truth, fault: str, ended: tuple[int, str]) -> Iterator[str]:
    code, said = ended
    if "Traceback" in said:
        yield "a traceback"
    if code != 4:
        return
    if not said.partition("\n  ")[2]:
        yield "exit 4 does not say what to type"
    if not (scene.server.untouched() or "start" in said):
        yield "exit 4 does not say what to do with httpd"
    if truth.one_fault_is_undone and fault in ONE_SHOT:
        yield "one fault and it was not taken back"


def difference(state: State, allowed: Sequence[State]) -> str:
    """Name what differs from each of some states."""
    return " | ".join(_differs(state, one) for one in allowed)


def _differs(state: State, other: State) -> str:
    paths = {*state.files, *other.files}
    names = sorted(one for one in paths if state.files.get(one) != other.files.get(one))
    served = "" if state.served == other.served else f"{state.served!r} not {other.served!r}"
    return " ".join((*names, served))


_KNOWN: dict[tuple[str, frozenset[tuple[str, str]]], bool] = {}


def bootable(scene: Scene) -> bool:
    """Ask httpd itself (``-t``) about the configuration that lies there; once for each."""
    files = fingerprint(scene.tree)
    key = (str(scene.conf), frozenset(files.items()))
    if key not in _KNOWN:
        asked = subprocess.run(
            [binary(), "-d", str(scene.tree), "-f", str(scene.conf), "-t"],
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=60,
            env={"PATH": os.environ["PATH"], "LANG": "C"},
        )
        if fingerprint(scene.tree) != files:  # a watchdog has gone on meanwhile
            return asked.returncode == 0
        _KNOWN[key] = asked.returncode == 0
    return _KNOWN[key]


def sample(trials: Sequence[tuple[Point, str]], count: int) -> list[tuple[Point, str]]:
    """Choose so many, evenly spread."""
    return [trials[at * len(trials) // count] for at in range(min(count, len(trials)))]


def python(*arguments: str) -> list[str]:
    """Make a command line of this interpreter."""
    return [sys.executable, *arguments]
