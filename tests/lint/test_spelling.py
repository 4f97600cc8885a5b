"""Names that are a letter away from a word."""

from __future__ import annotations

import pytest

from mpmtune.lint.spelling import Lexicon

NAMES = Lexicon(("KeepAlive", "KeepAliveTimeout", "Timeout", "AuthType", "AuthName", "Use"))


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("keepalivetimout", "KeepAliveTimeout"),
        ("KeepAliveTimeouts", "KeepAliveTimeout"),
        ("KeepAliveTimaout", "KeepAliveTimeout"),
        ("KeepAilve", "KeepAlive"),
        ("AuthTyp", "AuthType"),
    ],
)
def test_a_letter_missing_added_changed_or_moved_is_recognised(word: str, meant: str) -> None:
    assert NAMES.meant(word) == meant


@pytest.mark.parametrize("word", ["KeepAwake", "Tim", "Us", "x" * 70])
def test_what_is_farther_away_too_short_or_too_long_means_nothing(word: str) -> None:
    assert not NAMES.meant(word)


def test_a_word_between_two_names_means_neither() -> None:
    assert not Lexicon(("short_a", "short_b")).meant("short_")
