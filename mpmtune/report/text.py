"""Text for a terminal as values: lines of styled spans, laid out before anything is coloured."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


class Style(Enum):
    """What a span means; how that looks is decided where it is coloured."""

    PLAIN = "plain"
    HEADING = "heading"
    STRONG = "strong"
    FAINT = "faint"
    GOOD = "good"
    NOTICE = "notice"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a line. The text must be printable already (``safe_text.printable``)."""

    text: str
    style: Style = Style.PLAIN


_LEAST_ROOM = 20
Line = tuple[Span, ...]
EMPTY: Line = ()


def line(*parts: str | Span) -> Line:
    """Make a line of plain text and spans."""
    return tuple([part if isinstance(part, Span) else Span(part) for part in parts])


def heading(text: str) -> Line:
    """Make a heading."""
    return (Span(text, Style.HEADING),)


def paragraph(text: str, width: int, *, indent: int = 0, hang: int = 0) -> list[Line]:
    """Wrap a text at ``width`` columns, indented, further lines by ``hang`` more."""
    wrapped = textwrap.wrap(
        text,
        width,
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent + hang),
        break_on_hyphens=False,
    )
    return [line(piece) for piece in wrapped]


def columns(
    rows: Sequence[Sequence[Span]], width: int, *, gap: int = 2, indent: int = 2
) -> list[Line]:
    """Align cells in columns; the last column wraps within ``width`` and keeps its indent.

    Where there is no room for its sentences beside the others, they stand below them.
    """
    if not rows:
        return []
    widths = [max(len(row[at].text) for row in rows) for at in range(len(rows[0]) - 1)]
    room = width - indent - sum(widths) - gap * len(widths)
    if room < _LEAST_ROOM < max(len(row[-1].text) for row in rows):
        return [made for row in rows for made in _stacked(row, widths, (indent, gap, width))]
    return [
        made for row in rows for made in _row(row, widths, (indent, gap, max(_LEAST_ROOM, room)))
    ]


def _stacked(
    row: Sequence[Span], widths: Sequence[int], layout: tuple[int, int, int]
) -> Iterator[Line]:
    indent, gap, width = layout
    *cells, last = row
    yield from _row((*cells, Span("")), widths, (indent, gap, width))
    blank = " " * (indent + gap + 2)
    for piece in textwrap.wrap(last.text, max(1, width - len(blank)), break_on_hyphens=False):
        yield (Span(blank), Span(piece, last.style))


def _row(
    row: Sequence[Span], widths: Sequence[int], layout: tuple[int, int, int]
) -> Iterator[Line]:
    indent, gap, room = layout
    *cells, last = row
    pieces = textwrap.wrap(last.text, room, break_on_hyphens=False) or [""]
    lead = [Span(" " * indent)]
    for cell, size in zip(cells, widths, strict=True):
        lead += [cell, Span(" " * (size - len(cell.text) + gap))]
    yield _trimmed((*lead, Span(pieces[0], last.style)))
    blank = " " * (indent + sum(size + gap for size in widths))
    for piece in pieces[1:]:
        yield (Span(blank), Span(piece, last.style))


def _trimmed(made: Line) -> Line:
    while made and not made[-1].text.strip():
        made = made[:-1]
    return made


def plain(lines: Iterable[Line]) -> str:
    """Write the lines without colour, each ended by a newline."""
    return "".join("".join(span.text for span in made).rstrip() + "\n" for made in lines)
