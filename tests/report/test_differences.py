"""Numbers as differences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpmtune.report.differences import read, written


def test_a_small_difference_is_one_character() -> None:
    assert written([]) == ""
    assert written([0, 1, 2, 1, 16, 1]) == "ACCDef"


def test_a_greater_one_has_its_lowest_digits_first() -> None:
    assert written([16]) == "gB"
    assert written([123, 0]) == "2H3H"
    assert written([1_000_000]) == "gkh9B"


@given(st.lists(st.integers(0, 1 << 80)))
def test_numbers_come_back(numbers: list[int]) -> None:
    assert read(written(numbers)) == numbers


@pytest.mark.parametrize("text", ["g", "A g", "A=", "é", "g" * 20 + "A", "gBg"])
def test_other_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"no differences|cut off"):
        read(text)
