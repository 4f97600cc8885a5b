"""Where a section of a file ends, and how it is taken away from around its content."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from mpmtune.lint.fixes import remove
from mpmtune.model.config import ItemKind
from mpmtune.model.finding import Edit

if TYPE_CHECKING:
    from mpmtune.model.config import Item, Occurrence


def closing_of(section: Occurrence) -> Item | None:
    """Find the closing tag of a section in its own file; None where nothing closes it.

    Args:
        section: An occurrence that opens a section and is written as such, not made by a macro.
    """
    items = section.source.items
    at = bisect_left(items, section.item.start, key=lambda item: item.start)
    depth = 0
    for item in items[at:]:
        if item.kind is ItemKind.OPEN:
            depth += 1
        elif item.kind is ItemKind.CLOSE:
            depth -= 1
            if depth == 0:
                return item if item.name == f"</{section.name[1:]}" else None
    return None


def unwrap(section: Occurrence) -> tuple[Edit | None, ...]:
    """Take the tags of a section out and leave what stands between them; a None where it can't.

    Args:
        section: An occurrence that opens a section.
    """
    opening = remove(section)
    closing = None if opening is None else closing_of(section)
    if closing is None:
        return (None,)
    return opening, Edit(section.source, closing.start, closing.end, "")
