"""Processes of a bench: each ends with it, whatever ends it."""

from __future__ import annotations

import os
import signal
import subprocess  # noqa: TID251 - a bench starts its own servers
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_TIED = str(Path(__file__).with_name("tied.py"))
_PATIENCE = 3.0
# httpd would wait for its children; nobody waits for their answers any more.
_GRACE = 0.5
_TICK = 0.01


@dataclass(frozen=True, slots=True)
class Task:
    """What to start.

    Attributes:
        argv: An absolute path and its arguments.
        said: The file that takes what it says.
        cpus: The CPUs that it may use; none for all.
        ending: The signal that ends it and everything that it has started.
        environment: All of its environment but PATH and locale.
    """

    argv: Sequence[str]
    said: Path
    cpus: frozenset[int] = frozenset()
    ending: signal.Signals = signal.SIGTERM
    environment: tuple[tuple[str, str], ...] = ()


class Running:
    """A process of ours."""

    def __init__(self, task: Task) -> None:
        self._task = task
        with task.said.open("wb") as said:
            self._process = subprocess.Popen(
                tied(task.argv, task.ending, task.cpus),
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                env=environment(dict(task.environment)),
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """Its id, and that of its session."""
        return self._process.pid

    @property
    def ended(self) -> bool:
        """Whether it has ended by itself."""
        return self._process.poll() is not None

    def said(self) -> str:
        """Give what it said."""
        return self._task.said.read_text(errors="replace")

    def stop(self) -> None:
        """End it and all that it has started."""
        if not self.ended:
            self._process.send_signal(self._task.ending)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_GRACE)
        kill_session(self.pid)
        self._process.wait()


def tied(argv: Sequence[str], ending: signal.Signals, cpus: Iterable[int] = ()) -> list[str]:
    """Give the command line of a program that ends when this process does."""
    chosen = ",".join(str(cpu) for cpu in sorted(cpus))
    return [
        *(sys.executable, "-I", "-S", _TIED),
        *(str(os.getpid()), str(int(ending)), chosen, "--"),
        *argv,
    ]


def environment(more: Mapping[str, str]) -> dict[str, str]:
    """Build the environment of a program: nothing of ours but what is given."""
    return {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", **more}


def answer(argv: Sequence[str], directory: Path, seconds: float = 20.0) -> tuple[int, str]:
    """Run a program to its end; give its exit code and what it said.

    Raises:
        TimeoutExpired: when it takes too long.
    """
    made = subprocess.run(
        tied(argv, signal.SIGKILL),
        cwd=directory,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment({}),
        timeout=seconds,
        check=False,
    )
    return made.returncode, made.stdout.decode(errors="replace")


def children_of(pid: int) -> list[int]:
    """Find the children of a process; none when it has gone."""
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    except OSError:
        return []
    return [int(word) for word in text.split()]


def tree_of(pid: int) -> list[int]:
    """Find a process and all beneath it."""
    found = [pid]
    for each in found:
        found += children_of(each)
    return found


def session_of(leader: int) -> list[int]:
    """Find what lives of the session that a process began."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError, ValueError, IndexError):
                _, _, after = (entry / "stat").read_bytes().rpartition(b")")
                state, _, _, session = after.split()[:4]
                if int(session) == leader and state not in {b"Z", b"X"}:
                    found.append(int(entry.name))
    return found


def kill_session(leader: int) -> None:
    """Kill what is left of a session that we began, and wait until it has gone."""
    deadline = time.monotonic() + _PATIENCE
    while (left := session_of(leader)) and time.monotonic() < deadline:
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(_TICK)
