"""A unified diff of changed files, secrets masked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.report.masked_lines import masked, shown
from mpmtune.report.safe_text import printable
from mpmtune.report.text import Line, Span, Style

if TYPE_CHECKING:
    from collections.abc import Mapping

_STYLES = {"+": Style.GOOD, "-": Style.BAD, "@": Style.STRONG}


def lines(name: str, before: str, after: str) -> list[Line]:
    """Lay out how a file differs; the texts have one character per byte."""
    from difflib import unified_diff

    old, new = before.split("\n"), after.split("\n")
    safe = dict(zip((*old, *new), (*masked(old), *masked(new)), strict=True))
    # The texts themselves are compared: what is masked in them may differ.
    made = unified_diff(old, new, f"a/{name}", f"b/{name}", lineterm="")
    return [_line(text, safe, head=at < _HEAD) for at, text in enumerate(made)]


_HEAD = 2  # the two lines that name the file


def _line(text: str, safe: Mapping[str, str], *, head: bool) -> Line:
    if head:
        return (Span(printable(text), Style.HEADING),)
    style = _STYLES.get(text[:1], Style.PLAIN)
    return (Span(text[:1] + shown(safe.get(text[1:], text[1:])), style),)
