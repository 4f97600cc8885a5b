"""How values are distributed, as counts in fixed buckets: sums are exact, in any order.

A bucket holds the values that agree in their first seven binary digits, so that the middle of a
bucket is off by less than 0.8 %; values below 128 have a bucket each.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_BITS = 7
_HALF = 1 << (_BITS - 1)
_EXACT = 1 << _BITS
RELATIVE_ERROR = Fraction(1, _EXACT)


def bucket_of(value: int) -> int:
    """Number the bucket of a value that is not negative; greater values, greater numbers."""
    shift = value.bit_length() - _BITS
    return value if shift <= 0 else shift * _HALF + (value >> shift)


def bounds_of(bucket: int) -> tuple[int, int]:
    """Give the lowest and the highest value of a bucket."""
    if bucket < _EXACT:
        return bucket, bucket
    shift = bucket // _HALF - 1
    lowest = (bucket - shift * _HALF) << shift
    return lowest, lowest + (1 << shift) - 1


@dataclass(frozen=True, slots=True)
class Distribution:
    """Counted values.

    Attributes:
        counts: Bucket and number of values in it, ascending; no bucket is empty.
        total: Sum of the values, exact.
        largest: The largest value, exact; 0 when there is none.
    """

    counts: tuple[tuple[int, int], ...] = ()
    total: int = 0
    largest: int = 0

    @property
    def count(self) -> int:
        """The number of values."""
        return sum(number for _, number in self.counts)

    @property
    def mean(self) -> Fraction:
        """The mean, exact; 0 when there is no value."""
        return Fraction(self.total, self.count) if self.counts else Fraction(0)

    def at(self, per_mille: int) -> int:
        """Give the value that ``per_mille`` of a thousand do not exceed, by nearest rank.

        The middle of its bucket, but no more than the largest value; 0 when there is no value.
        """
        rank = -(-self.count * per_mille // 1000)
        for bucket, number in self.counts:
            rank -= number
            if rank <= 0:
                return min(sum(bounds_of(bucket)) // 2, self.largest)
        return self.largest

    def __add__(self, other: Distribution) -> Distribution:
        counts = Counter(dict(self.counts))
        counts.update(dict(other.counts))
        return distribution(counts, self.total + other.total, max(self.largest, other.largest))


def distribution(counts: Mapping[int, int], total: int, largest: int) -> Distribution:
    """Make a distribution of counts by bucket."""
    return Distribution(
        tuple(sorted((bucket, number) for bucket, number in counts.items() if number)),
        total,
        largest,
    )


def distribution_of(values: Iterable[int]) -> Distribution:
    """Count values that are not negative."""
    seen = Counter(values)
    counts: Counter[int] = Counter()
    for value, number in seen.items():
        counts[bucket_of(value)] += number
    total = sum(value * number for value, number in seen.items())
    return distribution(counts, total, max(seen, default=0))
