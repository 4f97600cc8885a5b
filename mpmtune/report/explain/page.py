"""A page to read: headings, paragraphs, lists and drawings, from one plain text.

The text is written as it is read: ``NAME`` alone on a line in capitals is a heading, ``- `` begins
a list item, lines indented by two or more blanks are a drawing and stay as they are, a blank line
ends a paragraph.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.report.text import EMPTY, Line, Span, Style, columns, heading, line, paragraph

if TYPE_CHECKING:
    from collections.abc import Iterator

_INDENT = 2


def lay_out(text: str, width: int) -> list[Line]:
    """Wrap a page's text at ``width`` columns; drawings are not touched."""
    lines: list[Line] = []
    for block in _blocks(text):
        lines += _block(block, width)
    return lines


def _blocks(text: str) -> Iterator[list[str]]:
    """Cut at blank lines, before list items, and where a drawing begins or ends."""
    block: list[str] = []
    for raw in text.strip("\n").split("\n"):
        if block and (raw == "" or _begins(raw, block[-1])):
            yield block
            block = []
        if raw:
            block.append(raw)
        else:
            yield []
    yield block


def _begins(raw: str, before: str) -> bool:
    """Tell whether a line begins a block of its own."""
    return raw.startswith("- ") or before.isupper() or _drawn(raw) != _drawn(before)


def _drawn(raw: str) -> bool:
    return raw.startswith("  ")


def _block(block: list[str], width: int) -> list[Line]:
    if not block:
        return [EMPTY]
    if _drawn(block[0]):
        return [line(" " * _INDENT + raw.removeprefix("  ")) for raw in block]
    text = " ".join(block)
    if text.isupper() and len(block) == 1:
        return [heading(text)]
    hang = 2 if text.startswith("- ") else 0
    return paragraph(text, width, indent=_INDENT, hang=hang)


def titled(name: str, text: str, width: int) -> list[Line]:
    """Begin a page: a name, and what it is in a few words."""
    title = (Span(name, Style.STRONG), Span(f"- {text}"))
    return [*columns([title], width, gap=1, indent=0), EMPTY]
