"""What clients saw."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mpmtune.model.distribution import Distribution, bounds_of, distribution_of

if TYPE_CHECKING:
    from collections.abc import Iterable

MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one part of a load came to.

    Attributes:
        seconds: How long it was measured.
        wanted: Requests that should have been answered, or connections that should have been
            kept: all that the schedule asked for.
        good: Those that were, in time.
        failed: Errors; the rest came late or never.
        latencies: Microseconds of those that were answered at all.
        closed: It was a closed loop, where ``wanted`` is only what was answered.
        worth: Good ones, each by the share of its time that fell into the measured time: replies
            that come in step would else be counted once more or once less. None where only the
            moment of an answer is known.
    """

    seconds: float
    wanted: int
    good: int
    failed: int = 0
    latencies: Distribution = field(default_factory=Distribution)
    closed: bool = False
    worth: float | None = None

    @property
    def share(self) -> float:
        """Good ones of those wanted; 0 where nothing was."""
        return self.good / self.wanted if self.wanted else 0.0

    @property
    def per_second(self) -> float:
        """Good ones a second."""
        return (self.good if self.worth is None else self.worth) / self.seconds

    def within(self, seconds: float) -> float:
        """Replies a second that took no longer than this."""
        most = int(seconds * MICROSECONDS)
        count = sum(number for bucket, number in self.latencies.counts if _fits(bucket, most))
        return count / self.seconds

    def seconds_at(self, per_mille: int) -> float:
        """Seconds that ``per_mille`` of a thousand replies did not exceed."""
        return self.latencies.at(per_mille) / MICROSECONDS


def _fits(bucket: int, most: int) -> bool:
    return sum(bounds_of(bucket)) // 2 <= most


@dataclass(frozen=True, slots=True)
class Reply:
    """How one request of an open loop ended.

    Attributes:
        counts: It was due within the time that is measured.
        seconds: From when it was due to the end of its answer; None when there was none.
        good: It was answered in time.
    """

    counts: bool
    seconds: float | None
    good: bool


def outcome_of(replies: Iterable[Reply], seconds: float) -> Outcome:
    """Count the replies that were due within the measured time."""
    counted = [reply for reply in replies if reply.counts]
    answered = [reply.seconds for reply in counted if reply.seconds is not None]
    return Outcome(
        seconds=seconds,
        wanted=len(counted),
        good=sum(reply.good for reply in counted),
        failed=len(counted) - len(answered),
        latencies=distribution_of(int(one * MICROSECONDS) for one in answered),
    )
