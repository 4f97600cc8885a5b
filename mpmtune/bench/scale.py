"""How much of this machine a bench takes: which CPUs for whom, and how many clients."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_THREADS = 25
_MOST = 4.0
# What the largest workload takes for one CPU: 450 children of PHP-FPM, httpd, and the clients.
_BYTES_AT_ONE = 2 * 1024**3


@dataclass(frozen=True, slots=True)
class Scale:
    """Makes the numbers of a workload larger or smaller.

    Attributes:
        by: The factor; 1 is for a server with one CPU.
        server: CPUs of httpd and PHP-FPM.
        clients: CPUs of the load generators; the same where there is only one.
    """

    by: float
    server: frozenset[int]
    clients: frozenset[int]

    def count(self, number: float) -> int:
        """Scale a number of clients, requests or processes; at least 1."""
        return max(1, round(number * self.by))

    def threads(self, number: int) -> int:
        """Scale a number of worker threads to whole children of 25."""
        return max(1, round(number * self.by / _THREADS)) * _THREADS

    def bytes(self, number: int) -> int:
        """Scale a memory budget."""
        return int(number * self.by)


def scale_of(cpus: Sequence[int], memory_bytes: int, by: float | None = None) -> Scale:
    """Split the CPUs in halves, and scale by those of the server as far as memory carries it.

    Args:
        cpus: The CPUs that may be used.
        memory_bytes: What is available.
        by: The factor, where it is said.
    """
    half = len(cpus) // 2
    server = frozenset(cpus[:half] or cpus)
    clients = frozenset(cpus[half:])
    fits = memory_bytes / 2 / _BYTES_AT_ONE
    return Scale(by or min(len(server), _MOST, max(fits, 0.05)), server, clients)


def usable_cpus() -> list[int]:
    """Tell the CPUs that this process may run on."""
    return sorted(os.sched_getaffinity(0))
