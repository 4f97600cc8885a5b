"""The line of a finding with a mark below it, secrets masked, however long or wide it is."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from mpmtune.httpd.secrets import HIDDEN, mask_raw
from mpmtune.httpd.words import arguments
from mpmtune.model.config import ItemKind
from mpmtune.report.masked_lines import mask_line, shown

if TYPE_CHECKING:
    from mpmtune.model.config import Item
    from mpmtune.model.finding import Passage

_MOST_BEFORE = 60
_MOST_COLUMNS = 140
_CUT = "…"
_MOST_LOOKED_AT = 2000
_MOST_MASKED = 100_000  # splitting and masking what nobody writes takes seconds


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
        return Excerpt(number, shown(safe)[:_MOST_COLUMNS], 0, max(1, len(shown(item.spelling))))
    before = source.text[max(line_start, start - _MOST_LOOKED_AT) : start]
    marked = source.text[start : min(end, line_end, start + _MOST_LOOKED_AT)].rstrip()
    after = source.text[start + len(marked) : min(line_end, end + _MOST_LOOKED_AT)].rstrip()
    return _fitted(number, before, marked, after)


def _safe(item: Item) -> str | None:
    """Give what may be shown of a line; None when all of it may."""
    if item.kind is ItemKind.COMMENT:
        first = item.args.partition("\n")[0]
        safe = mask_line(first)
        return None if safe == first else safe
    if item.kind not in {ItemKind.DIRECTIVE, ItemKind.OPEN}:
        return None
    if len(item.args) > _MOST_MASKED:
        return f"{item.spelling} {HIDDEN}"
    safe = _masked(item.name, item.args)
    return None if safe == item.args else f"{item.spelling} {safe}"


@lru_cache(maxsize=1024)
def _masked(name: str, args: str) -> str:
    return mask_raw(name, arguments(name, args), args)


def _fitted(number: int, before: str, marked: str, after: str) -> Excerpt:
    lead = shown(before.lstrip()) if len(before) > _MOST_BEFORE else shown(before)
    if len(lead) > _MOST_BEFORE:
        lead = _CUT + lead[-_MOST_BEFORE:]
    text = lead + shown(marked[:_MOST_COLUMNS]) + shown(after[:_MOST_COLUMNS])
    if width(text) > _MOST_COLUMNS:
        text = text[: _MOST_COLUMNS - 1] + _CUT
    start = width(lead)
    return Excerpt(number, text, start, max(1, min(width(shown(marked)), _MOST_COLUMNS - start)))


def width(text: str) -> int:
    """Count the columns that a terminal gives a text."""
    if text.isascii():
        return len(text)
    return sum(_columns(char) for char in text)


def _columns(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
