"""Seconds of a log gathered in hours, a few of them at a time, however long the log is."""

from __future__ import annotations

from array import array
from collections import Counter
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from operator import add, sub
from typing import TYPE_CHECKING, NamedTuple

from mpmtune.model.distribution import Distribution, bucket_of, distribution
from mpmtune.model.workload import MICROSECONDS, SLOT_SECONDS, SLOTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mpmtune.workload.slices import Slice

HOUR = 3600
_DAY = 86_400
# 43 KiB each. Logs that are read one after the other overlap by the time between rotations.
_MOST_OPEN = 400
# Hours without a line are hours without requests, unless there are so many that nothing was
# logged at all.
_LONGEST_SILENCE = 24


@dataclass(slots=True)
class _Hour:
    """Requests and microseconds of work of each second."""

    requests: array[int] = field(default_factory=lambda: array("I", bytes(4 * HOUR)))
    work: array[int] = field(default_factory=lambda: array("Q", bytes(8 * HOUR)))
    filled: Counter[int] = field(default_factory=Counter)

    def fill(self, start: int, end: int, workers: int) -> None:
        """Keep workers busy from a second to another one, which is no longer meant."""
        self.filled[start] += workers
        self.filled[end] -= workers

    def all_work(self) -> Sequence[int]:
        """Work of each second, with that of the seconds filled."""
        if not self.filled:
            return self.work
        steps = [self.filled[at] * MICROSECONDS for at in range(HOUR)]
        return list(map(add, self.work, accumulate(steps)))


@dataclass(slots=True)
class Tally:
    """Counted seconds of one kind: of requests, or of microseconds of work.

    Attributes:
        counts: Bucket → seconds.
        total: Sum of their values.
        largest: The largest value.
        rise: The largest step from one second to the next.
    """

    counts: Counter[int] = field(default_factory=Counter)
    total: int = 0
    largest: int = 0
    rise: int = 0

    def add(self, values: Sequence[int]) -> None:
        """Count seconds that follow each other."""
        for value, number in Counter(values).items():
            self.counts[bucket_of(value)] += number
        self.total += sum(values)
        highest = max(values)
        self.largest = max(self.largest, highest)
        self.step(max(map(sub, values[1:], values), default=0))

    def step(self, size: int) -> None:
        """Take notice of a step from one second to the next."""
        self.rise = max(self.rise, size)

    def silence(self, seconds: int) -> None:
        """Count seconds without anything."""
        if seconds:
            self.counts[0] += seconds

    def distribution(self) -> Distribution:
        """Give the counts."""
        return distribution(self.counts, self.total, self.largest)


class _Ends(NamedTuple):
    """Requests and work in the first second of an hour, and in its last."""

    first: tuple[int, int]
    last: tuple[int, int]


class Hours:
    """Adds slices up, and counts the seconds of hours that are over.

    Attributes:
        first: Second of the first request; None without any.
        last: Second of the last one.
        late: Seconds that got something after their hour had been counted; it is in the day's
            course, but not in ``requests`` and ``work``.
        requests: Seconds by the requests received in them; complete after ``finish``.
        work: Seconds by the work done in them.
        day_requests: Requests by local time of day.
        day_work: Microseconds of work by local time of day.
    """

    def __init__(self) -> None:
        self.first: int | None = None
        self.last: int | None = None
        self.late = 0
        self.requests, self.work = Tally(), Tally()
        self.day_requests, self.day_work = [0] * SLOTS, [0] * SLOTS
        self._open: dict[int, _Hour] = {}
        self._ended: dict[int, _Ends] = {}

    def add(self, part: Slice) -> None:
        """Add a part of a log."""
        arrived = [second for second, (requests, _) in part.seconds.items() if requests]
        lowest, highest = min(arrived), max(arrived)
        self.first = lowest if self.first is None else min(self.first, lowest)
        self.last = highest if self.last is None else max(self.last, highest)
        for second, (requests, work) in part.seconds.items():
            slot = (second + part.offset) % _DAY // SLOT_SECONDS
            self.day_requests[slot] += requests
            self.day_work[slot] += work
            hour = self._hour(second // HOUR)
            if hour is not None:
                hour.requests[second % HOUR] += requests
                hour.work[second % HOUR] += work
        for (start, length), workers in part.spans.items():
            for at, end in _cut(start, start + length, HOUR):
                hour = self._hour(at // HOUR)
                if hour is not None:
                    hour.fill(at % HOUR, at % HOUR + end - at, workers)
            local = start + part.offset
            for at, end in _cut(local, local + length, SLOT_SECONDS):
                work = (end - at) * workers * MICROSECONDS
                self.day_work[at % _DAY // SLOT_SECONDS] += work
        while len(self._open) > _MOST_OPEN:
            self._end(self._oldest(), 0, HOUR)

    def finish(self) -> None:
        """Count what is still open, and the silence in between."""
        if self.first is None or self.last is None:
            return
        for hour in sorted(self._open):
            start = max(self.first - hour * HOUR, 0)
            end = min(self.last - hour * HOUR + 1, HOUR)
            if start < end:
                self._end(hour, start, end)
        for hour, after in pairwise(sorted(self._ended)):
            silent = after - hour - 1
            if silent > _LONGEST_SILENCE:
                continue
            self.requests.silence(silent * HOUR)
            self.work.silence(silent * HOUR)
            before = (0, 0) if silent else self._ended[hour].last
            requests, work = map(sub, self._ended[after].first, before)
            self.requests.step(requests)
            self.work.step(work)

    def _hour(self, number: int) -> _Hour | None:
        """Find an hour that is not yet counted, and make it the last one to be so."""
        hour = self._open.pop(number, None)
        if hour is None:
            if number in self._ended:
                self.late += 1
                return None
            hour = _Hour()
        self._open[number] = hour
        return hour

    def _oldest(self) -> int:
        """Choose the hour that was not touched for longest; the outer ones are not complete."""
        outer = {(self.first or 0) // HOUR, (self.last or 0) // HOUR}
        return next(number for number in self._open if number not in outer)

    def _end(self, number: int, start: int, end: int) -> None:
        hour = self._open.pop(number)
        requests, work = hour.requests[start:end], hour.all_work()[start:end]
        self.requests.add(requests)
        self.work.add(work)
        self._ended[number] = _Ends((requests[0], work[0]), (requests[-1], work[-1]))


def _cut(start: int, end: int, size: int) -> Iterator[tuple[int, int]]:
    """Cut a stretch of time at the multiples of ``size``."""
    while start < end:
        border = min(end, start - start % size + size)
        yield start, border
        start = border
