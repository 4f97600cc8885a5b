"""One argument, as a reader and as httpd sees it."""

from __future__ import annotations

import pytest

from mpmtune.lint.rule import Example
from mpmtune.lint.written_values import integer_in, number_of, value_of, word_in
from tests.lint.example_readings import reading_of


@pytest.mark.parametrize(
    ("word", "number"),
    [("25", 25), ("-1", -1), ("+007", 7), ("25k", None), ("1.5", None), ("", None), ("٣", None)],
)
def test_an_integer_is_digits_and_nothing_else(word: str, number: int | None) -> None:
    assert integer_in(word) == number


def test_a_number_beyond_any_use_is_no_integer() -> None:
    assert integer_in("9" * 4000) is None


def test_httpd_s_value_is_in_seconds_and_bytes() -> None:
    (tree,) = reading_of(
        Example(bad="x"), "KeepAliveTimeout 250ms\nMaxMemFree 4\nKeepAlive on\n"
    ).trees
    assert value_of(tree.by_name["keepalivetimeout"][0]) == 0.25
    assert value_of(tree.by_name["maxmemfree"][0]) == 4096
    assert value_of(tree.by_name["keepalive"][0]) == "On"


def test_what_httpd_refuses_has_no_value() -> None:
    (tree,) = reading_of(Example(bad="x"), "KeepAliveTimeout 5m\nKeepAlive maybe\n").trees
    assert number_of(tree.by_name["keepalivetimeout"][0]) is None
    assert value_of(tree.by_name["keepalive"][0]) is None


def test_where_there_is_no_line_or_no_argument_there_is_no_value() -> None:
    assert number_of(None) is None
    (tree,) = reading_of(Example(bad="x"), "MaxRequestWorkers\n").trees
    (line,) = tree.by_name["maxrequestworkers"]
    assert word_in(line) == ""
