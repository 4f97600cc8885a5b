"""What a server had to carry, as counts: two of these add up to the one of both, exactly."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction

from mpmtune.model.distribution import Distribution

MICROSECONDS = 1_000_000
SLOT_SECONDS = 900
SLOTS = 86_400 // SLOT_SECONDS


class Trouble(Enum):
    """What a log suffered from; the numbers are right for what could be read."""

    CLOCK_SET_BACK = "clock_set_back"
    TRUNCATED = "truncated"
    DAMAGED = "damaged"
    SHRANK = "shrank"
    TOO_DENSE = "too_dense"
    LATE = "late"
    OVERLONG = "overlong"
    PARTIAL = "partial"


@dataclass(frozen=True, slots=True)
class LogEvent:
    """What an error log says again and again.

    Attributes:
        id: ``AH00484``, or ``oom_kill``.
        count: How often.
        first: Local time of the first one, ISO 8601; None where no line has a full date.
        last: Local time of the last one.
    """

    id: str
    count: int
    first: str | None = None
    last: str | None = None


@dataclass(frozen=True, slots=True)
class StatusSamples:
    """What mod_status answered, time after time; every distribution is over the samples.

    Attributes:
        busy: Workers that worked.
        idle: Workers that did not.
        connections: Open connections; empty under an MPM without them.
        keepalive: Connections that wait for their next request outside of workers.
    """

    busy: Distribution = field(default_factory=Distribution)
    idle: Distribution = field(default_factory=Distribution)
    connections: Distribution = field(default_factory=Distribution)
    keepalive: Distribution = field(default_factory=Distribution)


@dataclass(frozen=True, slots=True)
class Requests:
    """Counts of requests, all of them sums.

    Attributes:
        read: Lines that were read.
        bad: Lines that could not be.
        timed: Of those read, the ones whose duration is known.
        sized: … whose size is known.
        bytes_sent: Sum of sizes.
        protocol_known: … whose protocol is known.
        http2: … that are HTTP/2.
        keyed: … of HTTP/1 whose ``%k`` is known.
        opening: … of these, the first of their connections.
        long: … that took ten seconds or more.
        long_microseconds: Their time.
        slow: … of 1 MiB or more that took a second or more at less than 1 MiB/s: slow readers.
        slow_microseconds: Their time.
    """

    read: int = 0
    bad: int = 0
    timed: int = 0
    sized: int = 0
    bytes_sent: int = 0
    protocol_known: int = 0
    http2: int = 0
    keyed: int = 0
    opening: int = 0
    long: int = 0
    long_microseconds: int = 0
    slow: int = 0
    slow_microseconds: int = 0


@dataclass(frozen=True, slots=True)
class Workload:
    """A workload of one or several hosts.

    Attributes:
        parts: How many readings were added up.
        formats: LogFormats that were read, sorted.
        first: Second since 1970 of the first request; None without any.
        last: Of the last one.
        requests: Counts of requests.
        samples: A few unreadable lines, fit to be printed.
        arrivals: Requests received, over the seconds observed.
        busy: Microseconds of work done, over the seconds observed: a million is one worker that
            is busy all the time. Empty when no duration is known.
        service: Duration in microseconds, over requests.
        resolution_microseconds: Of the durations, the coarsest; 0 when there is none.
        rise: The most by which the requests of a second exceeded those of the one before, or those
            of two together the ones around them: a burst may fall into both.
        rise_microseconds: The same of the work.
        largest_bytes: The most that one request was sent.
        status_classes: First digit of the status → requests, ascending.
        finish: ``+`` kept alive, ``-`` closed, ``X`` aborted → requests, ascending.
        day_requests: Requests by local time of day, in slots of SLOT_SECONDS.
        day_microseconds: Work by local time of day.
        events: What error logs say, by id.
        status: What mod_status said.
        troubles: What logs suffered from, and how often.
    """

    parts: int = 1
    formats: tuple[str, ...] = ()
    first: int | None = None
    last: int | None = None
    requests: Requests = field(default_factory=Requests)
    samples: tuple[str, ...] = ()
    arrivals: Distribution = field(default_factory=Distribution)
    busy: Distribution = field(default_factory=Distribution)
    service: Distribution = field(default_factory=Distribution)
    resolution_microseconds: int = 0
    rise: int = 0
    rise_microseconds: int = 0
    largest_bytes: int = 0
    status_classes: tuple[tuple[str, int], ...] = ()
    finish: tuple[tuple[str, int], ...] = ()
    day_requests: tuple[int, ...] = (0,) * SLOTS
    day_microseconds: tuple[int, ...] = (0,) * SLOTS
    events: tuple[LogEvent, ...] = ()
    status: StatusSamples = field(default_factory=StatusSamples)
    troubles: tuple[tuple[Trouble, int], ...] = ()

    @property
    def observed_seconds(self) -> int:
        """Seconds that the logs cover, those of all hosts added up."""
        return self.arrivals.count

    @property
    def requests_per_connection(self) -> Fraction | None:
        """Requests of an HTTP/1 connection; None where no ``%k`` tells."""
        counts = self.requests
        return Fraction(counts.keyed, counts.opening) if counts.opening else None

    @property
    def connections_per_second(self) -> Fraction | None:
        """HTTP/1 connections opened a second; None where no ``%k`` tells."""
        counts = self.requests
        return Fraction(counts.opening, self.observed_seconds) if counts.opening else None

    @property
    def http2_share(self) -> Fraction | None:
        """Share of HTTP/2 in the requests; None where no line tells its protocol."""
        counts = self.requests
        known = counts.protocol_known
        return Fraction(counts.http2, known) if known else None
