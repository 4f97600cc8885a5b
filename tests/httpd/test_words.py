"""Words as httpd splits them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpmtune.httpd.words import arguments, next_word, section_argument, spans, split

TEXT = st.text(st.sampled_from(" \t\n\v\f\r\"'\\ab>#=\xa0\xe9"), max_size=40)


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ("", ()),
        (" \t\r", ()),
        ("On # c", ("On", "#", "c")),
        ("a\tb\vc\fd\re", ("a", "b", "c", "d", "e")),
        ("\"a b\" 'c d'", ("a b", "c d")),
        ('"a""b"', ("a", "b")),
        ('a"b c"', ('a"b', 'c"')),
        ('"un closed', ("un closed",)),
        ('""', ("",)),
        (r'"a\"b\\c\d"', (r'a"b\c\d',)),
        (r"'it\'s'", ("it's",)),
        (r'"it\'s"', (r"it\'s",)),
        (r"a\\b\"c", (r"a\b\"c",)),
        ('"a\\', ("a\\",)),
        ("a\xa0b \x85", ("a\xa0b", "\x85")),
        ("=a = b", ("=a", "=", "b")),
    ],
)
def test_arguments_are_split_as_ap_getword_conf_does(args: str, words: tuple[str, ...]) -> None:
    assert split(args) == words


def test_a_word_is_given_with_the_start_of_the_next() -> None:
    assert next_word('  "a b"  c') == ("a b", 9)
    assert next_word('  "a b"  c', 9) == ("c", 10)
    assert next_word("   ") == ("", 3)


def test_spans_hold_the_quotes() -> None:
    assert spans(" a \"b c\"'d'") == ((1, 2), (3, 8), (8, 11))


def test_the_argument_of_a_section_ends_at_its_last_bracket() -> None:
    assert section_argument('"a > b"> junk') == '"a > b"'
    assert section_argument("/x") is None
    assert arguments("<directory", "/x  y> junk") == ("/x", "y")
    assert arguments("<directory", "/x y") == ("/x", "y")
    assert arguments("redirect", "/a /b>") == ("/a", "/b>")


@settings(deadline=None)
@given(TEXT)
def test_split_and_spans_agree_and_stay_within_the_text(args: str) -> None:
    places = spans(args)
    assert len(places) == len(split(args))
    assert all(0 <= start < end <= len(args) for start, end in places)
    outside = args
    for start, end in reversed(places):
        outside = outside[:start] + outside[end:]
    assert not outside.strip(" \t\n\v\f\r")


@settings(deadline=None)
@given(TEXT)
def test_the_words_are_those_that_one_gets_one_by_one(args: str) -> None:
    words, at = [], 0
    while args[at:].strip(" \t\n\v\f\r"):
        word, at = next_word(args, at)
        words.append(word)
    assert tuple(words) == split(args)


@pytest.mark.parametrize("unit", ['"\\"', '"\\\\', "'\\'", '\\"', '"'])
def test_a_million_awkward_characters_are_split_in_one_pass(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    assert sum(len(word) for word in split(text)) <= len(text)
