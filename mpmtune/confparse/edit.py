"""Edits of a source: pieces replaced, everything else byte for byte as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mpmtune.confparse.reader import items_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mpmtune.model.finding import Edit


class Node(NamedTuple):
    """A piece of text as a reader understands it; the same content is the same meaning."""

    start: int
    end: int
    content: tuple[object, ...]


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Put each edit's text in the place of its piece.

    Args:
        text: The source, one character per byte.
        edits: In any order; several may insert at the same place, and then follow their order.

    Raises:
        ValueError: when edits overlap, or one lies outside of the text.
    """
    pieces: list[str] = []
    at = 0
    for edit in in_order(edits):
        if not at <= edit.start <= edit.end <= len(text):
            raise ValueError(f"the edit of {edit.start} to {edit.end} overlaps or lies outside")
        pieces += (text[at : edit.start], edit.text)
        at = edit.end
    return "".join((*pieces, text[at:]))


def in_order(edits: Iterable[Edit]) -> list[Edit]:
    """Sort edits by their place; an insertion comes before what replaces the text after it."""
    return sorted(edits, key=lambda edit: (edit.start, edit.end))


def changes_only(before: str, after: str, edits: Sequence[Edit]) -> bool:
    """Tell whether our own reader sees a difference only where the edits are.

    It reads both texts again; every line that no edit touches must be the same line as before,
    and each that is new must come out of an edit.
    """
    return differs_only_at(_nodes(before), _nodes(after), edits)


def differs_only_at(before: Iterable[Node], after: Iterable[Node], edits: Sequence[Edit]) -> bool:
    """Compare two readings, leaving out what the edits touch.

    Args:
        before: In the order of the text.
        after: The same of the text with the edits applied.
        edits: Places in the text before.
    """
    old_places = [(edit.start, edit.end) for edit in in_order(edits)]
    old = [node.content for node in _untouched(before, old_places)]
    return old == [node.content for node in _untouched(after, list(_new_places(edits)))]


def _new_places(edits: Iterable[Edit]) -> Iterator[tuple[int, int]]:
    shift = 0
    for edit in in_order(edits):
        start = edit.start + shift
        yield start, start + len(edit.text)
        shift += len(edit.text) - (edit.end - edit.start)


def _untouched(nodes: Iterable[Node], places: Sequence[tuple[int, int]]) -> Iterator[Node]:
    """Yield the nodes in which no place lies; both are in order."""
    at = 0
    for node in nodes:
        while at < len(places) and places[at][1] <= node.start:
            at += 1
        if at == len(places) or places[at][0] >= node.end:
            yield node


def _nodes(text: str) -> Iterator[Node]:
    for item in items_of(text):
        yield Node(item.start, item.end, (item.kind, item.spelling, item.args))
