"""The line of a finding with a mark below it, secrets masked, however long or wide it is."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from mpmtune.httpd.secrets import HIDDEN, mask_raw
from mpmtune.httpd.words import arguments
from mpmtune.model.config import ItemKind
from mpmtune.report.positions import decoded
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from mpmtune.model.config import Item
    from mpmtune.model.finding import Passage

_MOST_BEFORE = 60
_MOST_COLUMNS = 140
_CUT = "…"


class Excerpt(NamedTuple):
    """A line as it is shown.

    Attributes:
        number: Its number, from 1.
        text: Its text, safe to print.
        mark_start: Columns in front of the mark.
        mark_width: Columns of the mark; at least 1.
    """

    number: int
    text: str
    mark_start: int
    mark_width: int


def excerpt_of(passage: Passage) -> Excerpt | None:
    """Show the first line of a passage; None where there is nothing to show."""
    source, start, end = passage
    line_start = source.text.rfind("\n", 0, start) + 1
    line_end = source.text.find("\n", start)
    line_end = len(source.text) if line_end < 0 else line_end
    if line_start >= line_end:
        return None
    number = source.line_of(start)
    item = source.items[max(0, bisect_right(source.items, start, key=lambda i: i.start) - 1)]
    safe = _safe(item)
    if safe is not None:
        return Excerpt(number, _shown(safe)[:_MOST_COLUMNS], 0, max(1, len(_shown(item.spelling))))
    before = source.text[line_start:start]
    marked = source.text[start : min(end, line_end)].rstrip()
    after = source.text[start + len(marked) : line_end].rstrip()
    return _fitted(number, before, marked, after)


def _safe(item: Item) -> str | None:
    """Give what may be shown of a line; None when all of it may."""
    if item.kind is ItemKind.COMMENT:
        # A directive that was commented out keeps its secret.
        return None if "mpmtune:" in item.args else f"# {HIDDEN}"
    if item.kind not in {ItemKind.DIRECTIVE, ItemKind.OPEN}:
        return None
    shown = mask_raw(item.name, arguments(item.name, item.args), item.args)
    return None if shown == item.args else f"{item.spelling} {shown}"


def _fitted(number: int, before: str, marked: str, after: str) -> Excerpt:
    lead = _shown(before.lstrip()) if len(before) > _MOST_BEFORE else _shown(before)
    if len(lead) > _MOST_BEFORE:
        lead = _CUT + lead[-_MOST_BEFORE:]
    text = lead + _shown(marked[:_MOST_COLUMNS]) + _shown(after[:_MOST_COLUMNS])
    if width(text) > _MOST_COLUMNS:
        text = text[: _MOST_COLUMNS - 1] + _CUT
    start = width(lead)
    return Excerpt(number, text, start, max(1, min(width(_shown(marked)), _MOST_COLUMNS - start)))


def _shown(text: str) -> str:
    return printable(decoded(text).replace("\t", "    "))


def width(text: str) -> int:
    """Count the columns that a terminal gives a text."""
    if text.isascii():
        return len(text)
    return sum(_columns(char) for char in text)


def _columns(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
