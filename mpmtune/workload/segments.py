"""The pieces of a line between its quotes, each able to take its fields from a column of lines."""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter
from typing import Protocol

from mpmtune.workload.linepattern import Role

# "[16/Sep/2025:05:17:39 +0200] " with its blank, which has to be there.
_STAMP = itemgetter(slice(-29, None))


class Irregular(Exception):  # noqa: N818 - a block to be read another way, not a fault
    """A block does not have the shape of its format."""


# Words of all lines, by role.
Found = dict[Role, list[bytes]]


class Segment(Protocol):
    """A piece of a line outside of quotes.

    Attributes:
        number: Which one; 0 before the first quote.
    """

    @property
    def number(self) -> int:
        """Which one; 0 before the first quote."""
        ...

    def take(self, column: list[bytes], found: Found) -> None:
        """Take its fields from the pieces of all lines, none of which holds a newline.

        Raises:
            Irregular: when a piece has not its shape.
        """
        ...


@dataclass(frozen=True, slots=True)
class Constant:
    """A piece that is the same in every line."""

    number: int
    text: bytes

    def take(self, column: list[bytes], found: Found) -> None:
        """See that it is the same."""
        del found
        if column.count(self.text) != len(column):
            raise Irregular


@dataclass(frozen=True, slots=True)
class TimeLast:
    """The first piece of a line, which ends with the time and has nothing else that is needed.

    As in ``LinePattern.looks_past``, what stands before the time is not looked at.
    """

    number: int = 0

    def take(self, column: list[bytes], found: Found) -> None:
        """Take the times, which lie at a fixed distance from the end."""
        found[Role.STAMP] = list(map(_STAMP, column))


@dataclass(frozen=True, slots=True)
class Words:
    """A piece of words parted by blanks.

    Attributes:
        number: Which piece.
        last: It is the last of its line, and no blank follows.
        stride: Number of words of a line, and one.
        picks: Position of each role, from 1.
    """

    number: int
    last: bool
    stride: int
    picks: tuple[tuple[Role, int], ...]

    def take(self, column: list[bytes], found: Found) -> None:
        """Cut all pieces at their blanks, and take every word that is needed by its place.

        Between two pieces a newline is put, as a word; it must turn up after the last word of
        each, so none has a word too many or too few.
        """
        before, after = b" " * (self.number == 0), b" " * self.last
        words = (before + (after + b"\n" + before).join(column) + after).split(b" ")
        if words[0] or words.pop():
            raise Irregular
        if len(words) != self.stride * len(column):
            raise Irregular
        if words[0 :: self.stride].count(b"\n") != len(column) - 1:
            raise Irregular
        for role, at in self.picks:
            found[role] = words[at :: self.stride]
            if role is Role.STAMP:
                zones = words[at + 1 :: self.stride]
                both = zip(found[role], zones, strict=True)
                found[role] = [b"%b %b" % pair for pair in both]
