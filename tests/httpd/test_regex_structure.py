"""What the structure of a pattern tells: how a match begins, and what it must or may hold."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpmtune.httpd.regex import compile_regex
from mpmtune.httpd.regex_parts import set_of
from mpmtune.httpd.regex_structure import beginning, characters_of, requires


@pytest.mark.parametrize(
    "pattern",
    ["^old$", "^$", "^(old|new)", "^o?ld", "^(?:a|b)*c", "^[a-z]", "^(^old)", r"^\bold", "^$|^x"],
)
def test_no_path_with_a_slash_before_it_matches(pattern: str) -> None:
    begins = beginning(pattern)
    assert begins is not None
    assert not begins.may_be("/")


@pytest.mark.parametrize(
    "pattern",
    [
        "old",
        "^/?old",
        "^",
        "^(/.*)?$",
        "^.old",
        "^[^a]",
        "",
        "^a|b",
        "^(a|)",
        "(^a|b)",
        "^a?",
        "^a*$|",
    ],
)
def test_a_path_with_a_slash_before_it_may_match(pattern: str) -> None:
    begins = beginning(pattern)
    assert begins is not None
    assert begins.may_be("/")


@pytest.mark.parametrize("pattern", ["^/old$", "^(/a|/b)", "^/+x", "^(/|/x)", "^/"])
def test_only_a_path_with_a_slash_before_it_matches(pattern: str) -> None:
    begins = beginning(pattern)
    assert begins is not None
    assert not begins.may_be_other_than("/")


@pytest.mark.parametrize("pattern", ["^/?old$", "/old", "^$", "^(/|$)", "^/*$", "^(?=/)", "^[/x]"])
def test_a_path_without_a_slash_before_it_may_match(pattern: str) -> None:
    begins = beginning(pattern)
    assert begins is not None
    assert begins.may_be_other_than("/")


def test_case_counts_unless_it_is_ignored() -> None:
    plain, folded = beginning("^a"), beginning("^a", ignore_case=True)
    assert plain is not None
    assert folded is not None
    assert not plain.may_be("A")
    assert folded.may_be("A")


@pytest.mark.parametrize("pattern", ["(?<!a)b", "a++", "(", "^/a(?R)"])
def test_of_what_is_not_understood_nothing_is_told(pattern: str) -> None:
    assert beginning(pattern) is None
    assert characters_of(pattern) is None
    assert not requires(pattern, "a")


@pytest.mark.parametrize(
    ("pattern", "required"),
    [
        (r"^/p\?id", True),
        ("a[?]b", True),
        (r"(a\?|b\?)", True),
        (r"(a\?)+", True),
        (r"(a\?|b)", False),
        (r"(a\?)*", False),
        ("pages?/", False),
        ("[?&]x", False),
        (r"(?=\?)x", False),
    ],
)
def test_a_character_is_required_when_no_way_leads_past_it(pattern: str, *, required: bool) -> None:
    assert requires(pattern, "?") is required


def test_the_characters_of_a_pattern_are_those_of_all_its_parts() -> None:
    assert characters_of("a(b|[cd])*$") == set_of("abcd")
    assert characters_of("^$") == 0


ATOMS = st.sampled_from(["a", "/", ".", "[^a]", "^", "$", "(a|/)", "(^/|b)", "(?:a)", "(|/)"])
REPEATS = st.sampled_from(["", "", "", "?", "*", "+"])


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(ATOMS, REPEATS), max_size=5), st.text("ab/", max_size=4))
def test_what_matches_begins_as_it_was_told(parts: list[tuple[str, str]], text: str) -> None:
    pattern = "".join(atom + ("" if atom in "^$" else repeat) for atom, repeat in parts)
    compiled, begins = compile_regex(pattern), beginning(pattern)
    if compiled is None or begins is None or not compiled.matches(text):
        return
    assert begins.may_be(text[0]) if text else begins.anything or begins.empty
    for character in "?a":
        assert character in text or not requires(pattern, character)
