"""Executes a program that ends when the bench ends; run as a script, before that program.

``python -I -S tied.py PARENT SIGNAL CPUS -- PROGRAM ARGUMENTS``
"""

from __future__ import annotations

import ctypes
import os
import resource
import sys

_SET_DEATH_SIGNAL = 1  # linux/prctl.h, PR_SET_PDEATHSIG


def tie(parent: int, number: int, cpus: set[int]) -> bool:
    """Have this process end with its parent, and keep it to some CPUs.

    Args:
        parent: The pid of the one that started it.
        number: The signal that the kernel sends when that one has gone.
        cpus: The CPUs; none for all.

    Returns:
        Whether the parent is still there: it may have gone before the kernel was asked.
    """
    ctypes.CDLL(None, use_errno=True).prctl(_SET_DEATH_SIGNAL, number, 0, 0, 0)
    if cpus:
        os.sched_setaffinity(0, cpus)
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return os.getppid() == parent


def main(arguments: list[str]) -> int:
    """Become the program that is named; give 1 where nobody is left to want it."""
    parent, number, cpus, _, *program = arguments
    chosen = {int(cpu) for cpu in cpus.split(",") if cpu}
    if tie(int(parent), int(number), chosen):
        os.execv(program[0], program)  # noqa: S606 - its one purpose
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
