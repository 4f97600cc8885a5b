"""The memory of one more child, by two whole httpds."""

from __future__ import annotations

from dataclasses import replace

from mpmtune.model.load import MemorySample
from mpmtune.model.quantity import ZERO_BYTES, Unit, measured
from mpmtune.model.server import Child, Children, Mpm
from mpmtune.plan.child_cost import Observed, recommend_cost
from mpmtune.plan.planner import plan
from mpmtune.plan.policy import DEFAULT
from mpmtune.plan.slope import Line, slope_of
from tests.builders import MIB, a_machine, a_server, facts

LINE = Line(ZERO_BYTES, DEFAULT.child.slope_reach)


def sample(children: int, mib: int, mpm: Mpm = Mpm.PREFORK, threads: int = 1) -> MemorySample:
    return MemorySample(mpm, children, threads, mib * MIB, "a bench")


def test_a_line_through_two_gives_the_fixed_part_and_the_child() -> None:
    slope = slope_of(Mpm.PREFORK, (sample(80, 120), sample(40, 80)), None, LINE)
    assert slope is not None
    assert (slope.fixed.value, slope.child.value) == (40 * MIB, MIB)


def test_what_connections_hold_is_no_child_s() -> None:
    each = measured("a connection", MIB // 32, "a test", Unit.BYTES)
    kept = replace(sample(6, 56, Mpm.EVENT, 25), connections=1120)
    once = measured("once", 3 * MIB, "a test", Unit.BYTES)
    line = Line(each, DEFAULT.child.slope_reach)
    slope = slope_of(Mpm.EVENT, (kept,), once, line)
    assert slope is not None
    assert slope.child.value == 3 * MIB  # (56 − 1120 ÷ 32 − 3) ÷ 6
    assert slope_of(Mpm.EVENT, (replace(kept, connections=1696),), once, line) is None


def test_the_largest_two_of_several_are_taken_and_followed_for_a_quarter() -> None:
    slope = slope_of(Mpm.PREFORK, (sample(40, 80), sample(80, 120), sample(20, 10)), None, LINE)
    assert slope is not None
    assert (slope.child.value, slope.most.value) == (MIB, 100)


def test_one_httpd_and_what_is_there_without_children_make_a_line_too() -> None:
    once = measured("once", 40 * MIB, "a test", Unit.BYTES)
    slope = slope_of(Mpm.PREFORK, (sample(80, 120),), once, LINE)
    assert slope is not None
    assert (slope.fixed.value, slope.child.value, slope.most.value) == (40 * MIB, MIB, 100)
    # the larger one took no more: it alone counts
    slope = slope_of(Mpm.PREFORK, (sample(40, 130), sample(80, 120)), once, LINE)
    assert slope is not None
    assert slope.child.value == MIB
    assert slope_of(Mpm.PREFORK, (sample(80, 39),), once, LINE) is None


def test_a_plan_grows_by_a_quarter_with_each_measurement() -> None:
    samples = tuple(
        Child(pid, 1, 20 * MIB, 20 * MIB, 3 * MIB, 2 * MIB, 900, worked=True) for pid in range(9)
    )
    server = a_server(Mpm.PREFORK, children=Children(samples, None, worked=True, count=9))
    known = facts(a_machine(256, 224, 4), server)
    # 152 MiB less 15 once, by 2 MiB
    assert plan(Mpm.PREFORK, "a test", known).setting("MaxRequestWorkers").text == "68"
    seen = replace(known, memory_samples=(sample(68, 83),))
    assert plan(Mpm.PREFORK, "a test", seen).setting("MaxRequestWorkers").text == "85"


def test_what_took_more_than_there_is_counts_for_nothing() -> None:
    samples = (sample(40, 80), sample(80, 120), sample(400, 190))
    machine = a_machine(256, 224, 4)
    made = plan(Mpm.PREFORK, "a test", replace(facts(machine), memory_samples=samples))
    # 95 % of 160 MiB less 40 MiB once would be 111
    assert made.setting("MaxRequestWorkers").text == "100"


def test_nothing_follows_from_one_or_from_what_did_not_grow() -> None:
    assert slope_of(Mpm.PREFORK, (), None, LINE) is None
    assert slope_of(Mpm.PREFORK, (sample(40, 80),), None, LINE) is None
    assert slope_of(Mpm.PREFORK, (sample(40, 80), sample(80, 80)), None, LINE) is None
    assert (
        slope_of(Mpm.PREFORK, (sample(40, 80), sample(80, 120, Mpm.WORKER, 25)), None, LINE) is None
    )
    assert (
        slope_of(
            Mpm.EVENT, (sample(4, 80, Mpm.EVENT, 25), sample(8, 90, Mpm.EVENT, 50)), None, LINE
        )
        is None
    )


def test_a_child_of_event_is_split_into_base_and_threads() -> None:
    samples = (sample(4, 20, Mpm.EVENT, 25), sample(8, 28, Mpm.EVENT, 25))
    cost = recommend_cost(Mpm.EVENT, None, DEFAULT.child, Observed(samples))
    # 2 MiB a child, of which 25 threads of 64 KiB
    assert cost.worker.value == 64 * 1024
    assert cost.child.value == 2 * MIB - 25 * 64 * 1024
    assert cost.connection.value == 47 * 1024


def test_a_light_child_of_event_is_all_threads() -> None:
    samples = (sample(4, 20, Mpm.EVENT, 100), sample(8, 24, Mpm.EVENT, 100))
    cost = recommend_cost(Mpm.EVENT, None, DEFAULT.child, Observed(samples))
    assert (cost.worker.value, cost.child.value) == (MIB // 100, MIB - MIB // 100 * 100)


def test_under_prefork_the_connection_is_in_the_slope() -> None:
    cost = recommend_cost(
        Mpm.PREFORK, None, DEFAULT.child, Observed((sample(40, 80), sample(80, 120)))
    )
    assert (cost.fixed.value, cost.child.value) == (40 * MIB, MIB)
    assert (cost.worker.value, cost.connection.value) == (0, 0)
