"""Characters of typesetting, as latin-1 holds the bytes of their UTF-8."""

from __future__ import annotations

import pytest

from mpmtune.lint.typography import first_in, plain, typographic


def latin(text: str) -> str:
    return text.encode().decode("latin-1")


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("“index.html”", '"index.html"'),
        ("index.html”", 'index.html"'),
        ("‘a’", "'a'"),
        ("«a»", '"a"'),
        ("–Indexes", "-Indexes"),
        ("a\u00a0b", "a b"),
        ("\u200bTimeout", "Timeout"),
    ],
)
def test_a_character_that_was_meant_to_be_another_is_found(word: str, meant: str) -> None:
    assert typographic(latin(word))
    assert plain(latin(word)) == meant


@pytest.mark.parametrize("word", ["café", "a’b", "2019–2024", "index.html", "\xe9", "–"])
def test_letters_and_characters_within_a_word_are_left_alone(word: str) -> None:
    assert not typographic(latin(word))


def test_the_first_character_is_shown_as_itself() -> None:
    assert first_in(latin("a“b’")) == "“"
    assert not first_in("plain")
