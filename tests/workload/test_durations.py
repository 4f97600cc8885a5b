"""Durations counted."""

from __future__ import annotations

from mpmtune.model.distribution import distribution_of
from mpmtune.workload.columns import UNKNOWN, Columns
from mpmtune.workload.durations import Durations

MIB = 1 << 20


def added(durations: list[int], sizes: list[int] | None = None, unit: int = 1) -> Durations:
    made = Durations()
    made.add(Columns([b"a"] * len(durations), durations, sizes), unit)
    return made


def test_all_kinds_of_durations_are_counted_where_they_belong() -> None:
    values = [0, 1, 8191, 8192, 60_000, 999_999, 1_000_000, 12_000_000, 86_400_000_000]
    made = added(values)
    assert made.distribution() == distribution_of(values)
    assert (made.timed, made.busy, made.longest) == (9, 86_414_076_383, 86_400_000_000)
    assert (made.long, made.long_busy) == (2, 86_412_000_000)


def test_what_cannot_be_is_no_part_of_the_numbers() -> None:
    made = Durations()
    columns = Columns([b"a", b"b", b"c", b"a"], [5, UNKNOWN, 86_400_000_001, 2_500_000])
    found = made.add(columns, 1)
    assert (made.timed, made.untimed, made.overlong) == (2, 1, 1)
    assert (made.busy, made.longest) == (2_500_005, 2_500_000)
    assert found == [(b"b", UNKNOWN), (b"c", 86_400_000_001), (b"a", 2_500_000)]


def test_the_longest_is_a_short_one_when_the_others_cannot_be() -> None:
    assert added([700, UNKNOWN]).longest == 700
    assert added([UNKNOWN]).longest == 0


def test_the_unit_is_the_format_s() -> None:
    assert added([0, 3, 1500], unit=1000).distribution() == distribution_of([0, 3000, 1_500_000])
    assert added([UNKNOWN], unit=1_000_000).untimed == 1


def test_a_slow_reader_takes_long_for_much() -> None:
    made = added(
        [2_000_000, 2_000_000, 2_000_000, 900_000],
        [MIB, MIB - 1, 2 * MIB, MIB],
    )
    assert (made.slow, made.slow_busy) == (1, 2_000_000)


def test_two_readers_add_up() -> None:
    one, other = added([5, 1_500_000], [MIB, MIB]), added([9000, 11_000_000, UNKNOWN])
    one.absorb(other)
    assert one == added([5, 1_500_000, 9000, 11_000_000, UNKNOWN], [MIB, MIB, 0, 0, 0])
