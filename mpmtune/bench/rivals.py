"""What usual formulas make of the same machine: memory over the largest child."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from mpmtune.bench.instance import Setting
from mpmtune.bench.settings import written
from mpmtune.httpd.shipped import shipped
from mpmtune.model.quantity import Quantity
from mpmtune.model.server import Children, Mpm, Server

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mpmtune.model.facts import Facts

BUDDY = "apache2buddy"
MAX_RSS = "max-rss"
RIVALS = (BUDDY, MAX_RSS)
_DEBIAN = frozenset({"debian"})
# A large machine would be told more; so many are not started.
_MOST = 2000
_MAPPING = re.compile(rb"^([0-9a-f]+)-([0-9a-f]+) .w.p ", re.MULTILINE)


def writable(maps: bytes) -> int:
    """Add up what ``pmap -d`` calls writeable/private of /proc/PID/maps, in bytes."""
    return sum(int(end, 16) - int(start, 16) for start, end in _MAPPING.findall(maps))


def largest_writable(pids: Iterable[int]) -> int:
    """Find the largest of some processes by that."""
    largest = 0
    for pid in pids:
        with suppress(OSError):
            largest = max(largest, writable(Path(f"/proc/{pid}/maps").read_bytes()))
    return largest


def rival(name: str, facts: Facts, writable_bytes: int) -> Setting | None:
    """Give the setting that a formula leads to; None for threads, of which none says anything.

    Args:
        name: ``apache2buddy`` divides by the largest writable part of a child as ``pmap -d`` shows
            it, ``max-rss`` by the largest resident set.
        facts: Machine and server under load; the memory is the budget where there is one.
        writable_bytes: That largest part.
    """
    server = facts.server
    memory = facts.machine.memory_total
    if not isinstance(server, Server) or not isinstance(server.children, Children):
        return None
    if server.mpm is not Mpm.PREFORK or not isinstance(memory, Quantity):
        return None
    resident = max(child.rss for child in server.children.samples)
    each = writable_bytes if name == BUDDY else resident
    if not each:
        return None
    workers = min(_MOST, max(1, memory.whole // each))
    values = dict(shipped(Mpm.PREFORK, _DEBIAN)[1])
    values |= {"ServerLimit": workers, "MaxRequestWorkers": workers}
    what = "pmap -d" if name == BUDDY else "RSS"
    return Setting(name, Mpm.PREFORK, written(values), f"memory over the largest child by {what}")
