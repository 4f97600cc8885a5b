"""Text → items, byte for byte: what httpd's reading loop makes of each line.

The common line takes one match of one expression. A line with a continuation, a NUL, or a quote
or backslash in its name is joined and split by the long way, in ``lines`` and ``httpd.words``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mpmtune.confparse.lines import CONFIG_LINE_LIMIT, logical_line, source_offset
from mpmtune.confparse.structure import problems
from mpmtune.httpd.words import BLANKS, next_word
from mpmtune.model.config import Item, ItemKind, Source

if TYPE_CHECKING:
    from collections.abc import Sequence

_PLAIN_LINE = re.compile(
    r"""
    [ \t\v\f\r]*
    (?:
      ([^ \t\v\f\r\n\0"'\#\\][^ \t\v\f\r\n\0\\]*)     # a name without quotes
      (?:[ \t\v\f\r]+([^\n\0]*))?                     # its arguments
    | (\#[^\n\0]*)
    )?
    (?:\n|\Z)
    """,
    re.VERBOSE,
)
_ENDS_TO_LOOK_AT = BLANKS + "\\"
_ASCII_CAPITALS = {capital: capital + 32 for capital in range(ord("A"), ord("Z") + 1)}


def read(text: str, path: str, *, line_limit: int = CONFIG_LINE_LIMIT) -> Source:
    """Read the text of a configuration file.

    Args:
        text: One character per byte (latin-1).
        path: The name that httpd gives the file.
        line_limit: Characters that one joined line may have: 16 MiB, or 8 KiB for .htaccess.

    Returns:
        The items in order, their spans joining to ``text``, and what is wrong with the file by
        itself. Reading never fails and never stops early.
    """
    source = Source(path, text, items_of(text))
    return Source(path, text, source.items, problems(source, line_limit))


def items_of(text: str) -> Sequence[Item]:
    """Split a text into items; their spans join to it."""
    items: list[Item] = []
    names = _Names()
    plain_line = _PLAIN_LINE.match
    start, size = 0, len(text)
    while start < size:
        match = plain_line(text, start)
        item = _long_way(text, start) if match is None else _short_way(text, start, match, names)
        items.append(item)
        start = item.end
    return items


def name_of(word: str) -> tuple[ItemKind, str]:
    """Tell what the first word of a line begins, and give its folded name.

    As ap_build_config_sub does, a ``>`` at its end is cut.
    """
    name = word.lower() if word.isascii() else word.translate(_ASCII_CAPITALS)
    section, closing = name.startswith("<"), name[1:2] == "/"
    if name.endswith(">") and (section or not closing):
        name = name[:-1]
    if not section:
        return ItemKind.DIRECTIVE, name
    return (ItemKind.CLOSE if closing else ItemKind.OPEN), name


def item_of(line: str, start: int, end: int) -> Item:
    """Make the item of a logical line that is no comment; its arguments have no offset.

    Args:
        line: What httpd sees, after ``${}`` and macro parameters.
        start: Span of the line in its source.
        end: Span of the line in its source.
    """
    word, at = next_word(line)
    kind, name = name_of(word)
    return Item(kind, name, word, _arguments(kind, line[at:]), start, -1, end)


def _arguments(kind: ItemKind, args: str) -> str:
    """Give ``<Else>`` and ``<Else`` alike the argument that ap_build_config_sub gives them."""
    return ">" if kind is ItemKind.OPEN and not args else args


class _Names(dict[str, tuple[ItemKind, str]]):
    """Each spelling is folded once; a file has few."""

    def __missing__(self, word: str) -> tuple[ItemKind, str]:
        known = self[word] = name_of(word)
        return known


def _short_way(text: str, start: int, match: re.Match[str], names: _Names) -> Item:
    word, args, comment = match.groups()
    tail = args or comment
    if tail and tail[-1] in _ENDS_TO_LOOK_AT:
        tail = tail.rstrip(BLANKS)
        if tail.endswith("\\"):
            return _long_way(text, start)
    # tuple.__new__ takes half the time of the class's own call, a million times over.
    if word:
        kind, name = names[word]
        if not tail:
            return Item(kind, name, word, _arguments(kind, ""), start, -1, match.end())
        return tuple.__new__(Item, (kind, name, word, tail, start, match.start(2), match.end()))
    kind = ItemKind.COMMENT if comment else ItemKind.BLANK
    return tuple.__new__(Item, (kind, "", "", tail or "", start, -1, match.end()))


def _long_way(text: str, start: int) -> Item:
    line = logical_line(text, start)
    if not line.text:
        return Item(ItemKind.BLANK, "", "", "", start, -1, line.end)
    if line.text.startswith("#"):
        return Item(ItemKind.COMMENT, "", "", line.text, start, -1, line.end)
    item = item_of(line.text, start, line.end)
    if not item.args or not line.text.endswith(item.args):  # a ">" that is not written
        return item
    at = len(line.text) - len(item.args)
    return item._replace(args_start=source_offset(text, start, at))
