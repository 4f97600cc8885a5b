"""Sizes and times as administrators write them."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpmtune.model.sizes import parse_size, parse_time, show_size


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("0", 0),
        ("1", 1),
        ("512MiB", 536_870_912),
        ("512M", 536_870_912),
        ("512mb", 536_870_912),
        ("4GiB", 4_294_967_296),
        ("4 GiB", 4_294_967_296),
        ("1.5G", 1_610_612_736),
        ("16K", 16_384),
        ("2TiB", 2_199_023_255_552),
        ("1P", 1_125_899_906_842_624),
        ("100B", 100),
    ],
)
def test_a_size_is_read(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize(
    "text", ["", "-1", "4GG", "1e9", "four", "4 4", "0x10", "١", "4GiB\n4", "1."]
)
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no size"):
        parse_size(text)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30s", 30),
        ("30", 30),
        ("500ms", Fraction(1, 2)),
        ("5min", 300),
        ("2h", 7200),
        ("1.5s", Fraction(3, 2)),
    ],
)
def test_a_time_is_read(text: str, seconds: Fraction | int) -> None:
    assert parse_time(text) == seconds


@pytest.mark.parametrize("text", ["", "5m", "-1s", "abc", "5 days"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no time"):
        parse_time(text)


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (0, "0 B"),
        (9_999, "9999 B"),
        (10_240, "10 KiB"),
        (8_589_934_592, "8192 MiB"),
        (25_276_465_152, "23.5 GiB"),
        (-10_240, "-10 KiB"),
    ],
)
def test_a_size_is_shown(number: int, shown: str) -> None:
    assert show_size(number) == shown


@given(st.integers(0, 2**60))
def test_a_shown_size_is_within_a_twentieth_of_the_number(number: int) -> None:
    assert abs(parse_size(show_size(number)) - number) * 20 <= max(number, 20)
