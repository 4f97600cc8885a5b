"""The fast way through a log: whole blocks, cut at quotes and blanks by C, never line by line.

A block whose lines all have the shape of the format is split at its quotes and then, outside of
them, at its blanks; every field of all lines is then a slice with a stride. That each line has the
quotes and words it should have is seen from the newlines, which must turn up in their places; a
block where one does not is refused, to be read the slow way. What is taken from a line is what
``linepattern`` takes from it.
"""

from __future__ import annotations

from itertools import compress, repeat
from operator import eq
from typing import TYPE_CHECKING

from mpmtune.workload.columns import Columns
from mpmtune.workload.linepattern import MOST_DIGITS, Role
from mpmtune.workload.segments import Found, Irregular

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mpmtune.workload.segments import Segment

HTTP2 = b"HTTP/2.0"
FIRST = b"0"
_STATUS_DIGITS = 3
_FINISHES = b"+-X"
# One more than a number may be.
_TOO_MUCH = 10**MOST_DIGITS


class Layout:
    """A format that can be read in columns.

    Attributes:
        segments: Those outside of quotes.
        stride: Number of segments of a line, the quoted ones included.
        request: Number of the quoted segment that ends with the protocol; None without one.
    """

    def __init__(self, segments: Sequence[Segment], stride: int, request: int | None) -> None:
        self.segments = segments
        self.stride = stride
        self.request = request

    def columns(self, block: bytes) -> Columns:
        """Read a block of whole lines, the last one ended as well.

        Raises:
            Irregular: when a line has not the shape of the format.
        """
        if b"\\" in block:
            block = _without_escapes(block)
        # The end of a line becomes a segment of its own, after all others of the line.
        marked = block.replace(b"\n", b'"\n"')
        segments = marked.split(b'"')
        segments.pop()
        lines = (len(marked) - len(block)) // 2
        stride = self.stride + 1
        ends = segments[self.stride :: stride]
        if len(segments) != stride * lines or ends.count(b"\n") != lines:
            raise Irregular
        found: Found = {}
        for segment in self.segments:
            segment.take(segments[segment.number :: stride], found)
        if self.request is not None:
            found[Role.REQUEST] = segments[self.request :: stride]
        return _columns(found)


def _without_escapes(block: bytes) -> bytes:
    """Put letters in the place of escapes: a quote that is escaped is none, and begins no time."""
    pieces: list[bytes] = []
    start, at = 0, block.find(b"\\")
    while at >= 0:
        end = block.find(b"\n", at)
        rest = block[at:end].replace(b"\\\\", b"ee")
        pieces += (block[start:at], rest.replace(b'\\"', b"ee").replace(b"\\[", b"ee"))
        start, at = end, block.find(b"\\", end)
    return b"".join((*pieces, block[start:]))


def _columns(words: Found) -> Columns:
    """Make columns of words, and see that numbers are numbers."""
    made = Columns(words[Role.STAMP])
    if Role.DURATION in words:
        made.durations = _numbers(words[Role.DURATION])
    if Role.SIZE in words:
        made.sizes = _sizes(words[Role.SIZE])
    if Role.STATUS in words:
        made.statuses, *others = _characters(words[Role.STATUS], _STATUS_DIGITS)
        if not all(digits.isdigit() for digits in (made.statuses, *others)):
            raise Irregular
    if Role.FINISH in words:
        (made.finish,) = _characters(words[Role.FINISH], 1)
        if made.finish.strip(_FINISHES):
            raise Irregular
    _connections(made, words)
    return made


def _characters(words: list[bytes], length: int) -> list[bytes]:
    """Give the first characters of words that have this length, the second ones, and so on."""
    joined = b",".join(words) + b","
    *columns, commas = (joined[at :: length + 1] for at in range(length + 1))
    if len(joined) != (length + 1) * len(words) or commas.strip(b","):
        raise Irregular
    return columns


def _numbers(words: list[bytes]) -> list[int]:
    if not b"".join(words).isdigit():  # int() would take 1_0 and +1
        raise Irregular
    try:
        numbers = list(map(int, words))
    except ValueError:
        raise Irregular from None
    if sum(numbers) >= _TOO_MUCH:  # so that no single one is
        raise Irregular
    return numbers


def _sizes(words: list[bytes]) -> list[int]:
    """Read numbers; for no bytes, %b writes a dash."""
    if b"-" in words:
        words = [b"0" if word == b"-" else word for word in words]
    return _numbers(words)


def _connections(made: Columns, words: Found) -> None:
    """Count HTTP/2, and the first requests of connections of HTTP/1.

    The streams of an HTTP/2 connection each have a ``%k`` of their own, which says nothing.
    """
    protocols = words.get(Role.REQUEST) or words.get(Role.PROTOCOL) or []
    made.requests = len(protocols)
    made.http2 = _http2(protocols)
    numbers = words.get(Role.KEEPALIVE)
    if not numbers:
        return
    if not b"".join(numbers).isdigit() or not all(numbers):
        raise Irregular
    made.keyed = len(numbers) - made.http2
    made.opening = numbers.count(FIRST)
    if made.http2:
        made.opening -= _http2(compress(protocols, map(eq, numbers, repeat(FIRST))))


def _http2(protocols: Iterable[bytes]) -> int:
    return (b"\n".join(protocols) + b"\n").count(HTTP2 + b"\n")
