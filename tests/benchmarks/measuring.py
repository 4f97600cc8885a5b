"""CPU time, wall time and memory of whole commands, as ratios within one run."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MPMTUNE = (sys.executable, "-m", "mpmtune")
PASS = (sys.executable, "-c", "pass")
ROUNDS = 5


@dataclass(frozen=True)
class Cost:
    """Of several runs: seconds of CPU (user and system), seconds of wall, peak MiB."""

    cpu: float
    wall: float
    peak_mib: float


def measure(command: Sequence[str], rounds: int = ROUNDS, **environment: str) -> Cost:
    """Run a command several times after a warm-up, and give the medians; its output is dropped."""
    runs = [_run(command, environment) for _ in range(rounds + 1)][1:]
    return Cost(*(statistics.median(column) for column in zip(*runs, strict=True)))


def measure_in_turns(commands: Sequence[Sequence[str]], rounds: int = ROUNDS) -> list[Cost]:
    """Run several commands in turns after a warm-up, and give the best of each.

    On a machine with other work, the best runs are those that were disturbed least.
    """
    turns = [[_run(command, {}) for command in commands] for _ in range(rounds + 1)][1:]
    return [
        Cost(*(min(column) for column in zip(*runs, strict=True)))
        for runs in zip(*turns, strict=True)
    ]


def _run(command: Sequence[str], environment: dict[str, str]) -> tuple[float, float, float]:
    start = time.monotonic()
    child = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=_compiled(environment),
    )
    _, _, used = os.wait4(child.pid, 0)
    child.returncode = 0
    wall = time.monotonic() - start
    return used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024


def _compiled(environment: dict[str, str]) -> dict[str, str]:
    """Let Python keep its bytecode, as it does wherever mpmtune is installed."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, **environment}


def machine() -> str:
    """Say what the figures were measured on."""
    import platform

    return (
        f"{os.cpu_count()} CPUs, Python {platform.python_version()},"
        f" {time.strftime('%Y-%m-%d')}, limit of open files"
        f" {resource.getrlimit(resource.RLIMIT_NOFILE)[0]}"
    )


def row(what: str, figure: str, goal: str) -> None:
    """Print a line of the table."""
    print(f"  {what:<52} {figure:>14}   goal {goal}")
