"""Logs → their workload, in one pass and in memory that does not depend on their length."""

from __future__ import annotations

import gc
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from mpmtune.model.workload import Trouble, Workload
from mpmtune.workload.compressed import CutShort
from mpmtune.workload.hours import Hours
from mpmtune.workload.reading import Part, Reading
from mpmtune.workload.sharing import read_shared
from mpmtune.workload.slices import goes_back
from mpmtune.workload.summary import counted_troubles, workload_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from mpmtune.workload.logs import Log, Share
    from mpmtune.workload.reader import LogReader
    from mpmtune.workload.slices import Slice


def read_logs(
    logs: Sequence[Log],
    readers: Sequence[LogReader],
    processes: int = 1,
    seen: Callable[[int], None] = lambda _: None,
) -> Workload:
    """Read logs.

    Args:
        logs: What ``logs.look_at`` found.
        readers: A reader for each.
        processes: How many to read with, this one not counted when there are several.
        seen: Is told the size of each piece that was read.

    Returns:
        What they hold, the same whatever the number of processes.

    Raises:
        InputError: when a log has another format, or cannot be read any more.
    """
    with _collection_paused():
        _keep_memory()
        gathering = _Gathering(Reading(logs, readers, seen))
        gathering.read(processes)
    return gathering.workload()


class _Gathering:
    """Puts the parts of a reading together."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._hours = Hours()
        self._troubles: set[tuple[int, Trouble]] = set()
        self._setbacks = 0
        self._edges: list[tuple[int, int, Slice]] = []

    def read(self, processes: int) -> None:
        """Read all shares, with copies of this process when there is enough to do for them."""
        processes = min(processes, len(self._reading.shares))
        if processes > 1:
            self._read_shared(processes)
            return
        for share in self._reading.shares:
            self._read_alone(share)

    def workload(self) -> Workload:
        """Give what all of it comes to."""
        self._hours.finish()
        readers = self._reading.readers
        made = workload_of(
            self._reading.counting,
            self._hours,
            formats=(reader.text for reader in readers),
            units=(reader.unit for reader in readers),
        )
        troubles = Counter(dict(made.troubles))
        troubles.update(trouble for _, trouble in self._troubles)
        troubles[Trouble.CLOCK_SET_BACK] = self._setbacks + self._between()
        return replace(made, troubles=counted_troubles(troubles))

    def _read_alone(self, share: Share) -> None:
        try:
            self._gather(share, self._reading.slices(share))
        except CutShort as cut:
            self._troubles.add((share.log, cut.trouble))

    def _read_shared(self, processes: int) -> None:
        for made in read_shared(self._reading, processes):
            if not isinstance(made, Part):
                self._reading.counting.absorb(made)
                continue
            self._gather(made.share, made.slices)
            self._reading.seen(made.share.end - made.share.start)
            if made.trouble is not None:
                self._troubles.add((made.share.log, made.trouble))

    def _gather(self, share: Share, slices: Iterable[Slice]) -> None:
        before: Slice | None = None
        for part in slices:
            self._hours.add(part)
            self._setbacks += part.setbacks
            if part.first is None:
                continue
            bare = part._replace(seconds={}, spans={})
            if before is None:
                self._edges.append((share.log, share.start, bare))
            else:
                self._setbacks += goes_back(before.last, part.first, timed=part.timed)
            before = bare
        if before is not None:
            self._edges.append((share.log, share.start, before))

    def _between(self) -> int:
        """Count how often the time goes back from one share of a log to the next."""
        edges = sorted(self._edges, key=lambda edge: edge[:2])
        return sum(
            log == next_log
            and start != next_start
            and goes_back(one.last, other.first, timed=other.timed)
            for (log, start, one), (next_log, next_start, other) in pairwise(edges)
        )


@contextmanager
def _collection_paused() -> Iterator[None]:
    """Keep the collector from walking long lists of words that hold no cycle."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _keep_memory() -> None:
    """Make malloc keep what blocks give back, instead of asking the kernel for each again.

    glibc raises its thresholds when so large a piece is freed; its pages are never touched.
    """
    bytes(16 * 1024 * 1024)
