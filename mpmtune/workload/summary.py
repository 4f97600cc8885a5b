"""Counts → a workload, and workloads → the one of all of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields
from typing import TYPE_CHECKING

from mpmtune.model.distribution import Distribution
from mpmtune.model.workload import (
    LogEvent,
    Requests,
    StatusSamples,
    Trouble,
    Workload,
)
from mpmtune.workload.samples import fewest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from mpmtune.workload.counting import Counting
    from mpmtune.workload.hours import Hours


def workload_of(
    counting: Counting, hours: Hours, formats: Iterable[str], units: Iterable[int]
) -> Workload:
    """Put together what was counted.

    Args:
        counting: What does not depend on time.
        hours: What does; finished.
        formats: The LogFormats.
        units: Microseconds of one unit of their durations, 0 where they have none.
    """
    durations = counting.durations
    troubles = {Trouble.LATE: hours.late, Trouble.OVERLONG: durations.overlong}
    return Workload(
        formats=tuple(sorted(set(formats))),
        first=hours.first,
        last=hours.last,
        requests=Requests(
            read=counting.requests,
            bad=counting.bad,
            timed=durations.timed,
            sized=counting.sized,
            bytes_sent=counting.sent,
            protocol_known=counting.protocols,
            http2=counting.http2,
            keyed=counting.keyed,
            opening=counting.opening,
            long=durations.long,
            long_microseconds=durations.long_busy,
            slow=durations.slow,
            slow_microseconds=durations.slow_busy,
        ),
        samples=counting.samples,
        arrivals=hours.requests.distribution(),
        busy=hours.work.distribution() if durations.timed else Distribution(),
        service=durations.distribution(),
        resolution_microseconds=max(units, default=0) if durations.timed else 0,
        rise=hours.requests.rise,
        rise_microseconds=hours.work.rise,
        largest_bytes=counting.largest,
        status_classes=_by_character(counting.statuses),
        finish=_by_character(counting.finish),
        day_requests=tuple(hours.day_requests),
        day_microseconds=tuple(hours.day_work),
        troubles=counted_troubles(troubles),
    )


def merged(workloads: Sequence[Workload]) -> Workload:
    """Add workloads up, of different hosts or of different times; their order does not matter.

    The distributions over seconds are then over the seconds of all of them: what a second of one
    of these hosts is like, not what all hosts carry together in a second.
    """
    return Workload(
        parts=sum(one.parts for one in workloads),
        formats=tuple(sorted({text for one in workloads for text in one.formats})),
        first=min((one.first for one in workloads if one.first is not None), default=None),
        last=max((one.last for one in workloads if one.last is not None), default=None),
        requests=_requests([one.requests for one in workloads]),
        samples=fewest(text for one in workloads for text in one.samples),
        arrivals=_sum([one.arrivals for one in workloads]),
        busy=_sum([one.busy for one in workloads]),
        service=_sum([one.service for one in workloads]),
        resolution_microseconds=max(one.resolution_microseconds for one in workloads),
        rise=max(one.rise for one in workloads),
        rise_microseconds=max(one.rise_microseconds for one in workloads),
        largest_bytes=max(one.largest_bytes for one in workloads),
        status_classes=_added([one.status_classes for one in workloads]),
        finish=_added([one.finish for one in workloads]),
        day_requests=_slots([one.day_requests for one in workloads]),
        day_microseconds=_slots([one.day_microseconds for one in workloads]),
        events=_events(event for one in workloads for event in one.events),
        status=_status([one.status for one in workloads]),
        troubles=_troubles([one.troubles for one in workloads]),
    )


def counted_troubles(counts: Mapping[Trouble, int]) -> tuple[tuple[Trouble, int], ...]:
    """Leave out what did not happen, and put the rest in order."""
    return tuple(
        sorted(((one, count) for one, count in counts.items() if count), key=lambda x: x[0].value)
    )


def _by_character(counts: Mapping[int, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted((chr(byte), number) for byte, number in counts.items() if number))


def _requests(counts: Sequence[Requests]) -> Requests:
    names = [one.name for one in fields(Requests)]
    return Requests(**{name: sum(getattr(one, name) for one in counts) for name in names})


def _sum(distributions: Sequence[Distribution]) -> Distribution:
    return sum(distributions, Distribution())


def _added(counts: Sequence[tuple[tuple[str, int], ...]]) -> tuple[tuple[str, int], ...]:
    total: Counter[str] = Counter()
    for one in counts:
        total.update(dict(one))
    return tuple(sorted(total.items()))


def _slots(days: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(sum(slot) for slot in zip(*days, strict=True))


def _events(events: Iterable[LogEvent]) -> tuple[LogEvent, ...]:
    by_id: dict[str, LogEvent] = {}
    for event in events:
        known = by_id.get(event.id)
        by_id[event.id] = event if known is None else _both(known, event)
    return tuple(by_id[name] for name in sorted(by_id))


def _both(one: LogEvent, other: LogEvent) -> LogEvent:
    first = min((text for text in (one.first, other.first) if text), default=None)
    last = max((text for text in (one.last, other.last) if text), default=None)
    return LogEvent(one.id, one.count + other.count, first, last)


def _status(samples: Sequence[StatusSamples]) -> StatusSamples:
    return StatusSamples(
        busy=_sum([one.busy for one in samples]),
        idle=_sum([one.idle for one in samples]),
        connections=_sum([one.connections for one in samples]),
        keepalive=_sum([one.keepalive for one in samples]),
    )


def _troubles(
    counts: Sequence[tuple[tuple[Trouble, int], ...]],
) -> tuple[tuple[Trouble, int], ...]:
    total: Counter[Trouble] = Counter()
    for one in counts:
        total.update(dict(one))
    return counted_troubles(total)
