"""What can be told of a regular expression by its structure alone, without matching anything."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from mpmtune.httpd.regex_parts import Anchor, NotUnderstoodError, Shape, set_of
from mpmtune.httpd.regex_syntax import parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.httpd.regex_parts import Node


class Beginning(NamedTuple):
    """What a text can begin with that a pattern matches.

    Attributes:
        anything: Whether the text may begin with whatever: the match may be elsewhere in it, or
            take no character.
        taken: Bit for each character that the text may begin with.
        empty: Whether the empty text matches.
    """

    anything: bool
    taken: int
    empty: bool

    def may_be(self, character: str) -> bool:
        """Tell whether a text that begins with a character may match."""
        return self.anything or bool(self.taken & set_of(character))

    def may_be_other_than(self, character: str) -> bool:
        """Tell whether a text that does not begin with a character may match."""
        return self.anything or self.empty or bool(self.taken & ~set_of(character))


@lru_cache(maxsize=2048)
def beginning(pattern: str, *, ignore_case: bool = False) -> Beginning | None:
    """Tell how texts begin that match; more than do, never less. None if it is not understood."""
    try:
        node = parse(pattern, ignore_case=ignore_case)
    except NotUnderstoodError:
        return None
    heads = _Heads()
    passed = heads.after(node, frozenset({_AFLOAT}))
    anything = heads.afloat or _AFLOAT in passed or _ANCHORED in passed
    return Beginning(anything, heads.taken, anything or _ENDED in passed)


# What is known before a part: the match may begin anywhere; it is at the start of the text; the
# text is empty.
_AFLOAT, _ANCHORED, _ENDED = range(3)


class _Heads:
    """The walk over a pattern up to the first character that is taken on each way."""

    def __init__(self) -> None:
        self.afloat = False
        self.taken = 0

    def after(self, node: Node, states: frozenset[int]) -> frozenset[int]:
        """Give what is known behind a part, on the ways that take no character in it."""
        if not states:
            return states
        if node.shape is Shape.ROW:
            for part in node.parts:
                states = self.after(part, states)
            return states
        if node.shape is Shape.CHOICE:
            return frozenset().union(*(self.after(part, states) for part in node.parts))
        if node.shape is Shape.REPEAT:
            passed = self.after(node.parts[0], states)
            return passed | states if node.least == 0 else passed
        if node.shape is Shape.CHARACTER:
            self.afloat = self.afloat or _AFLOAT in states
            self.taken |= node.taken if _ANCHORED in states else 0
            return frozenset()
        return frozenset(_at(node.anchor, state) for state in states)


def _at(anchor: Anchor | None, state: int) -> int:
    if anchor is Anchor.START and state == _AFLOAT:
        return _ANCHORED
    return _ENDED if anchor is Anchor.END and state == _ANCHORED else state


@lru_cache(maxsize=2048)
def requires(pattern: str, character: str) -> bool:
    """Tell whether every text that matches has a character; False if it is not understood."""
    try:
        return _requires(parse(pattern), set_of(character))
    except NotUnderstoodError:
        return False


def _requires(node: Node, wanted: int) -> bool:
    if node.shape is Shape.CHARACTER:
        return node.taken == wanted
    if node.shape is Shape.REPEAT:
        return node.least > 0 and _requires(node.parts[0], wanted)
    found = (_requires(part, wanted) for part in node.parts)
    if node.shape is Shape.CHOICE:
        return all(found)
    return node.shape is Shape.ROW and any(found)


@lru_cache(maxsize=2048)
def characters_of(pattern: str) -> int | None:
    """Give the characters that a match can hold, as bits; None if it is not understood."""
    try:
        parts = _parts(parse(pattern))
    except NotUnderstoodError:
        return None
    taken = 0
    for part in parts:
        taken |= part.taken
    return taken


def _parts(node: Node) -> Iterator[Node]:
    yield node
    for part in node.parts:
        yield from _parts(part)
