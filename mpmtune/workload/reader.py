"""Blocks of lines → batches of columns, by the fast way where a block allows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.workload.columns import UNKNOWN, Batch, Columns, cells_of
from mpmtune.workload.layout import FIRST, HTTP2
from mpmtune.workload.linepattern import LinePattern, Role
from mpmtune.workload.logformat import parse_format
from mpmtune.workload.segments import Irregular
from mpmtune.workload.shape import layout_of
from mpmtune.workload.timestamps import SEPARATOR

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator, Sequence

# From so few bytes on, halving a block that is irregular gains nothing.
_SMALL = 4096

_Row = dict[Role, bytes]


class LogReader:
    """Reads lines of one format.

    Attributes:
        text: The LogFormat.
        pattern: The same as a pattern.
        layout: The same as columns; None where it has to be read line by line.
        bad: What could not be read, since it was last taken away.

    Args:
        text: A LogFormat.

    Raises:
        UsageError: when httpd would refuse it, when it has no time, or one that cannot be read.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.pattern = LinePattern(parse_format(text))
        self.bad: list[bytes] = []
        self.layout = layout_of(self.pattern)

    @property
    def unit(self) -> int:
        """Microseconds of one unit of the durations; 0 when the format has none."""
        return self.pattern.unit

    @property
    def tells_protocol(self) -> bool:
        """Whether lines tell whether they are of HTTP/2."""
        return bool(self.pattern.roles.keys() & {Role.REQUEST, Role.PROTOCOL})

    def batches(self, block: bytes) -> Iterator[Batch]:
        """Read a block of whole lines, each ended by a newline; bad ones are put aside.

        A block in which a line is out of shape is halved until that line is nearly alone.
        """
        pending = [block]
        while pending:
            block = pending.pop()
            try:
                yield self._fast(block)
            except Irregular:
                middle = block.rfind(b"\n", 0, len(block) // 2) + 1
                if self.layout is not None and len(block) > _SMALL and middle:
                    pending += [block[middle:], block[:middle]]
                else:
                    yield from self.slow(block)

    def second_of(self, line: bytes) -> int | None:
        """Give the second of one line; None where it cannot be read."""
        match = self.pattern.expression.fullmatch(line)
        if match is None:
            return None
        (second,) = self.pattern.time.read((self._stamp(match),))[0].values()
        return second

    def _stamp(self, match: re.Match[bytes]) -> bytes:
        texts = zip(match.groups(), self.pattern.names, strict=True)
        return SEPARATOR.join(text for text, role in texts if role is Role.STAMP)

    def _fast(self, block: bytes) -> Batch:
        if self.layout is None:
            raise Irregular
        columns = self.layout.columns(block)
        try:
            return self._batch(columns)
        except ValueError:
            raise Irregular from None

    def _batch(self, columns: Columns) -> Batch:
        """Read the times.

        Raises:
            ValueError: when one is none, or has another zone than the first.
        """
        cells = cells_of(columns)
        seconds, offset = self.pattern.time.read(cells)
        return Batch(columns, cells, seconds, offset)

    def slow(self, block: bytes) -> Iterator[Batch]:
        """Read line by line; lines of different zones come in batches of their own."""
        match_line, names = self.pattern.expression.fullmatch, self.pattern.names
        by_offset: dict[int, list[tuple[bytes, _Row]]] = {}
        for line in block.split(b"\n"):
            if not line.strip():
                continue
            match = match_line(line)
            if match is None:
                self.bad.append(line)
                continue
            stamp = self._stamp(match)
            _, offset = self.pattern.time.read((stamp,))
            row = dict(zip(names, match.groups(), strict=True))
            by_offset.setdefault(offset, []).append((stamp, row))
        for rows in by_offset.values():
            yield self._batch(_columns(rows, self.pattern))


def _columns(rows: Sequence[tuple[bytes, _Row]], pattern: LinePattern) -> Columns:
    """Make columns of matched lines."""
    lines = [row for _, row in rows]
    roles = pattern.roles.keys()
    made = Columns([stamp for stamp, _ in rows])
    if Role.DURATION in roles:
        made.durations = [_count(row[Role.DURATION], UNKNOWN) for row in lines]
    if Role.SIZE in roles:
        made.sizes = [_count(row[Role.SIZE], 0) for row in lines]
    if Role.STATUS in roles:
        made.statuses = b"".join(row[Role.STATUS][:1] for row in lines)
    if Role.FINISH in roles:
        made.finish = b"".join(row[Role.FINISH] for row in lines)
    http2 = [_is_http2(row) for row in lines]
    if roles & {Role.REQUEST, Role.PROTOCOL}:
        made.requests, made.http2 = len(lines), sum(http2)
    if Role.KEEPALIVE in roles:
        numbers = [
            row[Role.KEEPALIVE]
            for row, skip in zip(lines, http2, strict=True)
            if not skip and row[Role.KEEPALIVE] != b"-"
        ]
        made.keyed, made.opening = len(numbers), numbers.count(FIRST)
    return made


def _count(text: bytes, instead: int) -> int:
    """Read a number; ``instead`` for a dash, and for one below zero: the clock was set back."""
    return int(text) if text.isdigit() else instead


def _is_http2(row: _Row) -> bool:
    return (row.get(Role.REQUEST) or row.get(Role.PROTOCOL) or b"").endswith(HTTP2)
