"""Percentiles."""

import pytest

from mpmtune.model.statistics import percentile


def test_a_percentile_is_a_value_that_was_measured() -> None:
    values = [5, 1, 4, 2, 3]
    assert percentile(values, 50) == 3
    assert percentile(values, 95) == 5
    assert percentile(values, 100) == 5
    assert percentile(values, 1) == 1
    assert percentile([7], 50) == 7
    assert percentile([1, 2], 50) == 1


@pytest.mark.parametrize(("values", "rank"), [([], 50), ([1], 0), ([1], 101)])
def test_a_percentile_of_nothing_is_refused(values: list[int], rank: int) -> None:
    with pytest.raises(ValueError, match="rank from 1 to 100"):
        percentile(values, rank)
