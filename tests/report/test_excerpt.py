"""The line of a finding, its mark, and what is held back of it."""

from __future__ import annotations

import pytest

from mpmtune.confparse.reader import items_of
from mpmtune.model.config import Source
from mpmtune.model.finding import Passage
from mpmtune.report.excerpt import excerpt_of, width
from mpmtune.report.masked_lines import mask_line, masked, shown


def source_of(text: str) -> Source:
    raw = text.encode().decode("latin-1")
    return Source("a.conf", raw, items_of(raw))


def shown_at(text: str, piece: str) -> tuple[str, str]:
    """The line, and the mark below it, for a piece of a text."""
    source = source_of(text)
    raw = piece.encode().decode("latin-1")
    start = source.text.index(raw)
    made = excerpt_of(Passage(source, start, start + len(raw)))
    assert made is not None
    return made.text, " " * made.mark_start + "^" * made.mark_width


@pytest.mark.parametrize(
    ("text", "piece", "line", "mark"),
    [
        ("Timeout 60\n", "60", "Timeout 60", "        ^^"),
        ("\tTimeout\t60\n", "60", "    Timeout    60", "               ^^"),
        ("DirectoryIndex ä b\n", "b", "DirectoryIndex ä b", "                 ^"),
        ("DirectoryIndex 漢字 b\n", "b", "DirectoryIndex 漢字 b", " " * 20 + "^"),
        ("DirectoryIndex a\u0308 b\n", "b", "DirectoryIndex a\u0308 b", " " * 17 + "^"),
        ("ServerAdmin a\x1b[2Jb\n", "a\x1b[2Jb", "ServerAdmin a\\x1b[2Jb", " " * 12 + "^" * 9),
        ("Timeout \\\n 60\n", "Timeout \\\n 60", "Timeout \\", "^^^^^^^^^"),
    ],
)
def test_the_mark_stands_below_the_piece(text: str, piece: str, line: str, mark: str) -> None:
    assert shown_at(text, piece) == (line, mark)


def test_a_long_line_is_cut_around_the_mark() -> None:
    text = "DirectoryIndex " + "a " * 500 + "X " + "b " * 500 + "\n"
    line, mark = shown_at(text, "X")
    assert line.startswith("…")
    assert line.endswith("…")
    assert len(line) <= 140
    assert line[len(mark) - 1] == "X"


def test_a_mark_is_no_longer_than_its_line() -> None:
    line, mark = shown_at(f"DirectoryIndex {'a' * 5000}\n", "a" * 5000)
    assert len(mark) <= len(line) == 140


def test_of_a_line_that_nobody_writes_only_the_name_is_shown() -> None:
    text = "DirectoryIndex " + "a " * 4_000_000 + "X\n"
    assert shown_at(text, "X") == ("DirectoryIndex ***", "^" * 14)


def test_nothing_is_shown_where_there_is_nothing() -> None:
    assert excerpt_of(Passage(source_of("\n\n"), 0, 0)) is None
    assert excerpt_of(Passage(source_of(""), 0, 0)) is None


def test_of_a_secret_only_the_name_is_shown_and_marked() -> None:
    assert shown_at("  AuthLDAPBindPassword x1\n", "x1") == (
        "AuthLDAPBindPassword ***",
        "^" * 20,
    )


def test_width_counts_columns() -> None:
    assert [width(text) for text in ("abc", "漢字", "a\u0308", "")] == [3, 4, 1, 0]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Timeout 60", "Timeout 60"),
        ("  SetEnv A s3cret", "  SetEnv A ***"),
        ("ProxyPass /a http://u:s3cret@h/", "ProxyPass /a http://***@h/"),
        ("# SetEnv A s3cret", "# SetEnv ***"),
        ("#<If \"%{a} == 's3cret'\">", "#<If ***"),
        ("# PassengerSecret s3cret", "# PassengerSecret ***"),
        ("# QS_SrvMaxConn s3cret", "# QS_SrvMaxConn ***"),
        ("# AuthLDAPBindPassword s3cret", "# AuthLDAPBindPassword ***"),
        ("# MPM event: written by mpmtune", "# MPM event: written by mpmtune"),
        ("# This is prose: see http://u:s3cret@h/", "# This is prose: see http://***@h/"),
        ("#Timeout 60", "#Timeout 60"),
        ("</IfModule>", "</IfModule>"),
        ("", ""),
    ],
)
def test_lines_are_masked_and_commented_ones_too(line: str, expected: str) -> None:
    assert mask_line(line) == expected


def test_what_continues_a_masked_line_is_hidden() -> None:
    lines = ["SetEnv A b\\", " s3cret\\", " more", "Timeout 60"]
    assert list(masked(lines)) == ["SetEnv A ***", "***", "***", "Timeout 60"]


def test_pieces_are_shown_as_utf8_without_control_characters() -> None:
    assert shown("größe\t\x07".encode().decode("latin-1")) == "größe    \\x07"
