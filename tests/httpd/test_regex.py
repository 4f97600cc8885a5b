"""Regular expressions without backtracking, compared with Python's where both mean the same."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpmtune.httpd.regex import compile_regex

LETTERS = st.sampled_from("ab/.1")
ATOMS = st.sampled_from(["a", "b", ".", r"\.", "[ab]", "[^a]", r"\d", r"\w", r"\b", "^", "$", "/"])


def patterns() -> st.SearchStrategy[str]:
    """Patterns of shapes that Python and PCRE read alike."""
    return st.recursive(
        ATOMS,
        lambda inner: st.one_of(
            st.tuples(inner, inner).map("".join),
            st.tuples(inner, inner).map(lambda two: f"(?:{two[0]}|{two[1]})"),
            inner.map(lambda one: f"({one})?"),
            inner.map(lambda one: f"(?:{one})*"),
            inner.map(lambda one: f"(?:{one})+?"),
            inner.map(lambda one: f"(?:{one}){{1,2}}"),
            inner.map(lambda one: f"(?={one})" if "(?=" not in one else one),
            inner.map(lambda one: f"(?!{one})" if "(?" not in one else one),
        ),
        max_leaves=6,
    )


@settings(max_examples=300, deadline=None)
@given(patterns(), st.text(LETTERS, max_size=8))
def test_a_pattern_matches_what_it_matches_in_python(pattern: str, text: str) -> None:
    compiled = compile_regex(pattern)
    if compiled is not None:
        assert compiled.matches(text) is bool(re.search(pattern, text, re.ASCII | re.DOTALL))


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        (r"\.(?:jpe?g|png)$", "/a.jpeg", True),
        (r"\.(?:jpe?g|png)$", "/a.jpeg/x", False),
        ("^/(?!admin)", "/admin", False),
        ("^/(?!admin)", "/adm", True),
        ("(?i)^/ADMIN", "/admin", True),
        ("a(?i:B)c", "abc", True),
        ("a(?i:B)c", "abC", False),
        ("^/u/(?<name>[^/]+)/", "/u/x/", True),
        ("^/u/(?P<name>[^/]+)/", "/u//", False),
        ("[[:alpha:]]{2,3}", "1ab", True),
        ("^[]a]$", "]", True),
        ("^[a-]$", "-", True),
        ("^[^]]$", "]", False),
        (r"^[\d\-]+$", "1-2", True),
        (r"^\x41\t$", "A\t", True),
        ("a{", "a{", True),
        ("a{,b", "a{,b", None),
        ("^a{2}$", "aa", True),
        ("^a{2,}$", "a", False),
        (r"\Aa\z", "a", True),
        (r"o\B", "oo", True),
        (r"o\B", "o", False),
        ("^.$", "\n", True),
        ("(a*)*b", "aaab", True),
        ("a||b", "", True),
        ("é", "\xe9", True),
        (r"^[\b]$", "\b", True),
        (r"^[^[:digit:]]$", "x", True),
    ],
)
def test_a_pattern_reads_as_pcre_reads_it(pattern: str, text: str, matches: bool | None) -> None:
    compiled = compile_regex(pattern)
    assert (compiled.matches(text) if compiled else None) is matches


@pytest.mark.parametrize("text", ["/A/x", "/a/X"])
def test_case_can_be_left_out_of_account(text: str) -> None:
    compiled = compile_regex("^/a/[x-z]$", ignore_case=True)
    assert compiled is not None
    assert compiled.matches(text) is True


@pytest.mark.parametrize(
    "pattern",
    [
        r"(a)\1",
        "(?<=a)b",
        "(?<!a)b",
        "a++",
        "(?>a)",
        "(?#x)",
        "*a",
        "(a",
        "a)",
        "[a",
        "[z-a]",
        r"[\d-z]",
        "[[:nosuch:]]",
        "[[.a.]]",
        r"\Qa\E",
        r"\K",
        r"\xZZ",
        "\\",
        "a**",
        "^*",
        "a{300}",
        "a{3,2}",
        "(?=(?=a))",
        "(?<1>a)",
        "(?<a",
        "[^\\x00-\\xff]",
        "€",
        "(" * 60 + ")" * 60,
        "a" * 5000,
        "(?:a{200}){200}",
        "(?:a?){250}{3}",
    ],
)
def test_what_is_not_surely_understood_is_not_guessed(pattern: str) -> None:
    assert compile_regex(pattern) is None


def test_a_hostile_pattern_takes_no_time() -> None:
    compiled = compile_regex("(a|aa)+(a|aa)+$")
    assert compiled is not None
    before = time.process_time()
    assert compiled.matches("a" * 4000 + "b") is False
    assert time.process_time() - before < 2


def test_a_match_that_would_take_too_long_is_not_told() -> None:
    compiled = compile_regex("(?=.*x)" * 10)
    assert compiled is not None
    assert compiled.matches("a" * 8000) is None
