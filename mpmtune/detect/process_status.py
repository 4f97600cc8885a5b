"""What /proc/PID/status, stat and smaps_rollup say of one process."""

from __future__ import annotations

import re
from dataclasses import dataclass

KIB = 1024
# Linux counts CPU time for userspace in hundredths of a second (USER_HZ) on every architecture
# that httpd is packaged for.
_MILLISECONDS_PER_TICK = 10
_FIELD = re.compile(rb"^(\w+):[ \t]*([0-9a-fA-F]{1,16})\b", re.MULTILINE)
_PSS = re.compile(
    rb"^(Pss|Private_Clean|Private_Dirty|Private_Hugetlb):\s*(\d{1,15}) kB", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class ProcessStatus:
    """The fields of /proc/PID/status that are used here; sizes in bytes, 0 where absent.

    ``caught`` and ``ignored`` are signal masks: bit n − 1 is signal n.
    """

    threads: int
    rss: int
    peak_rss: int
    caught: int
    ignored: int


@dataclass(frozen=True, slots=True)
class Footprint:
    """Proportional and unique set size, in bytes."""

    pss: int
    uss: int


def parse_process_status(content: bytes) -> ProcessStatus:
    """Read /proc/PID/status."""
    fields = dict(_FIELD.findall(content))

    def number(name: bytes, base: int = 10) -> int:
        try:
            return int(fields.get(name, b"0"), base)
        except ValueError:
            return 0

    return ProcessStatus(
        threads=number(b"Threads"),
        rss=number(b"VmRSS") * KIB,
        peak_rss=number(b"VmHWM") * KIB,
        caught=number(b"SigCgt", 16),
        ignored=number(b"SigIgn", 16),
    )


def parse_footprint(content: bytes) -> Footprint | None:
    """Read /proc/PID/smaps_rollup, or sum up a whole smaps; None when it says nothing."""
    sums: dict[bytes, int] = {}
    for name, kib in _PSS.findall(content):
        sums[name] = sums.get(name, 0) + int(kib) * KIB
    if b"Pss" not in sums:
        return None
    pss = sums.pop(b"Pss")
    return Footprint(pss, sum(sums.values()))


def parse_cpu_milliseconds(content: bytes) -> int | None:
    """Read user and system time from /proc/PID/stat; None when it is not such a file.

    The second field, the name in brackets, may hold anything: count from its last bracket.
    """
    _, _, after = content.rpartition(b")")
    fields = after.split()
    try:
        user, system = int(fields[11]), int(fields[12])
    except (IndexError, ValueError):
        return None
    return (user + system) * _MILLISECONDS_PER_TICK
