"""What logs, mod_status and stated numbers say of the demand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from mpmtune.model.distribution import distribution_of
from mpmtune.model.load import NOTHING_KNOWN, Load
from mpmtune.model.quantity import Trust, Unit, declared
from mpmtune.model.server import (
    Child,
    Children,
    EffectiveSetting,
    Mpm,
    StatusSample,
)
from mpmtune.model.workload import LogEvent, StatusSamples, Workload
from mpmtune.plan.load import keepalive_timeout, load_of, open_connections
from tests.builders import a_server, a_workload, facts

if TYPE_CHECKING:
    from mpmtune.model.server import Server

RATE = declared("requests a second", 100, "--rps", Unit.PER_SECOND)
TIME = declared("time of a request", Fraction(1, 2), "--service-time", Unit.SECONDS)
SLOW = declared("slow clients", 30, "--slow-clients")
FIVE = declared("KeepAliveTimeout", 5, "httpd.conf:3", Unit.SECONDS)


def load(
    workload: Workload | None, server: Server | None = None, stated: Load | None = None
) -> Load:
    return load_of(replace(facts(server=server), workload=workload, load=stated or NOTHING_KNOWN))


def test_nothing_is_known_without_a_workload() -> None:
    assert load(None) == NOTHING_KNOWN


def test_a_log_tells_rates_times_and_what_is_in_work() -> None:
    found = load(a_workload(40, 250, rise=12, keyed=2400, opening=600))
    assert found.arrivals is not None
    assert (found.arrivals.value, found.arrivals.unit) == (40, Unit.PER_SECOND)
    assert found.service is not None
    assert (found.service.value, found.service.unit) == (Fraction(1, 4), Unit.SECONDS)
    assert found.service_p95 is not None
    assert float(found.service_p95.value) == pytest.approx(0.25, rel=0.01)
    assert found.concurrency is not None
    assert float(found.concurrency.value) == pytest.approx(10, rel=0.01)
    assert found.usual is not None
    assert found.usual.value == 10
    assert found.burst is not None
    assert found.burst.value == 12
    assert found.opened is not None
    assert (found.opened.value, found.opened.unit) == (10, Unit.PER_SECOND)
    assert found.open_ended == ()
    assert (found.connections, found.slow_readers, found.streams) == (None, None, None)


def test_stated_rate_and_time_give_what_is_in_work_by_little() -> None:
    found = load(None, stated=Load(arrivals=RATE, service=TIME))
    assert found.concurrency is not None
    assert (found.concurrency.value, found.concurrency.trust) == (50, Trust.DECLARED)


def test_a_stated_rate_goes_with_the_time_of_the_log() -> None:
    server = a_server(settings={"MaxRequestWorkers": 10})
    found = load(a_workload(40, 250), server, Load(arrivals=RATE))
    assert found.concurrency is not None
    assert found.concurrency.value == 25
    # the log is of a full server, but the rate is stated
    assert found.open_ended == ()


def test_a_stated_rate_alone_gives_nothing_in_work() -> None:
    assert load(None, stated=Load(arrivals=RATE)).concurrency is None


def test_slow_clients_are_in_work_beside_what_the_log_has() -> None:
    found = load(a_workload(40, 250), stated=Load(slow_readers=SLOW))
    assert found.concurrency is not None
    assert round(found.concurrency.value) == 40
    alone = load(None, stated=Load(slow_readers=SLOW)).concurrency
    assert alone is not None
    assert alone.value == 30


def test_stated_concurrency_is_left_alone() -> None:
    stated = Load(concurrency=declared("at once", 7, "an option"), arrivals=RATE, service=TIME)
    found = load(None, stated=stated)
    assert found.concurrency is not None
    assert found.concurrency.value == 7


@pytest.mark.parametrize(("http2", "streams"), [(0, None), (1200, 5), (2400, 10)])
def test_streams_are_the_share_of_http2(http2: int, streams: int | None) -> None:
    found = load(a_workload(40, 250, http2=http2)).streams
    assert (found and round(found.value)) == streams


@pytest.mark.parametrize("event", ["AH00161", "AH00286", "AH00287", "AH00484", "AH10159"])
def test_an_error_log_that_says_full_leaves_the_demand_open(event: str) -> None:
    workload = replace(a_workload(40, 250), events=(LogEvent(event, 1),))
    assert load(workload).open_ended == ("every worker was busy: what had to wait is in no log",)


@pytest.mark.parametrize(("limit", "full"), [(10, True), (11, True), (12, False)])
def test_nine_of_ten_workers_busy_are_all(limit: int, full: bool) -> None:
    server = a_server(settings={"MaxRequestWorkers": limit})
    assert bool(load(a_workload(40, 250), server).open_ended) is full


def test_a_log_of_a_few_seconds_is_a_burst_itself() -> None:
    short = load(a_workload(300, 200, seconds=4)).burst
    assert short is not None
    assert short.value == 300
    assert load(a_workload(300, 200, seconds=5)).burst is None


def test_a_burst_of_streams_is_none_of_workers() -> None:
    found = load(a_workload(40, 250, rise=20, http2=1800)).burst
    assert found is not None
    assert found.value == 5


def test_a_full_event_keeps_no_connections_that_could_be_counted() -> None:
    workload = a_workload(40, 250, keyed=2400, opening=2000)
    full = {"MaxRequestWorkers": 10}
    assert load(workload, a_server(Mpm.EVENT, settings=dict(full))).opened is None
    assert load(workload, a_server(Mpm.WORKER, settings=dict(full))).opened is not None


def test_connections_of_http2_are_not_told_by_those_of_http1() -> None:
    found = load(a_workload(40, 250, http2=1800, keyed=600, opening=600)).opened
    assert found is not None
    assert found.value == 10


def test_a_log_without_times_tells_no_concurrency() -> None:
    plain = Workload(requests=a_workload(40, 250, timed=0).requests)
    assert load(plain).concurrency is None


def test_streams_do_not_fill_the_workers_but_their_own_threads() -> None:
    children = Children((), None, worked=True, count=2)
    settings: dict[str, int | str] = {"MaxRequestWorkers": 10, "H2MaxWorkers": 5}
    server = a_server(settings=settings, children=children)
    found = load(a_workload(40, 250, http2=2400), server)
    assert found.open_ended == ("every HTTP/2 worker was busy: what had to wait is in no log",)
    assert (
        load(
            a_workload(40, 250, http2=2400), replace(server, children=replace(children, count=3))
        ).open_ended
        == ()
    )


def test_whole_seconds_give_no_time_of_a_request_and_leave_the_demand_open() -> None:
    found = load(replace(a_workload(40, 250), resolution_microseconds=1_000_000))
    assert (found.service, found.service_p95) == (None, None)
    assert found.open_ended == ("%T counts whole seconds and cuts off the rest",)


def test_requests_without_a_duration_leave_the_demand_open() -> None:
    assert load(a_workload(40, 250, timed=2000)).open_ended == (
        "400 of 2400 requests have no duration",
    )


def test_slow_readers_are_told_where_they_hold_a_worker_or_more() -> None:
    found = load(a_workload(40, 250, slow=6, slow_microseconds=120_000_000)).slow_readers
    assert found is not None
    assert found.value == 2
    assert load(a_workload(40, 250, slow=1, slow_microseconds=30_000_000)).slow_readers is None


def test_workers_in_a_handshake_are_in_mod_status_and_in_no_log() -> None:
    seen = replace(a_workload(40, 250), status=StatusSamples(busy=distribution_of([90] * 10)))
    for mpm, share, at_once in ((Mpm.EVENT, 0, 90), (Mpm.WORKER, 0, 10), (Mpm.EVENT, 1200, 10)):
        counts = replace(seen.requests, http2=share)
        found = load(replace(seen, requests=counts), a_server(mpm))
        assert found.concurrency is not None
        assert float(found.concurrency.value) == pytest.approx(at_once, rel=0.01)


def test_mod_status_alone_tells_busy_workers_and_connections() -> None:
    status = StatusSamples(
        busy=distribution_of([30] * 10), connections=distribution_of([90, 100, 120])
    )
    found = load(Workload(status=status))
    assert found.concurrency is not None
    assert found.concurrency.value == 30
    assert found.connections is not None
    assert found.connections.value == 120
    assert (found.arrivals, found.service, found.usual) == (None, None, None)


def test_outside_of_event_a_kept_connection_is_a_busy_worker() -> None:
    status = StatusSamples(busy=distribution_of([30] * 10))
    workload = Workload(status=status)
    found = load(workload, a_server(Mpm.PREFORK)).connections
    assert found is not None
    assert found.value == 30
    assert load(workload, a_server(Mpm.EVENT)).connections is None
    assert load(workload).connections is None


def test_open_connections_are_those_in_work_and_those_that_wait() -> None:
    found = load(a_workload(40, 250, keyed=2400, opening=600))
    connections = open_connections(found, FIVE)
    assert connections is not None
    assert round(connections.value) == 60
    alone = open_connections(replace(found, concurrency=None), FIVE)
    assert alone is not None
    assert alone.value == 50
    assert open_connections(NOTHING_KNOWN, FIVE) is None


def _served(accesses: int | None, cpu: int | None = 900, count: int = 4) -> Server:
    samples = (Child(1, 1, 9, 9, 9, 9, cpu, worked=True), Child(2, 1, 9, 9, 9, 9, 300, worked=True))
    status = StatusSample("u", 9, 1, 1, accesses, 4, 0, None, None, None, None)
    children = Children(samples, None, worked=True, count=count)
    return a_server(Mpm.PREFORK, children=children, status=status)


def test_the_cpu_time_of_a_request_is_that_of_the_children_by_their_requests() -> None:
    found = load(a_workload(40, 250), _served(1200)).cpu_seconds
    assert found is not None
    assert (found.value, found.unit) == (Fraction(2, 1000), Unit.SECONDS)


@pytest.mark.parametrize("server", [_served(999), _served(None), _served(5000, cpu=None)])
def test_too_little_gives_no_cpu_time(server: Server) -> None:
    assert load(a_workload(40, 250), server).cpu_seconds is None
    stopped = replace(server, children=a_server().children)
    assert load(a_workload(40, 250), stopped).cpu_seconds is None


def test_the_keepalive_timeout_in_force_is_read_off_the_configuration() -> None:
    server = a_server(settings={"KeepAliveTimeout": 15})
    assert (keepalive_timeout(server).value, keepalive_timeout(server).trust) == (
        15,
        Trust.DECLARED,
    )
    built_in = replace(server, settings=(EffectiveSetting("KeepAliveTimeout", 5),))
    assert keepalive_timeout(built_in).trust is Trust.DOCUMENTED
    assert keepalive_timeout(None).value == 5
