"""When requests came and when they kept workers busy, second by second."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from mpmtune.workload.durations import DAY, SECOND

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mpmtune.workload.columns import Batch

# Lines are written when requests end. Short ones cannot be this much out of order unless a clock
# was set back; where no durations are known, a long request looks the same.
_BACK_SECONDS = 60
_BACK_SECONDS_UNTIMED = 3600


class Slice(NamedTuple):
    """Part of a log, in seconds.

    Attributes:
        offset: Seconds that the log's clock is ahead of UTC.
        seconds: Second → requests received in it, and microseconds of work done in it, but for
            the whole seconds of long requests.
        spans: First of the whole seconds that a request filled, and their number → how many did.
        first: Second of the first request in the log's order, short where that is known; None
            without any.
        last: Second of the last one.
        setbacks: How often the time went back in between.
        timed: Whether durations are known.
    """

    offset: int
    seconds: dict[int, tuple[int, int]]
    spans: Mapping[tuple[int, int], int]
    first: int | None
    last: int | None
    setbacks: int
    timed: bool


def slice_of(batch: Batch, unit: int, long: Iterable[tuple[bytes, int]]) -> Slice:
    """Put a batch in order of seconds.

    Args:
        batch: The lines.
        unit: Microseconds of one unit of its durations; 0 when there are none.
        long: What ``Durations.add`` gave. It is in the work of ``batch.cells`` as if all of it had
            been done in the second in which the request came.
    """
    timed = unit > 0
    misplaced: Counter[bytes] = Counter()
    for stamp, duration in long:
        misplaced[stamp] += duration
    seconds: dict[int, tuple[int, int]] = {}
    order: list[int] = []
    for stamp, (requests, work) in batch.cells.items():
        second = batch.seconds[stamp]
        done = work * unit - misplaced[stamp]
        if done or not timed:
            order.append(second)
        number, busy = seconds.get(second, (0, 0))
        seconds[second] = (number + requests, busy + done)
    spans: Counter[tuple[int, int]] = Counter()
    for stamp, duration in long:
        if duration <= DAY:
            start = batch.seconds[stamp]
            whole, rest = divmod(duration, SECOND)
            spans[start, whole] += 1
            number, busy = seconds.get(start + whole, (0, 0))
            seconds[start + whole] = (number, busy + rest)
    first, last = (order[0], order[-1]) if order else (None, None)
    setbacks = sum(goes_back(one, other, timed=timed) for one, other in pairwise(order))
    return Slice(batch.offset, seconds, spans, first, last, setbacks, timed)


def goes_back(earlier: int | None, later: int | None, *, timed: bool) -> bool:
    """Tell whether a clock was set back between two lines that follow each other."""
    if earlier is None or later is None:
        return False
    return later < earlier - (_BACK_SECONDS if timed else _BACK_SECONDS_UNTIMED)
