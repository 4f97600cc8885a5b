"""Numbers of arguments, and httpd's sentences about them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpmtune.httpd.arity import PLAINLY_RIGHT, refusal
from mpmtune.httpd.directives import Directive
from mpmtune.httpd.words import split


def row(kind: str, help_line: str = "") -> Directive:
    return Directive("X", "core", ("core",), kind, 128, 0, "s", "", "", help_line)


@pytest.mark.parametrize(
    ("kind", "right", "wrong", "phrase"),
    [
        (
            "TAKE1",
            ["a", '"a b"', '"a', "' '"],
            ["", '""', "a b", "a # b", '"a" ""'],
            "one argument",
        ),
        ("TAKE2", ["a b"], ["", "a", "a b c", '"" b', 'a ""'], "two arguments"),
        ("TAKE3", ["a b c"], ["a b", "a b c d", 'a b ""'], "three arguments"),
        ("TAKE12", ["a", "a b", 'a ""'], ["", '"" b', "a b c"], "1-2 arguments"),
        ("TAKE23", ["a b", "a b c", 'a b ""'], ["a", 'a ""', "a b c d"], "two or three arguments"),
        (
            "TAKE123",
            ["a", "a b", "a b c"],
            ["", "a b c d", '"" b'],
            "one, two or three arguments",
        ),
    ],
)
def test_counted_arguments(kind: str, right: list[str], wrong: list[str], phrase: str) -> None:
    assert [refusal(row(kind), split(args)) for args in right] == [None] * len(right)
    said = f"X takes {phrase}"
    assert [refusal(row(kind), split(args)) for args in wrong] == [said] * len(wrong)


def test_one_or_more_arguments() -> None:
    assert refusal(row("ITERATE"), split("a b c d")) is None
    assert refusal(row("ITERATE"), split('a ""')) is None
    assert refusal(row("ITERATE"), []) == "X requires at least one argument"
    assert refusal(row("ITERATE"), split('"" a')) == "X requires at least one argument"
    assert refusal(row("ITERATE2"), split("a b c")) is None
    assert refusal(row("ITERATE2"), split("a")) == "X requires at least two arguments"
    assert refusal(row("ITERATE2"), split('"" b')) == "X requires at least two arguments"


def test_a_flag_forgives_what_follows_it() -> None:
    assert refusal(row("FLAG"), split("On # not a comment")) is None
    assert refusal(row("FLAG"), split("yes")) == "X must be On or Off"
    assert refusal(row("FLAG"), []) == "X must be On or Off"


def test_raw_arguments_are_not_counted() -> None:
    assert refusal(row("RAW_ARGS"), []) is None
    assert refusal(row("TAKE_ARGV"), []) is None


def test_the_help_follows_but_not_on_a_flag() -> None:
    assert refusal(row("TAKE1", "a number"), []) == "X takes one argument, a number"
    assert refusal(row("FLAG", "on or off"), []) == "X must be On or Off"


@given(
    st.sampled_from(sorted(PLAINLY_RIGHT)),
    st.text(alphabet="on \t\"'\\a#\xa0", max_size=12).map(lambda text: text.strip(" \t")),
)
def test_what_is_plainly_right_is_right(kind: str, args: str) -> None:
    plainly_right = PLAINLY_RIGHT[kind]
    if plainly_right is None or plainly_right(args):
        assert refusal(row(kind), split(args)) is None
