"""Processes of an httpd, found by the binary that they run and not by what they call themselves."""

from __future__ import annotations

import os
from contextlib import suppress


def processes_of(binary: str) -> tuple[int, ...]:
    """Find the processes that run a binary, ascending; those that cannot be seen are left out."""
    real = os.path.realpath(binary)
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            with suppress(OSError):
                if os.readlink(f"/proc/{name}/exe") == real:
                    found.append(int(name))
    return tuple(sorted(found))
