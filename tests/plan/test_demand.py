"""What a load asks for, and what holds a plan below it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from mpmtune.model.load import Load
from mpmtune.model.quantity import Unit, declared
from mpmtune.model.server import Children, Mpm
from mpmtune.model.unknown import Unknown
from mpmtune.plan.planner import plan
from tests.builders import a_machine, a_server, a_workload, facts

BIG = a_machine(65_536, 32_768, 1)


def told(**parts: int | Fraction) -> Load:
    units = {
        "arrivals": Unit.PER_SECOND,
        "opened": Unit.PER_SECOND,
        "service": Unit.SECONDS,
        "cpu_seconds": Unit.SECONDS,
    }
    made: dict[str, Any] = {
        name: declared(name, value, "a test", units.get(name, Unit.COUNT))
        for name, value in parts.items()
    }
    return Load(**made)


def bounds(mpm: Mpm, load: Load) -> dict[str, int]:
    made = plan(mpm, "a test", replace(facts(BIG, a_server(mpm)), load=load))
    return {bound.name: bound.value.whole for bound in made.setting("MaxRequestWorkers").bounds}


@pytest.mark.parametrize(
    ("mpm", "load", "demand"),
    [
        # 1.3 × 1000 and one; nothing tells how many connections are kept open
        (Mpm.EVENT, told(arrivals=2000, service=Fraction(1, 2)), 1325),
        (Mpm.EVENT, told(arrivals=10, service=Fraction(1, 2)), 200),
        # few connections: as many workers as they are, though at least 50
        (Mpm.EVENT, told(arrivals=10, service=Fraction(1, 2), connections=120), 125),
        (Mpm.EVENT, told(arrivals=10, service=Fraction(1, 2), connections=12), 50),
        # connections hold workers: 1.3 × 5 and one, and 2 s × 40 a second
        (Mpm.WORKER, told(arrivals=10, service=Fraction(1, 2), opened=40), 100),
        (Mpm.PREFORK, told(arrivals=10, service=Fraction(1, 2), opened=40), 87),
        (Mpm.PREFORK, told(arrivals=10, service=Fraction(1, 2), connections=300), 302),
        # connections alone
        (Mpm.EVENT, told(connections=700), 200),
        (Mpm.PREFORK, told(connections=700), 700),
        # 1.3 × 2000: a burst of quick requests needs few workers, one of slow ones one for each
        (
            Mpm.PREFORK,
            told(concurrency=5, burst=2000, service=Fraction(1, 100), connections=5),
            260,
        ),
        (Mpm.PREFORK, told(concurrency=5, burst=2000, service=Fraction(1, 5), connections=5), 2600),
    ],
)
def test_what_a_load_asks_for(mpm: Mpm, load: Load, demand: int) -> None:
    assert bounds(mpm, load)["demand"] == demand


def test_an_open_demand_is_twice_what_was_seen() -> None:
    # 2 × (1.3 × 1000 and one), in whole children of 100
    load = replace(told(concurrency=1000, connections=1000), open_ended=("it was full",))
    assert bounds(Mpm.EVENT, load)["demand"] == 2700


@pytest.mark.parametrize(
    ("load", "cpu"),
    [
        # 1.5 × 200 ms ÷ 1 ms and two
        (told(arrivals=100, service=Fraction(1, 5), cpu_seconds=Fraction(1, 1000)), 302),
        (told(service=Fraction(1, 5), cpu_seconds=Fraction(1, 1000)), 302),
        # 900 a second × 1 ms: full
        (told(arrivals=900, service=Fraction(1, 5), cpu_seconds=Fraction(1, 1000)), 50),
        # slow readers need no CPU
        (
            told(service=Fraction(1, 5), cpu_seconds=Fraction(1, 1000), slow_readers=100),
            402,
        ),
        (told(service=Fraction(1, 5), cpu_seconds=0), None),
        (told(cpu_seconds=Fraction(1, 5)), None),
    ],
)
def test_the_cpu_bounds_the_workers_where_its_time_is_known(load: Load, cpu: int | None) -> None:
    assert bounds(Mpm.PREFORK, load).get("cpu") == cpu


def test_threads_are_added_for_what_holds_a_worker_before_its_request_is_logged() -> None:
    load = told(arrivals=100, service=Fraction(1, 5), cpu_seconds=Fraction(1, 1000))
    assert bounds(Mpm.EVENT, load)["cpu"] == 400  # 300 that wait for other things, and 100


def test_workers_that_wait_for_handshakes_do_not_wait_for_the_cpu() -> None:
    """A log says 0.2 ms; 160 workers busy with 100 requests a second say 1.6 s."""
    load = told(
        arrivals=100,
        service=Fraction(1, 5000),
        cpu_seconds=Fraction(6, 1000),
        concurrency=160,
    )
    assert bounds(Mpm.EVENT, load)["cpu"] == 500  # 1.5 × 1.6 s ÷ 6 ms, and 100


def test_full_cpus_bound_processes_and_not_threads() -> None:
    """With 150 threads for 256 busy connections a request in a hundred took 0.85 s, with 300 0.09.

    mod_status may see 162 of those 256: the others wait to be accepted.
    """
    load = told(
        arrivals=9400,
        service=Fraction(1, 4000),
        cpu_seconds=Fraction(1, 10_000),
        concurrency=5,
        connections=162,
    )
    assert bounds(Mpm.PREFORK, load)["cpu"] == 182  # 25, and 157 held by connections that wait
    event = bounds(Mpm.EVENT, load)
    assert (event.get("cpu"), event["demand"]) == (None, 325)


def test_a_plan_below_the_demand_says_what_carries_no_more() -> None:
    load = told(concurrency=3000, connections=3000)
    small = a_machine(512, 256, 1)
    made = plan(Mpm.EVENT, "a test", replace(facts(small, a_server()), load=load))
    assert made.bound_by == "memory"
    assert made.warnings[0] == "The workload asks for 3901 workers, the memory carries 450."
    assert made.budget.expected_peak.value <= made.budget.for_httpd.value


def test_streams_that_do_not_fit_are_held_by_tasks_or_memory() -> None:
    load = told(concurrency=6000, streams=6000, connections=3000)
    server = a_server(modules=("http2_module",))
    few = plan(
        Mpm.EVENT, "a test", replace(facts(a_machine(8192, 4096, 1, 1000), server), load=load)
    )
    assert few.setting("H2MaxWorkers").bound_by == "pids"
    small = plan(Mpm.EVENT, "a test", replace(facts(a_machine(512, 256, 1), server), load=load))
    assert small.setting("H2MaxWorkers").bound_by == "memory"
    assert small.budget.expected_peak.value <= small.budget.for_httpd.value


def test_streams_of_a_server_whose_stream_threads_were_full_are_doubled() -> None:
    server = a_server(
        modules=("http2_module",), settings={"MaxRequestWorkers": 400, "H2MaxWorkers": 200}
    )
    full = replace(server, children=Children((), None, worked=True, count=2))
    workload = a_workload(2000, 200, http2=120_000)
    made = plan(Mpm.EVENT, "a test", replace(facts(BIG, full), workload=workload))
    # 1.3 × 400 and one, twice, by two of three children
    assert made.setting("H2MaxWorkers").text == "521"


def test_sendfile_that_was_turned_off_is_left_alone() -> None:
    load = told(slow_readers=10)
    off = a_server(settings={"EnableSendfile": "Off"})
    made = plan(Mpm.EVENT, "a test", replace(facts(BIG, off), load=load))
    assert "EnableSendfile" not in {one.directive for one in made.settings}
    worker = plan(Mpm.WORKER, "a test", replace(facts(BIG, a_server(Mpm.WORKER)), load=load))
    assert "EnableSendfile" not in {one.directive for one in worker.settings}


def test_the_queue_holds_a_burst_as_far_as_the_kernel_lets_it() -> None:
    load = told(burst=2000, service=Fraction(1, 100))
    made = plan(Mpm.EVENT, "a test", replace(facts(BIG, a_server()), load=load))
    assert made.setting("ListenBacklog").text == "2000"
    unknown = replace(BIG, somaxconn=Unknown("host.somaxconn", "a test"))
    made = plan(Mpm.EVENT, "a test", replace(facts(unknown, a_server()), load=load))
    assert made.setting("ListenBacklog").text == "511"
