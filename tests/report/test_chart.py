"""Charts of block characters."""

from __future__ import annotations

import pytest

from mpmtune.report.chart import bars, narrowed


def test_the_greatest_value_is_as_high_as_the_chart() -> None:
    assert bars([0, 1, 8, 16, 4], 2) == ["   █ ", " ▁██▄"]


def test_a_small_value_shows() -> None:
    assert bars([1, 1_000_000], 1) == ["▁█"]


@pytest.mark.parametrize("values", [[], [0, 0]])
def test_nothing_is_blank(values: list[int]) -> None:
    assert bars(values, 2) == [" " * len(values)] * 2


def test_neighbours_are_added_up() -> None:
    assert narrowed([1, 2, 3, 4, 5], 2) == [3, 7, 5]
    assert narrowed([1, 2], 1) == [1, 2]
