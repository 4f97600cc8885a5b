"""Distributions: what a bucket holds, and sums."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpmtune.model.distribution import (
    Distribution,
    bounds_of,
    bucket_of,
    distribution,
    distribution_of,
)

VALUES = st.integers(0, 10**15)


@pytest.mark.parametrize(
    ("value", "bucket", "bounds"),
    [
        (0, 0, (0, 0)),
        (127, 127, (127, 127)),
        (128, 128, (128, 129)),
        (255, 191, (254, 255)),
        (256, 192, (256, 259)),
        (640, 272, (640, 647)),
        (1_000_000, 954, (999_424, 1_007_615)),
    ],
)
def test_a_value_has_a_bucket(value: int, bucket: int, bounds: tuple[int, int]) -> None:
    assert bucket_of(value) == bucket
    assert bounds_of(bucket) == bounds


@given(VALUES)
def test_a_value_lies_in_its_bucket_which_is_narrow(value: int) -> None:
    lowest, highest = bounds_of(bucket_of(value))
    assert lowest <= value <= highest
    assert abs((lowest + highest) // 2 - value) * 128 <= max(value, 1)


@given(st.integers(0, 5000))
def test_buckets_follow_each_other_without_a_gap(bucket: int) -> None:
    assert bounds_of(bucket)[1] + 1 == bounds_of(bucket + 1)[0]


def test_a_percentile_is_the_nearest_rank() -> None:
    made = distribution_of([1, 2, 3, 4, 100])
    assert [made.at(per_mille) for per_mille in (1, 200, 201, 800, 801, 1000)] == [
        1,
        1,
        2,
        4,
        100,
        100,
    ]
    assert (made.count, made.total, made.largest, made.mean) == (5, 110, 100, 22)


def test_a_percentile_is_never_above_the_largest_value() -> None:
    assert distribution_of([1_000_000]).at(999) == 1_000_000


def test_nothing_has_no_values() -> None:
    nothing = Distribution()
    assert (nothing.count, nothing.mean, nothing.at(500), nothing.largest) == (0, Fraction(0), 0, 0)
    assert distribution({5: 0}, 0, 0) == nothing
    assert distribution_of([]) == nothing


@settings(max_examples=50)
@given(st.lists(VALUES), st.lists(VALUES), st.lists(VALUES))
def test_parts_add_up_in_any_order(one: list[int], two: list[int], three: list[int]) -> None:
    parts = [distribution_of(values) for values in (one, two, three)]
    whole = distribution_of(one + two + three)
    assert parts[0] + parts[1] + parts[2] == whole
    assert parts[2] + (parts[0] + parts[1]) == whole
