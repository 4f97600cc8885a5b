"""Lines of styled spans."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpmtune.report.safe_text import printable
from mpmtune.report.text import Span, Style, columns, line, paragraph, plain


def test_columns_align_and_the_last_wraps_under_itself() -> None:
    rows = [(Span("a"), Span("one two three four five six seven")), (Span("bbb"), Span("x"))]
    assert plain(columns(rows, 30)) == (
        "  a    one two three four five\n       six seven\n  bbb  x\n"
    )


def test_sentences_stand_below_where_there_is_no_room_beside() -> None:
    rows = [(Span("a" * 20), Span("b" * 5), Span("one two three four five six")), (Span("c"),) * 3]
    assert plain(columns(rows, 34, gap=1)) == (
        f"  {'a' * 20} {'b' * 5}\n     one two three four five six\n  c{' ' * 20}c\n     c\n"
    )


def test_no_rows_make_no_lines() -> None:
    assert columns([], 80) == []


def test_a_paragraph_hangs() -> None:
    assert plain(paragraph("one two three", 9, indent=1, hang=1)) == " one two\n  three\n"


def test_a_line_takes_text_and_spans() -> None:
    assert line("a", Span("b", Style.BAD)) == (Span("a"), Span("b", Style.BAD))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text", "plain text"),
        ("é and 語", "é and 語"),
        ("a\x1b[2Jb", "a\\x1b[2Jb"),
        ("a\nb\tc", "a\\nb\\tc"),
        ("\x9b31m", "\\x9b31m"),
        ("\u202eevil", "\\u202eevil"),
        ("zero\u200bwidth", "zero\\u200bwidth"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
    ],
)
def test_what_could_steer_a_terminal_is_escaped(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(st.text())
def test_whatever_comes_in_one_printable_line_comes_out(text: str) -> None:
    made = printable(text)
    assert len(made.splitlines()) <= 1
    assert not any(ord(char) < 0x20 or 0x7F <= ord(char) <= 0x9F for char in made)
