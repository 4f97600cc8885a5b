"""Seconds of a log gathered in hours, a few of them at a time, however long the log is."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from operator import add, sub
from typing import TYPE_CHECKING, NamedTuple

from mpmtune.model.distribution import Distribution, bucket_of, distribution
from mpmtune.model.workload import MICROSECONDS, SLOT_SECONDS, SLOTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mpmtune.workload.slices import Slice

HOUR = 3600
_DAY = 86_400
# 43 KiB each. Logs that are read one after the other overlap by the time between rotations.
_MOST_OPEN = 400
# Hours without a line are hours without requests, unless there are so many that nothing was
# logged at all.
_LONGEST_SILENCE = 24
# Seconds of an hour that a burst at its end may have to do with.
_EDGE = 3
_NOTHING = (0,) * _EDGE


@dataclass(slots=True)
class _Hour:
    """Requests and microseconds of work of each second."""

    requests: array[int] = field(default_factory=lambda: array("I", bytes(4 * HOUR)))
    work: array[int] = field(default_factory=lambda: array("Q", bytes(8 * HOUR)))
    filled: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))

    def fill(self, start: int, end: int, workers: int) -> None:
        """Keep workers busy from a second to another one, which is no longer meant."""
        self.filled[start] += workers
        self.filled[end] -= workers

    def all_work(self) -> Sequence[int]:
        """Work of each second, with that of the seconds filled."""
        if not self.filled:
            return self.work
        steps = [self.filled.get(at, 0) * MICROSECONDS for at in range(HOUR)]
        return list(map(add, self.work, accumulate(steps)))


@dataclass(slots=True)
class Tally:
    """Counted seconds of one kind: of requests, or of microseconds of work.

    Attributes:
        counts: Bucket → seconds.
        total: Sum of their values.
        largest: The largest value.
        rise: The largest step from one second to the next; or what two seconds together have more
            than those around them, for a burst may fall into both.
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
        self.largest = max(self.largest, *values)
        self.follow(values)

    def follow(self, values: Sequence[int]) -> None:
        """Take notice of how much seconds that follow each other rise."""
        steps = list(map(sub, values[1:], values))
        burst = max(map(sub, steps, steps[2:]), default=0)
        self.rise = max(self.rise, burst, *steps)

    def silence(self, seconds: int) -> None:
        """Count seconds without anything."""
        if seconds:
            self.counts[0] += seconds

    def distribution(self) -> Distribution:
        """Give the counts."""
        return distribution(self.counts, self.total, self.largest)


class _Ends(NamedTuple):
    """Requests, and work, in the first seconds of an hour, and in its last."""

    first: tuple[Sequence[int], Sequence[int]]
    last: tuple[Sequence[int], Sequence[int]]


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
        self._add_seconds(part)
        self._add_spans(part)
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
            before = (_NOTHING, _NOTHING) if silent else self._ended[hour].last
            requests, work = map(_joined, before, self._ended[after].first)
            self.requests.follow(requests)
            self.work.follow(work)

    def _add_seconds(self, part: Slice) -> None:
        hour, number = None, -1
        for second, (requests, work) in part.seconds.items():
            slot = (second + part.offset) % _DAY // SLOT_SECONDS
            self.day_requests[slot] += requests
            self.day_work[slot] += work
            if second // HOUR != number or hour is None:
                number = second // HOUR
                hour = self._hour(number)
            if hour is not None:
                hour.requests[second - number * HOUR] += requests
                hour.work[second - number * HOUR] += work

    def _add_spans(self, part: Slice) -> None:
        for (start, length), workers in part.spans.items():
            for at, end in _cut(start, start + length, HOUR):
                hour = self._hour(at // HOUR)
                if hour is not None:
                    hour.fill(at % HOUR, at % HOUR + end - at, workers)
            local = start + part.offset
            for at, end in _cut(local, local + length, SLOT_SECONDS):
                work = (end - at) * workers * MICROSECONDS
                self.day_work[at % _DAY // SLOT_SECONDS] += work

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
        self._ended[number] = _Ends(
            (requests[:_EDGE], work[:_EDGE]), (requests[-_EDGE:], work[-_EDGE:])
        )


def _joined(before: Sequence[int], after: Sequence[int]) -> Sequence[int]:
    return [*before, *after]


def _cut(start: int, end: int, size: int) -> list[tuple[int, int]]:
    """Cut a stretch of time at the multiples of ``size``; mostly it lies between two of them."""
    borders = [start, *range(start - start % size + size, end, size), end]
    return list(pairwise(borders))
