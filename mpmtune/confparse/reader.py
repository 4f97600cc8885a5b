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
_MOST_LINES_KEPT = 50_000
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
    # Hot: once for every line. Most lines of a large configuration stand in it many times.
    items: list[Item] = []
    keep, new = items.append, tuple.__new__
    known = _Lines()
    end = resume = 0
    for line in text.split("\n"):
        start = end
        end += len(line) + 1
        if start < resume:  # a continued line has taken it
            continue
        parts = known[line]
        if parts is None:
            item = _long_way(text, start)
            keep(item)
            resume = item.end
            continue
        kind, name, word, tail, at = parts
        # tuple.__new__ takes half the time of the class's own call, a million times over.
        keep(new(Item, (kind, name, word, tail, start, at if at < 0 else start + at, end)))
    return _ended(items, len(text))


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


def _ended(items: list[Item], size: int) -> list[Item]:
    """Set right what comes after the last newline: nothing, or a line that lacks its own."""
    if items and items[-1].start >= size:
        del items[-1]
    elif items and items[-1].end > size:
        items[-1] = items[-1]._replace(end=size)
    return items


# Kind, folded name, spelling, arguments, and where these begin in the line.
_Parts = tuple[ItemKind, str, str, str, int]


class _Lines(dict[str, "_Parts | None"]):
    """Each different line is taken apart once; None for one that has to go the long way."""

    def __init__(self) -> None:
        super().__init__()
        self._names = _Names()

    def __missing__(self, line: str) -> _Parts | None:
        if len(self) >= _MOST_LINES_KEPT:
            self.clear()
        parts = self[line] = _parts(line, self._names)
        return parts


class _Names(dict[str, tuple[ItemKind, str]]):
    """Each spelling is folded once; a file has few."""

    def __missing__(self, word: str) -> tuple[ItemKind, str]:
        known = self[word] = name_of(word)
        return known


def _parts(line: str, names: _Names) -> _Parts | None:
    match = _PLAIN_LINE.match(line)
    if match is None:
        return None
    word, args, comment = match.groups()
    tail = args or comment or ""
    if tail and tail[-1] in _ENDS_TO_LOOK_AT:
        tail = tail.rstrip(BLANKS)
        if tail.endswith("\\"):
            return None
    if not word:
        return (ItemKind.COMMENT if comment else ItemKind.BLANK), "", "", tail, -1
    kind, name = names[word]
    if not tail:
        return kind, name, word, _arguments(kind, ""), -1
    return kind, name, word, tail, match.start(2)


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
