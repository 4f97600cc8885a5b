"""What a regular expression is made of: characters by set, rows, choices, repeats, places."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

ALL = (1 << 256) - 1
"""The set of all characters, as bits: latin-1, one character per byte."""


class NotUnderstoodError(Exception):
    """PCRE refuses the pattern, or reads it in a way that is not known here."""


class Shape(Enum):
    """What a part of a pattern is."""

    CHARACTER = "one character of a set"
    ROW = "one part after the other"
    CHOICE = "one of the parts"
    REPEAT = "a part several times"
    ANCHOR = "a place"
    AHEAD = "what must follow, or must not"


class Anchor(Enum):
    """A place between characters."""

    START = "start"
    END = "end"
    WORD_EDGE = "edge of a word"
    NO_WORD_EDGE = "no edge of a word"


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a pattern.

    Attributes:
        shape: What it is.
        parts: Its own parts.
        taken: For a character, a bit for each that it may be.
        least: For a repeat, how often at least.
        most: For a repeat, how often at most; None for without end.
        anchor: For an anchor, which.
        refused: For what must not follow.
    """

    shape: Shape
    parts: tuple[Node, ...] = ()
    taken: int = 0
    least: int = 0
    most: int | None = None
    anchor: Anchor | None = None
    refused: bool = False


def character(taken: int) -> Node:
    """Make a part that takes one character of a set.

    Raises:
        NotUnderstoodError: if the set is empty.
    """
    if not taken:
        raise NotUnderstoodError
    return Node(Shape.CHARACTER, taken=taken)


def any_number_of(taken: int) -> Node:
    """Make a part that takes characters of a set, as many as there are."""
    return Node(Shape.REPEAT, (character(taken),), most=None)


def set_of(characters: str) -> int:
    """Give the set of some characters, as bits."""
    taken = 0
    for one in characters:
        taken |= 1 << _code(one)
    return taken


def all_but(characters: str) -> int:
    """Give the set of all characters but some."""
    return ALL & ~set_of(characters)


def span(first: str, last: str) -> int:
    """Give the set of the characters from one to another; empty when they are in no order."""
    return sum(1 << code for code in range(_code(first), _code(last) + 1))


def _code(one: str) -> int:
    code = ord(one)
    if code > 255:  # noqa: PLR2004 - latin-1, one character per byte
        raise NotUnderstoodError
    return code
