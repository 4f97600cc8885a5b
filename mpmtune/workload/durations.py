"""Counting how long requests took: the one loop that runs for every line of a log."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mpmtune.model.distribution import Distribution, bucket_of, distribution
from mpmtune.workload.columns import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mpmtune.workload.columns import Columns

SECOND = 1_000_000
DAY = 86_400 * SECOND
LONG = 10 * SECOND
# A slow reader: more than buffers hold, taken for a second or more, at less than this rate.
SLOW_BYTES = 1 << 20
SLOW_BYTES_PER_SECOND = 1 << 20
# Durations below FINE have a counter each; up to a second, those that share a bucket share one.
FINE = 8192
COARSE_SHIFT = 7


@dataclass(slots=True)
class Durations:
    """Running counts, in microseconds; two of them add up.

    Attributes:
        timed: Requests counted here.
        busy: Sum of all durations.
        longest: The longest one.
        untimed: Lines that have no duration, or one below zero: the clock was set back.
        overlong: Durations of more than a day; they are not counted.
        long: Requests of LONG or more.
        long_busy: Their time.
        slow: Slow readers of large responses.
        slow_busy: Their time.
    """

    timed: int = 0
    busy: int = 0
    longest: int = 0
    untimed: int = 0
    overlong: int = 0
    long: int = 0
    long_busy: int = 0
    slow: int = 0
    slow_busy: int = 0
    fine: list[int] = field(default_factory=lambda: [0] * FINE)
    coarse: list[int] = field(default_factory=lambda: [0] * ((SECOND >> COARSE_SHIFT) + 1))
    beyond: Counter[int] = field(default_factory=Counter)

    def add(self, columns: Columns, unit: int) -> list[tuple[bytes, int]]:
        """Count durations; ``unit`` is the microseconds of one of theirs.

        Returns:
            Time and microseconds of those that took a second or more, or of which that cannot be.
        """
        durations = columns.durations or []
        if unit != 1:
            durations = [value * unit for value in durations]
        others = self._long_ones(durations)
        self.timed += len(durations)
        self.busy += sum(durations)
        made: list[tuple[bytes, int]] = []
        at = -1
        for value in others:
            at = durations.index(value, at + 1)
            made.append((columns.stamps[at], value))
            if value <= DAY:
                self._long(value, columns.sizes[at] if columns.sizes else 0)
            else:
                self._refuse(value)
        if self.longest < SECOND:
            self.longest = max(self.longest, *(value for value in durations if value <= DAY), 0)
        return made

    def distribution(self) -> Distribution:
        """Give all durations."""
        counts = Counter(self.beyond)
        for value, number in enumerate(self.fine):
            if number:
                counts[bucket_of(value)] += number
        for value, number in enumerate(self.coarse):
            if number:
                counts[bucket_of(value << COARSE_SHIFT)] += number
        return distribution(counts, self.busy, self.longest)

    def absorb(self, other: Durations) -> None:
        """Add the counts of another reader."""
        for name in ("timed", "busy", "untimed", "overlong", "long", "long_busy"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.slow += other.slow
        self.slow_busy += other.slow_busy
        self.longest = max(self.longest, other.longest)
        self.fine = _added(self.fine, other.fine)
        self.coarse = _added(self.coarse, other.coarse)
        self.beyond.update(other.beyond)

    def _long_ones(self, durations: list[int]) -> list[int]:
        """Count what took less than a second; give the others, in order."""
        fine, coarse = self.fine, self.coarse
        others = []
        # Hot: once for every line of a log.
        for value in durations:
            if value < FINE:
                fine[value] += 1
            elif value < SECOND:
                coarse[value >> COARSE_SHIFT] += 1
            else:
                others.append(value)
        return others

    def _refuse(self, value: int) -> None:
        self.timed -= 1
        self.busy -= value
        self.untimed += value >= UNKNOWN
        self.overlong += value < UNKNOWN

    def _long(self, value: int, size: int) -> None:
        self.beyond[bucket_of(value)] += 1
        self.longest = max(self.longest, value)
        if value >= LONG:
            self.long += 1
            self.long_busy += value
        if size >= SLOW_BYTES and size * SECOND < SLOW_BYTES_PER_SECOND * value:
            self.slow += 1
            self.slow_busy += value


def _added(one: Sequence[int], other: Sequence[int]) -> list[int]:
    return [a + b for a, b in zip(one, other, strict=True)]
