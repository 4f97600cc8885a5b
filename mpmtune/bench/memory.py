"""The memory of a server under load: the sum of PSS of its processes, time after time."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mpmtune.bench.processes import tree_of
from mpmtune.detect.process_status import (
    parse_cpu_milliseconds,
    parse_footprint,
    parse_process_status,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_PAUSE = 0.25
# Looking costs the kernel time in the processes that are looked at: a fifth of the time at most.
_REST = 4.0
# proc_pid_clear_refs(5), since Linux 4.0
_PEAK = "5"


@dataclass(frozen=True, slots=True)
class Peak:
    """The most that was seen.

    Attributes:
        pss_bytes: Sum over all processes.
        processes: How many there were then, the parents included.
    """

    pss_bytes: int = 0
    processes: int = 0


def look(roots: Sequence[int]) -> Peak:
    """Add up the PSS of processes and of all beneath them, now."""
    total = count = 0
    for root in roots:
        for pid in tree_of(root):
            with suppress(OSError):
                made = parse_footprint(Path(f"/proc/{pid}/smaps_rollup").read_bytes())
                if made is not None:
                    total += made.pss
                    count += 1
    return Peak(total, count)


def resident(root: int) -> int:
    """Add up the resident sets of a process and of all beneath it; shared pages count each time."""
    total = 0
    for pid in tree_of(root):
        with suppress(OSError):
            total += parse_process_status(Path(f"/proc/{pid}/status").read_bytes()).rss
    return total


def forget_peaks(pids: Iterable[int]) -> None:
    """Have the kernel count the largest resident set of processes of ours (VmHWM) anew."""
    for pid in pids:
        with suppress(OSError):
            Path(f"/proc/{pid}/clear_refs").write_text(_PEAK, encoding="ascii")


def cpu_milliseconds(root: int) -> int:
    """Add up the CPU time of a process and of all beneath it, so far."""
    spent = 0
    for pid in tree_of(root):
        with suppress(OSError):
            spent += parse_cpu_milliseconds(Path(f"/proc/{pid}/stat").read_bytes()) or 0
    return spent


class MemoryWatch:
    """Looks again and again, in a thread, from ``with`` to its end.

    Args:
        roots: The parents.
    """

    def __init__(self, roots: Sequence[int]) -> None:
        self._roots = tuple(roots)
        self._peak = Peak()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> MemoryWatch:  # noqa: PYI034 - Self is newer than Python 3.10
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    @property
    def peak(self) -> Peak:
        """The most so far."""
        return self._peak

    def look(self) -> Peak:
        """Look now, and give the most so far."""
        began = look(self._roots)
        self._peak = max(self._peak, began, key=lambda peak: peak.pss_bytes)
        return self._peak

    def _watch(self) -> None:
        while True:
            began = time.monotonic()
            self.look()
            taken = time.monotonic() - began
            if self._over.wait(max(_PAUSE, _REST * taken)):
                return
