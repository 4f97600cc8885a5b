"""What is taken from a block of lines, column by column."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, compress, count, islice
from operator import ne

# In the place of a duration that a line does not have, or that cannot be: greater than any.
UNKNOWN = 1 << 60


@dataclass(slots=True)
class Columns:
    """Lines in the order of the log; a column that the format does not have is None.

    Attributes:
        stamps: Each line's time, as written.
        durations: In the log's unit, or UNKNOWN.
        sizes: Bytes sent.
        statuses: First digit of each line's status, one after the other.
        requests: Lines whose protocol is known; 0 when the format tells none.
        http2: How many of them are HTTP/2.
        keyed: Lines of HTTP/1 whose ``%k`` is known.
        opening: How many of them are the first of their connection.
        finish: The characters of ``%X``, one after the other.
    """

    stamps: list[bytes]
    durations: list[int] | None = None
    sizes: list[int] | None = None
    statuses: bytes = b""
    requests: int = 0
    http2: int = 0
    keyed: int = 0
    opening: int = 0
    finish: bytes = b""


@dataclass(slots=True)
class Batch:
    """Columns whose times are read, all with the same offset from UTC.

    Attributes:
        columns: The lines.
        cells: Time as written → lines that have it, and the sum of their durations; in the order
            of first appearance.
        seconds: Time as written → second since 1970.
        offset: Seconds that the log's clock is ahead of UTC.
    """

    columns: Columns
    cells: dict[bytes, tuple[int, int]]
    seconds: dict[bytes, int]
    offset: int


def cells_of(columns: Columns) -> dict[bytes, tuple[int, int]]:
    """Add up requests and durations by second, run by run: a log is nearly in order."""
    stamps, durations = columns.stamps, columns.durations or ()
    cells: dict[bytes, tuple[int, int]] = {}
    changes = map(ne, stamps, islice(stamps, 1, None))
    start = 0
    for end in chain(compress(count(1), changes), (len(stamps),)):
        stamp = stamps[start]
        requests, work = cells.get(stamp, (0, 0))
        cells[stamp] = (requests + end - start, work + sum(durations[start:end]))
        start = end
    return cells
