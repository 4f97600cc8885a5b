"""Text → items: kinds, names, spans, and what is wrong with a file by itself."""

from __future__ import annotations

import pytest

from mpmtune.confparse.lines import HTACCESS_LINE_LIMIT, source_offset
from mpmtune.confparse.reader import read
from mpmtune.model.config import Fault, ItemKind

D, OPEN, C = ItemKind.DIRECTIVE, ItemKind.OPEN, ItemKind.CLOSE


@pytest.mark.parametrize(
    ("line", "kind", "name", "spelling", "args"),
    [
        ("KeepAlive On", D, "keepalive", "KeepAlive", "On"),
        (" \tKEEPALIVE\tOn  # c \r", D, "keepalive", "KEEPALIVE", "On  # c"),
        ("<VirtualHost *:80>", OPEN, "<virtualhost", "<VirtualHost", "*:80>"),
        ("<Else>", OPEN, "<else", "<Else>", ">"),
        ("<Else", OPEN, "<else", "<Else", ">"),
        ('<If "a > b"> # c', OPEN, "<if", "<If", '"a > b"> # c'),
        ("</Directory> # c", C, "</directory", "</Directory>", "# c"),
        ("</Directory", C, "</directory", "</Directory", ""),
        ('"KeepAlive" On', D, "keepalive", "KeepAlive", "On"),
        ("'<Files' x>", OPEN, "<files", "<Files", "x>"),
        ("foo> x", D, "foo", "foo>", "x"),
        ("a/> x", D, "a/>", "a/>", "x"),
        ("a\\\\b x", D, "a\\b", "a\\b", "x"),
        ("# comment ", ItemKind.COMMENT, "", "", "# comment"),
        ("  ", ItemKind.BLANK, "", "", ""),
        ("\0KeepAlive On", ItemKind.BLANK, "", "", ""),
        ("KeepAlive\0 On", D, "keepalive", "KeepAlive", ""),
        ("\xc9A x", D, "\xc9a", "\xc9A", "x"),
    ],
)
def test_a_line_becomes_an_item(
    line: str, kind: ItemKind, name: str, spelling: str, args: str
) -> None:
    (item,) = read(line, "F").items
    assert (item.kind, item.name, item.spelling, item.args) == (kind, name, spelling, args)


def test_args_know_where_they_stand() -> None:
    text = 'A  b c\n"B" \\\n   \\\n  d\\\ne\n<Else>\n\\\n  C f\n'
    source = read(text, "F")
    starts = [item.args_start for item in source.items]
    assert [text[start : start + 1] for start in starts] == ["b", "d", "", "f"]
    assert starts[2] == -1
    assert [item.args for item in source.items] == ["b c", "de", ">", "f"]


def test_the_offset_after_a_line_is_the_start_of_the_next() -> None:
    assert source_offset("A \\\n b\nC", 0, 4) == 6
    assert source_offset("A b\nC", 0, 3) == 3
    assert source_offset("A b", 0, 3) == 3


def test_lines_are_known_first_last_and_by_column() -> None:
    source = read("A b\n\n  C \\\n d\nE\xc3\xa9 f\n", "F")
    first, _, second, third = source.items
    assert (source.line_of(first.start), source.last_line_of(first)) == (1, 1)
    assert (source.line_of(second.start), source.last_line_of(second)) == (3, 4)
    assert source.place(source.text_start(second)) == (3, 3)
    assert source.place(third.args_start) == (5, 4)  # two bytes, one character


@pytest.mark.parametrize(
    ("text", "last"),
    [("A \\\n", 2), ("A \\\r\n", 2), ("A x\\\\\n\n", 3), ("A x\\\n\n", 2), ("A x\\", 1)],
)
def test_a_file_that_ends_in_a_continuation_has_one_line_more(text: str, last: int) -> None:
    source = read(text, "F")
    assert source.last_line_of(source.items[0]) == last


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<A>\n</A>\n", []),
        ("</A>\n", [(Fault.STRAY_CLOSE, 1, "</A> without matching <A> section")]),
        (
            "<A>\n<B>\n</A>\n</C>\n",
            [
                (Fault.MISMATCHED_CLOSE, 3, "Expected </B> but saw </A>"),
                (Fault.STRAY_CLOSE, 4, "</C> without matching <C> section"),
            ],
        ),
        (
            "<A x>\n<B>\n",
            [
                (Fault.UNCLOSED_SECTION, 1, "<A> was not closed."),
                (Fault.UNCLOSED_SECTION, 2, "<B> was not closed."),
            ],
        ),
        ("<A>\n</a\n", [(Fault.MISSING_BRACKET, 2, "</a> directive missing closing '>'")]),
        ("<Macro m>\n<A>\n</B>\n</Macro>\n", []),
        ("<Perl>\nif (1 </Directory>) {}\n<x>\n</Perl>\n", []),
    ],
)
def test_the_structure_of_a_file_is_judged_by_itself(
    text: str, found: list[tuple[Fault, int, str]]
) -> None:
    diagnostics = read(text, "F").diagnostics
    assert [(one.fault, one.line, one.text) for one in diagnostics] == found


def test_a_line_too_long_for_httpd_is_told() -> None:
    text = "A b\nC " + "x" * HTACCESS_LINE_LIMIT + "\n"
    (found,) = read(text, "F", line_limit=HTACCESS_LINE_LIMIT).diagnostics
    assert (found.fault, found.line) == (Fault.LINE_TOO_LONG, 2)
    assert found.text == "Error reading F at line 2: Line too long"
    assert read("A " + "x" * 8000, "F", line_limit=HTACCESS_LINE_LIMIT).diagnostics == ()


def test_twenty_thousand_levels_are_read_without_recursion() -> None:
    depth = 20_000
    source = read("<A>\n" * depth + "</A>\n" * depth, "F")
    assert len(source.items) == 2 * depth
    assert source.diagnostics == ()


@pytest.mark.parametrize("line", [" \\\n", "x\\\n", "\\\n\n", "\0\n", "<\n", '"\n'])
def test_many_awkward_lines_take_one_pass(line: str) -> None:
    text = line * 100_000
    source = read(text, "F")
    assert sum(item.end - item.start for item in source.items) == len(text)
