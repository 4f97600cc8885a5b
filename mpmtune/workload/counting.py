"""Batches → running counts of all that does not depend on when a request came."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mpmtune.workload.durations import Durations
from mpmtune.workload.samples import fewest, shown
from mpmtune.workload.slices import Slice, slice_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mpmtune.workload.columns import Batch

_SUMS = ("requests", "bad", "sized", "sent", "protocols", "http2", "keyed", "opening")
_COUNTERS = ("statuses", "finish")
# First digits of statuses, or what stands for none; what ``%X`` writes.
_MARKS = b"0123456789-+X"


@dataclass(slots=True)
class Counting:
    """Counts of one reader; two of them add up.

    Attributes:
        requests: Lines that were read.
        bad: Lines that were not.
        samples: A few of those.
        durations: How long requests took.
        sized: Lines with a size.
        sent: Bytes sent, all together.
        largest: The most that one request was sent.
        statuses: First digit of the status, a byte → requests.
        protocols: Lines whose protocol is known.
        http2: How many of them are HTTP/2.
        keyed: Lines of HTTP/1 whose ``%k`` is known.
        opening: How many of them are the first of their connection.
        finish: Byte of ``%X`` → requests.
    """

    requests: int = 0
    bad: int = 0
    samples: tuple[str, ...] = ()
    durations: Durations = field(default_factory=Durations)
    sized: int = 0
    sent: int = 0
    largest: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    protocols: int = 0
    http2: int = 0
    keyed: int = 0
    opening: int = 0
    finish: Counter[int] = field(default_factory=Counter)

    def add(self, batch: Batch, unit: int) -> Slice:
        """Count a batch; ``unit`` is the microseconds of one unit of its durations, 0 without."""
        columns = batch.columns
        self.requests += len(columns.stamps)
        self.protocols += columns.requests
        self.http2 += columns.http2
        self.keyed += columns.keyed
        self.opening += columns.opening
        _count_bytes(self.statuses, columns.statuses)
        _count_bytes(self.finish, columns.finish)
        if columns.sizes is not None:
            self.sized += len(columns.sizes)
            self.sent += sum(columns.sizes)
            largest = max(columns.sizes)
            self.largest = max(self.largest, largest)
        return slice_of(batch, unit, self.durations.add(columns, unit) if unit else ())

    def put_aside(self, lines: Iterable[bytes]) -> None:
        """Count lines that could not be read."""
        shown_lines = [shown(line) for line in lines]
        self.bad += len(shown_lines)
        self.samples = fewest((*self.samples, *shown_lines))

    def absorb(self, other: Counting) -> None:
        """Add the counts of another reader."""
        for name in _SUMS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in _COUNTERS:
            getattr(self, name).update(getattr(other, name))
        self.largest = max(self.largest, other.largest)
        self.samples = fewest((*self.samples, *other.samples))
        self.durations.absorb(other.durations)


def _count_bytes(counts: Counter[int], text: bytes) -> None:
    for byte in _MARKS:
        counts[byte] += text.count(byte)
