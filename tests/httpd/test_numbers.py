"""Numbers as C reads them; the expected values were printed by the real functions."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpmtune.httpd.numbers import (
    Long,
    atoi,
    connections_per_idle_worker,
    parse_flag,
    parse_timeout,
    strtod,
    strtol,
)

NOW = (2, 4, 71)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", 5),
        ("+7", 7),
        ("-5", -5),
        (" \t\v5", 5),
        ("007", 7),
        ("5,000", 5),
        ("5K", 5),
        ("0x10", 0),
        ("1e3", 1),
        ("3.9", 3),
        ("abc", 0),
        ("", 0),
        ("-", 0),
        ("#5", 0),
        ("\u00b2", 0),  # a superscript two is no digit
        ("2147483647", 2147483647),
        ("2147483648", -2147483648),
        ("4294967297", 1),
        ("-2147483649", 2147483647),
        ("9223372036854", 2077252342),
        ("9223372036854775807", -1),
        ("99999999999999999999999", -1),
        ("-99999999999999999999999", 0),
    ],
)
def test_atoi_takes_what_looks_like_a_number_and_cuts_it_to_32_bits(text: str, value: int) -> None:
    assert atoi(text) == value


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("16x", Long(16, 2, overflow=False)),
        (" -1", Long(-1, 3, overflow=False)),
        ("x", Long(0, 0, overflow=False)),
        ("9223372036854775807", Long(9223372036854775807, 19, overflow=False)),
        ("9223372036854775808", Long(9223372036854775807, 19, overflow=True)),
        ("-9223372036854775809", Long(-9223372036854775808, 20, overflow=True)),
    ],
)
def test_strtol_saturates_and_says_so(text: str, number: Long) -> None:
    assert strtol(text) == number


def test_a_number_of_a_million_digits_is_read_at_once() -> None:
    assert atoi("9" * 1_000_000) == -1
    assert atoi("0" * 1_000_000 + "7") == 7


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.5", 1.5),
        (".5", 0.5),
        ("5.", 5.0),
        ("1e3", 1000.0),
        ("-0", 0.0),
        (" 3", 3.0),
        ("0x4", 4.0),
        ("0x.8", 0.5),
        ("0x1p4", 16.0),
        ("-0X10", -16.0),
        ("inf", math.inf),
        ("-INFINITY", -math.inf),
        ("1e400", math.inf),
        ("0x1p99999", math.inf),
    ],
)
def test_strtod_reads_what_c_reads(text: str, value: float) -> None:
    assert strtod(text) == value


@pytest.mark.parametrize("text", ["", ".", "2x", "2,5", "0x", "infin", "nan(", "5 ", "e5"])
def test_strtod_has_something_left_over(text: str) -> None:
    assert strtod(text) is None


@pytest.mark.parametrize("text", ["nan", "-NAN", "nan(abc)"])
def test_strtod_takes_nan(text: str) -> None:
    value = strtod(text)
    assert value is not None
    assert math.isnan(value)


@pytest.mark.parametrize(
    ("factor", "used"),
    [
        (1, 1),
        (1.5, 1),
        (2.9, 2),
        (0.5, 1),
        (1e-30, 1),
        (200, 200),
        (268435455, 268435455),
        (268435456, 1),  # 2^28 sixteenths-of-16 leave nothing of the low 32 bits
        (268435457, 1),
        (2e8, 200000000),
        (1e30, 1),
        (math.inf, 1),
        (math.nan, 1),
    ],
)
def test_the_factor_is_a_whole_number_of_at_least_one(factor: float, used: int) -> None:
    assert connections_per_idle_worker(factor, NOW) == used


@pytest.mark.parametrize(
    ("factor", "used"), [(1.5, 1.5), (2.95, 2.9375), (0.5, 0.5), (0.01, 0.0625)]
)
def test_sixteenths_of_the_factor_counted_before_2_4_30(factor: float, used: float) -> None:
    assert connections_per_idle_worker(factor, (2, 4, 29)) == used
    assert connections_per_idle_worker(factor, (2, 4, 30)) != used


@pytest.mark.parametrize(
    ("text", "microseconds"),
    [
        ("5", 5_000_000),
        ("0", 0),
        ("-0", 0),
        ("+5", 5_000_000),
        (" 5", 5_000_000),
        ("5s", 5_000_000),
        ("5second", 5_000_000),
        ("500ms", 500_000),
        ("5msx", 5_000),
        ("5mi", 300_000_000),
        ("1min", 60_000_000),
        ("2h", 7_200_000_000),
        ("ms", 0),
        ("min", 0),
        ("s", 0),
        ("h", 0),
        ("99999999999", 99_999_999_999_000_000),
        ("9223372036854", 9_223_372_036_854_000_000),
        ("153722867280min", 9_223_372_036_800_000_000),
        ("2562047788h", 9_223_372_036_800_000_000),
    ],
)
def test_times_are_read_by_the_first_letters_of_their_unit(text: str, microseconds: int) -> None:
    assert parse_timeout(text) == microseconds


@pytest.mark.parametrize(
    "text",
    [
        "5S",
        "500MS",
        "500mS",
        "1MIN",
        "2H",
        "5m",
        "1.5",
        "5x",
        "5d",
        "5 s",
        "abc",
        "-1",
        "-5ms",
        "9223372036855",
        "9223372036854775808",
        "9223372036854776ms",
        "153722867281min",
        "2562047789h",
        "-99999999999999999999999",
    ],
)
def test_times_that_httpd_refuses(text: str) -> None:
    assert parse_timeout(text) is None


def test_flags_are_on_or_off_in_any_case() -> None:
    assert [parse_flag(text) for text in ("On", "OFF", "oN", "1", "yes", "")] == [
        True,
        False,
        True,
        None,
        None,
        None,
    ]


@given(st.text(alphabet=st.characters(max_codepoint=255)))
def test_no_text_makes_a_parser_raise(text: str) -> None:
    assert -(2**31) <= atoi(text) < 2**31
    assert strtol(text).end <= len(text)
    time = parse_timeout(text)
    assert time is None or 0 <= time < 2**63
    strtod(text)


@given(st.floats(min_value=0, exclude_min=True, allow_nan=False))
def test_the_factor_in_use_is_whole_and_positive(factor: float) -> None:
    used = connections_per_idle_worker(factor, NOW)
    assert used >= 1
    assert used == int(used)
