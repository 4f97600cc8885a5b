"""Edits: put in order, refused when they overlap, and seen by two readers at their place only."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from mpmtune.confparse.edit import apply_edits, changes_only
from mpmtune.confparse.reader import read
from mpmtune.confparse.second_reader import Opinion, confirm
from mpmtune.model.finding import Edit

if TYPE_CHECKING:
    from mpmtune.model.config import Source

TEXT = (
    "KeepAlive On\n<VirtualHost *:80>\n  ServerName a # c\n  Alias /a \\\n   /b\n</VirtualHost>\n"
)


def at(text: str, old: str, new: str) -> Edit:
    start = text.index(old)
    return Edit(read(text, "F"), start, start + len(old), new)


def test_edits_are_applied_in_the_order_of_their_places() -> None:
    edits = [at(TEXT, "/b", "/c"), at(TEXT, "On", "Off"), at(TEXT, "  Alias", "  # new\n  Alias")]
    after = apply_edits(TEXT, edits)
    assert after == (
        "KeepAlive Off\n<VirtualHost *:80>\n  ServerName a # c\n  # new\n  Alias /a \\\n   /c\n"
        "</VirtualHost>\n"
    )


def test_insertions_at_one_place_keep_their_order() -> None:
    source = read("A\n", "F")
    edits = [Edit(source, 0, 0, "1"), Edit(source, 0, 0, "2"), Edit(source, 0, 2, "B\n")]
    assert apply_edits("A\n", edits) == "12B\n"


@pytest.mark.parametrize("places", [[(0, 2), (1, 3)], [(3, 2)], [(0, 99)], [(-1, 1)]])
def test_edits_that_overlap_or_lie_outside_are_refused(places: list[tuple[int, int]]) -> None:
    source = read("A b\n", "F")
    with pytest.raises(ValueError, match="overlaps or lies outside"):
        apply_edits("A b\n", [Edit(source, start, end, "") for start, end in places])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("On", "Off"),
        ("KeepAlive On\n", ""),
        ("KeepAlive On\n", "KeepAlive On\nTimeout 5\n"),
        ("*:80", "*:443"),
        ("  Alias /a \\\n   /b\n", "  Alias /a /b\n"),
    ],
)
def test_both_readers_see_what_was_intended(old: str, new: str) -> None:
    edits = [at(TEXT, old, new)]
    after = apply_edits(TEXT, edits)
    assert changes_only(TEXT, after, edits)
    assert confirm(TEXT, after, edits).opinion is Opinion.AGREES


def test_both_readers_see_what_was_not_intended() -> None:
    edits = [at(TEXT, "On", "Off")]
    wrong = apply_edits(TEXT, edits).replace("/b", "/c")
    assert not changes_only(TEXT, wrong, edits)
    assert confirm(TEXT, wrong, edits).opinion is Opinion.DISAGREES


def test_an_insertion_that_swallows_the_next_line_is_seen() -> None:
    source = read(TEXT, "F")
    edits = [Edit(source, 13, 13, "Timeout 5 ")]
    after = apply_edits(TEXT, edits)
    assert not changes_only(TEXT, after, edits)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("<A>\n", "ApacheConfigError while it reads"),
        ('A ""\n', "it does not give the text back as it is"),
        ("A b\n" * 30_001, "the file is too long for it"),
        ("A " + "x" * 2_100_000, "the file is too long for it"),
        ("<A>\n" * 2000 + "</A>\n" * 2000, "RecursionError while it reads"),
    ],
)
def test_the_second_reader_may_have_no_opinion(text: str, why: str) -> None:
    given = confirm(text, text, [])
    assert (given.opinion, given.why) == (Opinion.NOT_AVAILABLE, why)


def test_an_empty_text_is_no_trouble_to_it() -> None:
    edits = [Edit(source_of(""), 0, 0, "A b\n")]
    assert confirm("", "A b\n", edits).opinion is Opinion.AGREES
    assert confirm("", "A b\n", []).opinion is Opinion.DISAGREES


def source_of(text: str) -> Source:
    return read(text, "F")


def test_a_reader_that_is_not_installed_has_no_opinion(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apacheconfig", None)
    given = confirm("A b\n", "A c\n", [])
    assert given.opinion is Opinion.NOT_AVAILABLE
    assert given.why == "ModuleNotFoundError while it reads"
