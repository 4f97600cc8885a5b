"""The memory of one more child, by two whole httpds."""

from __future__ import annotations

from mpmtune.model.load import MemorySample
from mpmtune.model.server import Mpm
from mpmtune.plan.child_cost import Observed, recommend_cost
from mpmtune.plan.policy import DEFAULT
from mpmtune.plan.slope import slope_of
from tests.builders import MIB


def sample(children: int, mib: int, mpm: Mpm = Mpm.PREFORK, threads: int = 1) -> MemorySample:
    return MemorySample(mpm, children, threads, mib * MIB, "a bench")


def test_a_line_through_two_gives_the_fixed_part_and_the_child() -> None:
    slope = slope_of(Mpm.PREFORK, (sample(80, 120), sample(40, 80)))
    assert slope is not None
    assert (slope.fixed.value, slope.child.value) == (40 * MIB, MIB)


def test_the_outermost_of_several_are_taken() -> None:
    slope = slope_of(Mpm.PREFORK, (sample(40, 80), sample(60, 90), sample(80, 120)))
    assert slope is not None
    assert slope.child.value == MIB


def test_nothing_follows_from_one_or_from_what_did_not_grow() -> None:
    assert slope_of(Mpm.PREFORK, ()) is None
    assert slope_of(Mpm.PREFORK, (sample(40, 80),)) is None
    assert slope_of(Mpm.PREFORK, (sample(40, 80), sample(80, 80))) is None
    assert slope_of(Mpm.PREFORK, (sample(40, 80), sample(80, 120, Mpm.WORKER, 25))) is None
    assert slope_of(Mpm.EVENT, (sample(4, 80, Mpm.EVENT, 25), sample(8, 90, Mpm.EVENT, 50))) is None


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
