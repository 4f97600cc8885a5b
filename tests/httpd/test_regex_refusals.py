"""Patterns that PCRE2 refuses: each was put to httpd 2.4.71 in a RedirectMatch."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpmtune.httpd.regex_refusals import problem

REFUSED = {
    "/(unclosed": "the parenthesis at 2 is not closed",
    "((a)": "the parenthesis at 1 is not closed",
    "a(?": "the parenthesis at 2 is not closed",
    "a)": "no parenthesis is open at 2",
    "[a": "the bracket at 1 is not closed",
    "[]": "the bracket at 1 is not closed",
    "[^]": "the bracket at 1 is not closed",
    "[\\]": "the bracket at 1 is not closed",
    "[[:alpha:]": "the bracket at 1 is not closed",
    "x[:alpha:]": "the class at 2 counts within brackets only",
    "*.php": "there is nothing to repeat at 1",
    "a|*b": "there is nothing to repeat at 3",
    "(?:*)": "there is nothing to repeat at 4",
    "a**": "there is nothing to repeat at 3",
    "a?*": "there is nothing to repeat at 3",
    "^*": "there is nothing to repeat at 2",
    "\\b*": "there is nothing to repeat at 3",
    "x{1}{2}": "there is nothing to repeat at 5",
    "a{2,1}": "the numbers at 2 are out of order",
    "a{99999}": "the number at 2 is above 65535",
    "(?#a(b": "the comment at 1 is not closed",
    "a\\": "it ends in a backslash",
}
TAKEN = (
    "",
    "[]a]",
    "[^]a]",
    "[]-a]",
    "[[:alpha:]_]",
    "[\\Q]\\E]",
    "a*+a++a?+a*?a{1}+",
    "a{1",
    "a{,b}",
    "(?!a)*",
    "()*",
    "(?i)a(?-i)(?i:b)",
    "(?<n>a)(?P<m>b)(?<=c)(?>d)(?|e|f)",
    "\\Q(*\\E+",
    "\\Q(",
    "\\x{41}{2}\\p{L}+",
    "(?#(abc)x",
    "(*UTF8)a",
)
DOUBTFUL = ("(?x)a # (", "(?(1)a|b", "(*pla:a", "(a)\\2", "(?<=a*)b")
PIECES = (
    *("(", ")", "[", "]", "{", "}", "*", "+", "?", "a", "^", "$", "|", "\\", ",", "1", ":", "-"),
    *("(?:", "(?=", "[^", "{2}", "[:alpha:]", "\\Q", "\\E", "\\b", "(?#", "(?<n>"),
)


@pytest.mark.parametrize(("pattern", "said"), REFUSED.items())
def test_a_pattern_that_cannot_be_compiled_is_told(pattern: str, said: str) -> None:
    assert problem(pattern) == said


@pytest.mark.parametrize("pattern", TAKEN)
def test_a_pattern_that_httpd_takes_is_not_told(pattern: str) -> None:
    assert problem(pattern) is None


@pytest.mark.parametrize("pattern", DOUBTFUL)
def test_what_only_a_compiler_could_tell_is_left_alone(pattern: str) -> None:
    assert problem(pattern) is None


@settings(max_examples=200)
@given(st.text(st.characters(max_codepoint=255), max_size=30).map(re.escape))
def test_a_quoted_text_is_a_pattern(pattern: str) -> None:
    assert problem(pattern) is None


@settings(max_examples=200)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_any_text_gets_an_answer(pattern: str) -> None:
    said = problem(pattern)
    assert said is None or said.startswith(("the ", "no ", "it ", "there "))
