"""Numbers that carry their derivation."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpmtune.model.quantity import (
    ONE,
    Evidence,
    Op,
    Quantity,
    Trust,
    Unit,
    assumed,
    chosen,
    declared,
    documented,
    measured,
    smallest,
    total,
)

SEVEN = measured("seven", 7, "/proc/meminfo")
TWO = assumed("two", 2, "a guess", measure="count them")


def test_the_operations_give_exact_numbers() -> None:
    assert (SEVEN + TWO).value == 9
    assert (SEVEN - TWO).value == 5
    assert (SEVEN * TWO).value == 14
    assert (SEVEN // TWO).value == 3
    assert SEVEN.at_most(TWO).value == 2
    assert SEVEN.at_least(TWO).value == 7
    assert SEVEN.down_to_multiple_of(TWO).value == 6
    assert smallest(SEVEN, TWO, ONE).value == 1
    assert total(SEVEN, TWO, ONE).value == 10


def test_a_fraction_stays_exact_and_becomes_whole_when_it_is() -> None:
    half = measured("cpus", Fraction(1, 2), "cpu.max", Unit.CPUS)
    assert (half * TWO).value == 1
    assert isinstance((half * TWO).value, int)
    assert half.whole == 0


def test_a_rate_times_a_time_counts_and_a_count_by_a_time_is_a_rate() -> None:
    rate = measured("requests a second", 450, "a log", Unit.PER_SECOND)
    time = measured("time of a request", Fraction(3, 10), "a log", Unit.SECONDS)
    assert ((rate * time).value, (rate * time).unit) == (135, Unit.COUNT)
    assert (time * rate).unit is Unit.COUNT
    assert ((SEVEN // time).value, (SEVEN // time).unit) == (23, Unit.PER_SECOND)
    assert (time // time).unit is Unit.COUNT
    cpus = measured("CPUs", 3, "a test", Unit.CPUS)
    assert ((cpus // time).value, (cpus // time).unit) == (10, Unit.PER_SECOND)


def test_a_result_is_as_good_as_its_weakest_input() -> None:
    assert (SEVEN + TWO).trust is Trust.ASSUMED
    assert (SEVEN + declared("x", 1, "httpd.conf:6")).trust is Trust.DECLARED
    assert (SEVEN + documented("x", 1, "event.c")).trust is Trust.DOCUMENTED
    assert SEVEN.trust is Trust.MEASURED


def test_of_two_bounds_only_the_one_that_won_decides_the_trust() -> None:
    assert SEVEN.at_most(assumed("ten", 10, "a guess")).trust is Trust.MEASURED
    assert SEVEN.at_most(TWO).trust is Trust.ASSUMED
    assert SEVEN.at_least(TWO).trust is Trust.MEASURED


def test_equal_bounds_both_decide() -> None:
    same = assumed("seven too", 7, "a guess")
    assert SEVEN.at_most(same).trust is Trust.ASSUMED


def test_a_choice_needs_no_measurement() -> None:
    made = chosen(64 * 1024**2, "a kernel and a login", Unit.BYTES)
    assert made.label == "64 MiB"
    assert made.trust is Trust.DOCUMENTED


def test_naming_a_leaf_keeps_the_leaf_beneath() -> None:
    named = SEVEN.named("memory", "because")
    assert (named.label, named.value, named.op) == ("memory", 7, Op.SAME)
    assert named.inputs == (SEVEN,)


def test_unlike_units_do_not_add_up() -> None:
    with pytest.raises(ValueError, match="cannot combine count"):
        _ = SEVEN + measured("memory", 7, "x", Unit.BYTES)


def test_units_follow_one_rule() -> None:
    memory = measured("memory", 7, "x", Unit.BYTES)
    assert (SEVEN * memory).unit is Unit.BYTES
    assert (memory * SEVEN).unit is Unit.BYTES
    assert (memory // memory).unit is Unit.COUNT
    assert (memory // SEVEN).unit is Unit.BYTES
    assert (measured("cpus", 2, "x", Unit.CPUS) * SEVEN).unit is Unit.COUNT


def test_a_leaf_without_evidence_is_refused() -> None:
    with pytest.raises(ValueError, match="carries evidence"):
        Quantity("x", 1)
    with pytest.raises(ValueError, match="carries evidence"):
        Quantity("x", 1, op=Op.PLUS, evidence=Evidence(Trust.MEASURED, "x"))


@given(st.integers(0, 10**9), st.integers(1, 10**6))
def test_a_multiple_is_never_above_and_less_than_one_step_below(value: int, step: int) -> None:
    made = measured("a", value, "x").down_to_multiple_of(measured("b", step, "x")).value
    assert made % step == 0
    assert value - step < made <= value
