"""The second opinion on a rewrite: apacheconfig, an independent reader of the same files.

It reads some lines otherwise than httpd does (``#`` within a value), so it is never asked what a
file means: only whether the text before and the text after an edit differ, to it, at the edit and
nowhere else. Where it cannot judge, that is an answer too. This is the one module that imports
it, when it is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from mpmtune.confparse.edit import Node, differs_only_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from apacheconfig.wloader import BlockNode, ListNode

    from mpmtune.model.finding import Edit

# Its time grows with the square of the length.
_MOST_CHARACTERS = 2 * 1024 * 1024
_MOST_LINES = 30_000


class Opinion(Enum):
    """What it says of a rewrite."""

    AGREES = "agrees"
    DISAGREES = "disagrees"
    NOT_AVAILABLE = "not available"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Its opinion; ``why`` says what stands in the way when it has none."""

    opinion: Opinion
    why: str = ""


def confirm(before: str, after: str, edits: Sequence[Edit]) -> Confirmation:
    """Ask whether exactly the intended pieces differ.

    Args:
        before: A file's text, one character per byte.
        after: The text after ``edit.apply_edits``.
        edits: What was intended.
    """
    for text in (before, after):
        if len(text) > _MOST_CHARACTERS or text.count("\n") > _MOST_LINES:
            return _none("the file is too long for it")
    try:
        old, new = _read(before), _read(after)
    except Exception as error:  # noqa: BLE001 - whatever happens in it, it has no opinion
        return _none(f"{type(error).__name__} while it reads")
    if old is None or new is None:
        return _none("it does not give the text back as it is")
    agrees = differs_only_at(old, new, edits)
    return Confirmation(Opinion.AGREES if agrees else Opinion.DISAGREES)


def _none(why: str) -> Confirmation:
    return Confirmation(Opinion.NOT_AVAILABLE, why)


def _read(text: str) -> list[Node] | None:
    """Read a text with a fresh loader, for one that has failed stays in its state.

    Returns:
        Its nodes with their places; None when its tree is not the whole text, so that places
        cannot be told. An empty text is none to it.
    """
    if not text.strip():
        return []
    from apacheconfig import flavors, make_loader

    # It would take /* for a C comment, and httpd does not.
    options = {**flavors.NATIVE_APACHE, "ccomments": False}
    with make_loader(writable=True, **options) as loader:
        tree = loader.loads(text)
    if tree.dump() != text:
        return None
    return list(_nodes(tree))


def _nodes(tree: ListNode) -> Iterator[Node]:
    """Yield leaves and opening tags in order, with places by the lengths of what is dumped."""
    from apacheconfig.wloader import BlockNode

    pending = [(iter(tree), 0)]
    while pending:
        children, at = pending.pop()
        for node in children:
            end = at + len(node.dump())
            start = at + len(node.whitespace)
            if not isinstance(node, BlockNode):
                yield Node(start, end, (node.typestring, node.name, node.value))
                at = end
                continue
            inside = start + _tag_length(node)
            yield Node(start, inside, (node.typestring, node.tag, node.arguments))
            pending += ((children, end), (iter(node), inside))
            break


def _tag_length(block: BlockNode) -> int:
    """Give the length of ``<name arguments>``: what its dump has before its content."""
    content = super(type(block), block).dump()
    return len(block.dump()) - len(block.whitespace) - len(content) - len(f"</{block.tag}>")
