"""The fast way through a log: whole blocks, cut at quotes and blanks by C, never line by line.

A block whose lines all have the shape of the format is split at its quotes and then, outside of
them, at its blanks; every field of all lines is then a slice with a stride. That each line has the
quotes and words it should have is seen from the newlines, which must turn up in their places; a
block where one does not is refused, to be read the slow way. What is taken from a line is what
``linepattern`` takes from it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.workload.columns import Columns
from mpmtune.workload.linepattern import Role
from mpmtune.workload.segments import Found, Irregular

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mpmtune.workload.segments import Segment

HTTP2 = b"HTTP/2.0"
FIRST = b"0"
_BACKSLASH, _NEWLINE, _LETTER = b"\\\ne"
_STATUS_DIGITS = 3
_FINISHES = b"+-X"


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
    """Put letters in the place of escapes: a quote that is escaped is none, and no number."""
    made = bytearray(block)
    at = made.find(_BACKSLASH)
    while at >= 0:
        if made[at + 1] != _NEWLINE:
            made[at] = made[at + 1] = _LETTER
        at = made.find(_BACKSLASH, at + 2)
    return bytes(made)


def _columns(words: Found) -> Columns:
    """Make columns of words, and see that numbers are numbers."""
    made = Columns(words[Role.STAMP])
    if Role.DURATION in words:
        made.durations = _numbers(words[Role.DURATION])
    if Role.SIZE in words:
        made.sizes = _sizes(words[Role.SIZE])
    if Role.STATUS in words:
        digits = _digits(words[Role.STATUS])
        if len(digits) != _STATUS_DIGITS * len(made.stamps):
            raise Irregular
        made.statuses = digits[::_STATUS_DIGITS]
    if Role.FINISH in words:
        made.finish = b"".join(words[Role.FINISH])
        if made.finish.strip(_FINISHES) or len(made.finish) != len(made.stamps):
            raise Irregular
    _connections(made, words)
    return made


def _digits(words: list[bytes]) -> bytes:
    joined = b"".join(words)
    if not joined.isdigit():
        raise Irregular
    return joined


def _numbers(words: list[bytes]) -> list[int]:
    _digits(words)  # int() would take 1_0 and +1
    try:
        return list(map(int, words))
    except ValueError:
        raise Irregular from None


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
    _digits(numbers)
    made.keyed = len(numbers) - made.http2
    if made.http2:
        first = [one for one, number in zip(protocols, numbers, strict=True) if number == FIRST]
        made.opening = len(first) - _http2(first)
    else:
        made.opening = numbers.count(FIRST)


def _http2(protocols: list[bytes]) -> int:
    return (b"\n".join(protocols) + b"\n").count(HTTP2 + b"\n")
