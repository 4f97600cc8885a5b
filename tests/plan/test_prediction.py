"""Predictions, against what was measured on the real httpd where it was."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from mpmtune.httpd.shipped import shipped
from mpmtune.model.load import Load, MemorySample
from mpmtune.model.quantity import Trust, Unit, declared
from mpmtune.model.server import Child, Children, FpmPool, Mpm, Server
from mpmtune.plan.planner import plan
from mpmtune.plan.prediction import predict, settings_of
from tests.builders import MIB, a_machine, a_server, a_workload, facts

if TYPE_CHECKING:
    from mpmtune.model.prediction import Prediction

ONE_CPU = a_machine(16_384, 8192, 1)
DEBIAN = shipped(Mpm.EVENT, frozenset({"debian"}))[1]
BUILT_IN = shipped(Mpm.EVENT, frozenset({"rhel"}))[1]


def with_pool(*modules: str) -> Server:
    pools = (FpmPool("www", "www.conf", "/run/php.sock", 450, 450, 4500 * MIB),)
    asks = ("proxy:unix:/run/php.sock|fcgi://localhost",)
    return a_server(modules=modules, fpm_pools=pools, php_handlers=asks)


PHP_IO = replace(facts(ONE_CPU, with_pool()), workload=a_workload(1450, 300, keyed=90, opening=1))
H2_IO = replace(
    facts(ONE_CPU, with_pool("http2_module")), workload=a_workload(1920, 200, http2=115_200)
)


def saturation(found: Prediction) -> tuple[int | None, str | None]:
    rate = found.saturation
    return None if rate is None else rate.whole, found.limited_by


@pytest.mark.parametrize(
    ("workers", "rate", "by"),
    # measured: 635/s with 200 workers, 955/s with 300
    [(200, 666, "workers"), (300, 1000, "workers"), (400, 1333, "workers")],
)
def test_workers_by_their_time_limit_the_throughput(workers: int, rate: int, by: str) -> None:
    assert saturation(predict(Mpm.EVENT, {"MaxRequestWorkers": workers}, PHP_IO)) == (rate, by)


def test_the_pool_limits_it_where_there_are_more_workers() -> None:
    settings = {"MaxRequestWorkers": 600, "ServerLimit": 24}
    assert saturation(predict(Mpm.EVENT, settings, PHP_IO)) == (1500, "backend")


def test_corrections_of_httpd_are_made_first() -> None:
    # 600 workers need 24 children, ServerLimit is 16: AH00515
    found = predict(Mpm.EVENT, {"MaxRequestWorkers": 600}, PHP_IO)
    assert found.workers.value == 400


def test_streams_of_two_children_limit_http2_as_was_measured() -> None:
    # measured: 355/s with Debian's two children of 37, and half more with httpd's three
    assert saturation(predict(Mpm.EVENT, DEBIAN, H2_IO)) == (370, "streams")
    assert saturation(predict(Mpm.EVENT, BUILT_IN, H2_IO)) == (555, "streams")
    made = plan(Mpm.EVENT, "a test", H2_IO)
    assert saturation(predict(Mpm.EVENT, settings_of(made), H2_IO)) == (2250, "backend")


def test_a_share_of_http2_keeps_both_kinds_of_threads_busy() -> None:
    half = replace(H2_IO, workload=a_workload(1000, 200, http2=30_000))
    found = predict(Mpm.EVENT, {"H2MaxWorkers": 100}, half)
    # 100 streams and 75 to spare: 7 children of 100, half of the requests; the pool is less
    assert saturation(found) == (2250, "backend")


@pytest.mark.parametrize(
    ("settings", "connections", "refuses"),
    [
        (DEBIAN, 450, True),
        ({"MaxRequestWorkers": 400}, 1200, True),
        ({"MaxRequestWorkers": 150, "AsyncRequestWorkerFactor": 16}, 2550, False),
    ],
)
def test_event_admits_so_many_connections_and_refuses_when_full(
    settings: dict[str, int], connections: int, refuses: bool
) -> None:
    load = Load(connections=declared("open", 1200, "an option"))
    known = replace(facts(ONE_CPU, a_server()), load=load)
    found = predict(Mpm.EVENT, settings, known)
    assert (found.connections.value, found.refuses) == (connections, refuses)


def test_kept_connections_take_the_workers_of_prefork() -> None:
    workload = a_workload(100, 10, keyed=6000, opening=3000)
    known = replace(facts(ONE_CPU, a_server(Mpm.PREFORK)), workload=workload)
    # 50 connections a second are kept for 5 s each
    free = predict(Mpm.PREFORK, {"MaxRequestWorkers": 256}, known)
    assert saturation(free) == (600, "workers")
    short = {"MaxRequestWorkers": 256, "KeepAliveTimeout": 1}
    assert saturation(predict(Mpm.PREFORK, short, known)) == (20_600, "workers")
    off = {"MaxRequestWorkers": 256, "KeepAlive": 0}
    assert saturation(predict(Mpm.PREFORK, off, known)) == (25_600, "workers")
    full = predict(Mpm.PREFORK, {"MaxRequestWorkers": 150}, known)
    assert (saturation(full), full.utilisation) == ((0, "workers"), None)
    assert (full.overloaded, full.refuses) == (True, True)


def test_connections_alone_take_the_workers_of_prefork() -> None:
    load = Load(
        connections=declared("open", 100, "an option"),
        service=declared("time", Fraction(1, 10), "an option", Unit.SECONDS),
    )
    known = replace(facts(ONE_CPU, a_server(Mpm.PREFORK)), load=load)
    assert saturation(predict(Mpm.PREFORK, {"MaxRequestWorkers": 150}, known)) == (500, "workers")


def test_mod_php_needs_no_backend() -> None:
    server = replace(with_pool("php_module"), mpm=Mpm.PREFORK)
    known = replace(PHP_IO, server=server)
    found = predict(Mpm.PREFORK, {"MaxRequestWorkers": 900, "ServerLimit": 900}, known)
    assert found.limited_by == "workers"


def test_slow_clients_take_the_workers_of_event_without_sendfile() -> None:
    load = Load(slow_readers=declared("slow", 300, "an option"))
    known = replace(facts(ONE_CPU, a_server()), workload=a_workload(100, 10), load=load)
    assert saturation(predict(Mpm.EVENT, DEBIAN, known)) == (0, "workers")
    sends = {**DEBIAN, "EnableSendfile": 1}
    assert saturation(predict(Mpm.EVENT, sends, known)) == (15_000, "workers")
    worker = predict(Mpm.WORKER, {**sends, "MaxRequestWorkers": 400}, known)
    assert saturation(worker) == (10_000, "workers")


def test_the_cpu_limits_where_its_time_is_known() -> None:
    load = Load(cpu_seconds=declared("CPU", Fraction(1, 500), "an option", Unit.SECONDS))
    known = replace(facts(ONE_CPU, a_server()), workload=a_workload(100, 10), load=load)
    assert saturation(predict(Mpm.EVENT, DEBIAN, known)) == (500, "cpu")


def test_waiting_and_p95_follow_from_the_use_of_the_tightest() -> None:
    found = predict(Mpm.EVENT, settings_of(plan(Mpm.EVENT, "a test", PHP_IO)), PHP_IO)
    assert found.utilisation == Fraction(1447, 1500)
    # the middle of the bucket of 1450 is 1447; × 300 ms = 434.1 of 450: M/M/c
    assert found.wait_seconds == pytest.approx(0.00643, rel=0.01)
    assert found.p95_seconds == pytest.approx(0.336, rel=0.02)
    assert (found.overloaded, found.trust) == (False, Trust.DECLARED)


def test_without_a_measured_p95_times_are_taken_as_exponential() -> None:
    load = Load(
        arrivals=declared("rate", 10, "--rps", Unit.PER_SECOND),
        service=declared("time", 1, "--service-time", Unit.SECONDS),
    )
    found = predict(Mpm.EVENT, DEBIAN, replace(facts(ONE_CPU, a_server()), load=load))
    assert found.p95_seconds == pytest.approx(2.996, rel=1e-3)


def test_too_much_is_said_and_has_no_waiting_time() -> None:
    found = predict(Mpm.EVENT, DEBIAN, PHP_IO)
    assert found.utilisation == Fraction(1447, 500)
    assert (found.overloaded, found.wait_seconds, found.p95_seconds) == (True, None, None)


def test_what_is_in_work_gives_the_rate_where_only_that_is_known() -> None:
    load = Load(
        concurrency=declared("at once", 30, "an option"),
        service=declared("time", Fraction(1, 5), "an option", Unit.SECONDS),
    )
    found = predict(Mpm.EVENT, DEBIAN, replace(facts(ONE_CPU, a_server()), load=load))
    assert found.utilisation == Fraction(1, 5)


@pytest.mark.parametrize(
    "load",
    [
        Load(),
        Load(arrivals=declared("rate", 10, "--rps", Unit.PER_SECOND)),
        Load(service=declared("time", 0, "an option", Unit.SECONDS)),
        Load(
            concurrency=declared("at once", 3, "an option"),
            service=declared("time", 0, "an option", Unit.SECONDS),
        ),
    ],
)
def test_what_the_load_does_not_tell_is_not_predicted(load: Load) -> None:
    found = predict(Mpm.EVENT, DEBIAN, replace(facts(ONE_CPU, a_server()), load=load))
    assert (found.saturation, found.limited_by, found.utilisation) == (None, None, None)
    assert (found.wait_seconds, found.p95_seconds, found.overloaded) == (None, None, None)
    assert found.trust is Trust.ASSUMED
    assert found.connections.value == 450


def test_a_time_without_a_rate_gives_the_throughput_alone() -> None:
    load = Load(service=declared("time", Fraction(1, 10), "an option", Unit.SECONDS))
    found = predict(Mpm.EVENT, DEBIAN, replace(facts(ONE_CPU, a_server()), load=load))
    assert saturation(found) == (1500, "workers")
    assert (found.utilisation, found.overloaded) == (None, None)


def test_memory_is_that_of_the_children_alive_at_the_peak() -> None:
    samples = (
        MemorySample(Mpm.PREFORK, 40, 1, 80 * MIB, "a bench"),
        MemorySample(Mpm.PREFORK, 80, 1, 120 * MIB, "a bench"),
    )
    known = replace(facts(ONE_CPU, a_server(Mpm.PREFORK)), memory_samples=samples)
    settings = {"MaxRequestWorkers": 100, "StartServers": 10, "MinSpareServers": 10}
    # 40 MiB once and 1 MiB for each child
    assert predict(Mpm.PREFORK, settings, known).memory.value == 140 * MIB
    busy = replace(known, load=Load(concurrency=declared("at once", 30, "an option")))
    found = predict(Mpm.PREFORK, settings, busy)
    assert (found.memory.value, found.memory_worst.value) == (80 * MIB, 140 * MIB)


@pytest.mark.parametrize(
    ("load", "mib"),
    [
        # 8 were seen at work, with 6 MiB once and 2 MiB each; 8 more wait, with 0.875 MiB
        (Load(concurrency=declared("at once", 150, "an option")), 29),
        # 300 are busy in 12 children, 4 more wait
        (Load(concurrency=declared("at once", 300, "an option")), 33.5),
        (
            Load(
                concurrency=declared("at once", 10, "an option"),
                burst=declared("burst", 300, "an option"),
                service=declared("time", 1, "an option", Unit.SECONDS),
            ),
            33.5,
        ),
    ],
)
def test_children_that_only_wait_take_less_than_those_seen_at_work(load: Load, mib: float) -> None:
    samples = (
        MemorySample(Mpm.EVENT, 4, 25, 14 * MIB, "a bench"),
        MemorySample(Mpm.EVENT, 8, 25, 22 * MIB, "a bench"),
    )
    known = replace(facts(ONE_CPU, a_server()), memory_samples=samples, load=load)
    settings = {"MaxRequestWorkers": 400, "StartServers": 16, "MaxSpareThreads": 400}
    found = predict(Mpm.EVENT, settings, known)
    assert (found.memory.value, found.memory_worst.value >= 38 * MIB) == (mib * MIB, True)


def test_quick_requests_leave_nearly_all_connections_waiting() -> None:
    load = Load(
        arrivals=declared("rate", 9000, "an option", Unit.PER_SECOND),
        service=declared("time", Fraction(1, 1800), "an option", Unit.SECONDS),
        concurrency=declared("at once for a moment", 130, "an option"),
        connections=declared("open", 200, "an option"),
    )
    found = predict(Mpm.EVENT, DEBIAN, replace(facts(ONE_CPU, a_server()), load=load))
    assert found.sockets.value == 195 * 15 * 1024


def test_connections_that_wait_are_in_the_memory_as_far_as_they_are_admitted() -> None:
    load = Load(
        concurrency=declared("at once", 10, "an option"),
        connections=declared("open", 110, "an option"),
    )
    found = predict(Mpm.EVENT, DEBIAN, replace(facts(ONE_CPU, a_server()), load=load))
    # 6 MiB, 2 children of 1.5 MiB with 25 threads of 64 KiB, 100 connections of 47 KiB
    assert found.memory.value == 9 * MIB + 50 * 64 * 1024 + 100 * 47 * 1024
    many = replace(load, connections=declared("open", 9000, "an option"))
    full = predict(Mpm.EVENT, DEBIAN, replace(facts(ONE_CPU, a_server()), load=many))
    assert full.memory.value == 9 * MIB + 50 * 64 * 1024 + 440 * 47 * 1024
    assert full.sockets.value == 440 * 15 * 1024


def test_children_of_a_known_workload_are_priced_as_they_were_measured() -> None:
    samples = (Child(11, 27, 9 * MIB, 9 * MIB, 5 * MIB, 2 * MIB, 900, worked=True),)
    children = Children(samples, None, worked=True, count=1, threads_per_child=25)
    known = replace(
        facts(ONE_CPU, a_server(children=children)),
        workload=a_workload(100, 100),
    )
    found = predict(Mpm.EVENT, {**DEBIAN, "StartServers": 6}, known)
    # 6 MiB for the parent, 3 MiB shared, 6 children of 2 MiB, but for what 25 do not divide
    assert found.memory.value == 21 * MIB - 6 * 13
    few = replace(known, workload=a_workload(1, 100, seconds=9))
    # few requests: 1.5 MiB and 25 × 64 KiB for each
    least = predict(Mpm.EVENT, {**DEBIAN, "StartServers": 6}, few)
    assert least.memory.value == 18 * MIB + 150 * 64 * 1024


def test_threads_for_streams_are_in_the_memory() -> None:
    server = a_server(modules=("http2_module",))
    load = Load(concurrency=declared("at once", 10, "an option"))
    with_h2 = predict(Mpm.EVENT, DEBIAN, replace(facts(ONE_CPU, server), load=load))
    # 6 MiB, 2 children of 1.5 MiB with 2 × 25 threads of 64 KiB, nobody waits
    assert with_h2.memory.value == 6 * MIB + 3 * MIB + 100 * 64 * 1024
    streams = replace(load, streams=declared("streams", 60, "an option"))
    more = predict(Mpm.EVENT, DEBIAN, replace(facts(ONE_CPU, server), load=streams))
    assert more.memory.value == with_h2.memory.value + 10 * 64 * 1024


def test_the_peak_of_a_plan_is_within_its_budget() -> None:
    for mpm in Mpm:
        made = plan(mpm, "a test", PHP_IO)
        found = predict(mpm, settings_of(made), PHP_IO)
        assert found.memory.value <= found.memory_worst.value <= made.budget.for_httpd.value
