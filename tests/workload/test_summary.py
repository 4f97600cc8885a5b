"""Workloads add up."""

from __future__ import annotations

from mpmtune.model.distribution import distribution_of
from mpmtune.model.server import StatusSample
from mpmtune.model.workload import LogEvent, Trouble, Workload
from mpmtune.workload.sampling import samples_of
from mpmtune.workload.summary import counted_troubles, merged


def test_events_keep_the_first_and_the_last_of_their_times() -> None:
    parts = [
        Workload(events=(LogEvent("AH00484", 2, "2025-09-16T05:00:00", "2025-09-16T06:00:00"),)),
        Workload(events=(LogEvent("AH00161", 1), LogEvent("AH00484", 3, None, None))),
        Workload(events=(LogEvent("AH00484", 1, "2025-09-15T05:00:00", "2025-09-15T05:00:00"),)),
    ]
    whole = merged(parts)
    assert whole.events == (
        LogEvent("AH00161", 1),
        LogEvent("AH00484", 6, "2025-09-15T05:00:00", "2025-09-16T06:00:00"),
    )
    assert merged(parts[::-1]) == whole


def test_troubles_add_up_and_none_is_not_told() -> None:
    troubles = counted_troubles({Trouble.SHRANK: 2, Trouble.LATE: 0, Trouble.DAMAGED: 1})
    assert troubles == ((Trouble.DAMAGED, 1), (Trouble.SHRANK, 2))
    whole = merged([Workload(troubles=troubles), Workload(troubles=troubles)])
    assert whole.troubles == ((Trouble.DAMAGED, 2), (Trouble.SHRANK, 4))


def test_the_one_who_asks_mod_status_is_not_counted() -> None:
    answers = [a_sample(busy, connections) for busy, connections in ((1, None), (5, 40), (3, 20))]
    made = samples_of(answers)
    assert made.busy == distribution_of([0, 4, 2])
    assert made.idle == distribution_of([10, 10, 10])
    assert made.connections == made.keepalive == distribution_of([40, 20])
    whole = merged([Workload(status=made), Workload(status=made)])
    assert whole.status.busy == distribution_of([0, 4, 2] * 2)


def a_sample(busy: int, connections: int | None) -> StatusSample:
    return StatusSample(
        url="",
        uptime_seconds=1,
        busy_workers=busy,
        idle_workers=10,
        total_accesses=None,
        processes=None,
        stopping=None,
        conns_total=connections,
        conns_async_writing=None,
        conns_async_keepalive=connections,
        conns_async_closing=None,
    )


def test_nothing_has_no_ratios() -> None:
    nothing = Workload()
    assert nothing.requests_per_connection is None
    assert nothing.connections_per_second is None
    assert nothing.http2_share is None
