"""The other engine: DuckDB, where it is installed, counts lines of good shape; we the others."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from mpmtune.errors import InputError, UsageError
from mpmtune.report.safe_text import printable
from mpmtune.workload.blocks import LINE_LIMIT
from mpmtune.workload.columns import Batch, Columns
from mpmtune.workload.compressed import Compression
from mpmtune.workload.counting import Counting
from mpmtune.workload.duckdb_query import FINISHES, STATUSES, counting_query, odd_lines_query
from mpmtune.workload.durations import FINE
from mpmtune.workload.hours import Hours
from mpmtune.workload.logs import STDIN
from mpmtune.workload.reading import Reading
from mpmtune.workload.slices import slice_of
from mpmtune.workload.summary import workload_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from duckdb import DuckDBPyConnection

    from mpmtune.model.workload import Workload
    from mpmtune.workload.layout import Layout
    from mpmtune.workload.logs import Log
    from mpmtune.workload.reader import LogReader

_MEMORY = "400MB"
_ROWS = 10_000
_BY_STAMP = 1
_ZONE = slice(21, None)


def read_with_duckdb(logs: Sequence[Log], readers: Sequence[LogReader], threads: int) -> Workload:
    """Read logs.

    The numbers are those of our own engine; only clocks that were set back are not noticed, for
    DuckDB reads in no order.

    Raises:
        UsageError: when DuckDB is not installed, or cannot read such a log or format.
        InputError: when it cannot read a file.
    """
    counting, hours = Counting(), Hours()
    with _connected(threads) as connection:
        for log, reader in zip(logs, readers, strict=True):
            _Reading(connection, log, reader, counting, hours).read()
    hours.finish()
    return workload_of(
        counting,
        hours,
        formats=(reader.text for reader in readers),
        units=(reader.unit for reader in readers),
    )


@contextmanager
def _connected(threads: int) -> Iterator[DuckDBPyConnection]:
    try:
        import duckdb
    except ImportError:
        raise UsageError(
            "--engine duckdb needs DuckDB, which is not installed.",
            "pip install 'mpmtune[duckdb]', or leave --engine away: the numbers are the same.",
        ) from None
    settings: dict[str, str | bool | int | float | list[str]] = {
        "threads": threads,
        "memory_limit": _MEMORY,
        "temp_directory": "",  # nothing is written
        "autoinstall_known_extensions": False,  # nor fetched
        "autoload_known_extensions": False,
    }
    with duckdb.connect(":memory:", config=settings) as connection:
        yield connection


class _Second(NamedTuple):
    """A row of ``counting_query`` that is of a stamp, but for its grouping and its last counts."""

    stamp: str
    bucket: None
    lines: int
    work: int | None
    longest: int | None
    sent: int | None
    most: int | None
    http2: int
    keyed: int
    opening: int
    long: list[dict[str, int]] | None

    @property
    def key(self) -> bytes:
        return self.stamp.encode("ascii")

    @property
    def others(self) -> list[dict[str, int]]:
        return self.long or []


_COUNTS = len(_Second._fields)


class _Reading:
    """One log read into the counts."""

    def __init__(
        self,
        connection: DuckDBPyConnection,
        log: Log,
        reader: LogReader,
        counting: Counting,
        hours: Hours,
    ) -> None:
        self._connection = connection
        self._log = log
        self._reader = reader
        self._counting = counting
        self._hours = hours
        self._odd = 0

    def read(self) -> None:
        """Count the lines of good shape, and then the others."""
        layout = self._layout()
        try:
            self._take(self._rows(counting_query(layout, self._reader.unit)))
        except UnicodeError:
            self._read_ourselves()
            return
        if self._odd:
            for (line,) in self._rows(odd_lines_query(layout)):
                self._take_odd(line.encode("utf-8"))
        self._counting.put_aside(self._reader.bad)
        self._reader.bad = []

    def _read_ourselves(self) -> None:
        """Read a log that is not UTF-8, which DuckDB cannot; httpd itself writes ASCII."""
        reading = Reading([self._log], [self._reader], counting=self._counting)
        for share in reading.shares:
            for part in reading.slices(share):
                self._hours.add(part)

    def _layout(self) -> Layout:
        log = self._log
        if log.path == STDIN or log.compression not in {Compression.NONE, Compression.GZIP}:
            raise UsageError(
                f"--engine duckdb cannot read {log.name}: only files, plain or gzip.",
                "Leave --engine away: the numbers are the same.",
            )
        if self._reader.layout is None:
            raise UsageError(
                "--engine duckdb reads formats whose fields are parted by blanks and quotes, with %t.",
                "Leave --engine away: the numbers are the same.",
            )
        return self._reader.layout

    def _rows(self, query: str) -> Iterator[tuple[Any, ...]]:
        """Ask, and yield the answer row by row.

        Raises:
            UnicodeError: when the log is not all UTF-8; no row was yielded then.
            InputError: when DuckDB cannot read it.
        """
        import duckdb

        # A path is a pattern to DuckDB.
        kind = "gzip" if self._log.compression is Compression.GZIP else "none"
        path = re.sub(r"([*?\[])", r"[\1]", self._log.path)
        try:
            answer = self._connection.execute(query, {"paths": path, "compression": kind})
            while rows := answer.fetchmany(_ROWS):
                yield from rows
        except duckdb.Error as error:
            if "Invalid unicode" in str(error):
                raise UnicodeError from None
            first = str(error).partition("\n")[0]
            raise InputError(
                f"DuckDB cannot read {self._log.name}: {printable(first)[:200]}",
                "Leave --engine away: our own engine reads whatever is there.",
            ) from None

    def _take(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Count rows, those of stamps many at a time."""
        durations = self._counting.durations
        seconds: list[tuple[Any, ...]] = []
        for row in rows:
            grouping, stamp, bucket, lines = row[:4]
            if grouping == _BY_STAMP and stamp is None:
                self._odd = lines
            elif grouping == _BY_STAMP:
                seconds.append(row[1:])
                if len(seconds) >= _ROWS:
                    self._take_seconds(seconds)
                    seconds = []
            elif bucket is not None and bucket < FINE:
                durations.fine[bucket] += lines
            elif bucket is not None:
                durations.coarse[bucket - FINE] += lines
        self._take_seconds(seconds)

    def _take_seconds(self, rows: list[tuple[Any, ...]]) -> None:
        """Count the requests of some seconds, apart by their offset from UTC."""
        by_zone: dict[str, list[tuple[Any, ...]]] = {}
        for row in rows:
            by_zone.setdefault(row[0][_ZONE], []).append(row)
        for same in by_zone.values():
            batch = self._batch(same)
            long = self._counting.durations.add(batch.columns, 1) if batch.columns.durations else ()
            self._hours.add(slice_of(batch, min(self._reader.unit, 1), long))

    def _batch(self, rows: list[tuple[Any, ...]]) -> Batch:
        """Add rows to the counts; give their work, and the long requests in columns."""
        seconds = [_Second(*row[:_COUNTS]) for row in rows]
        self._add_up(seconds)
        statuses, finishes = self._counting.statuses, self._counting.finish
        totals = [sum(column) for column in zip(*(row[_COUNTS:] for row in rows), strict=True)]
        statuses.update(dict(zip(map(ord, STATUSES), totals, strict=False)))
        finishes.update(dict(zip(map(ord, FINISHES), totals[len(STATUSES) :], strict=True)))
        cells = {
            one.key: (one.lines, int(one.work or 0) + sum(made["duration"] for made in one.others))
            for one in seconds
        }
        long = [(one.key, made) for one in seconds for made in one.others]
        columns = Columns(
            [key for key, _ in long],
            [made["duration"] for _, made in long],
            [made["size"] or 0 for _, made in long],
        )
        return Batch(columns, cells, *self._reader.pattern.time.read(cells))

    def _add_up(self, seconds: list[_Second]) -> None:
        counting, lines = self._counting, sum(one.lines for one in seconds)
        counting.requests += lines
        counting.protocols += lines if self._reader.tells_protocol else 0
        counting.http2 += sum(one.http2 for one in seconds)
        counting.keyed += sum(one.keyed for one in seconds)
        counting.opening += sum(one.opening for one in seconds)
        counting.sized += sum(one.lines for one in seconds if one.sent is not None)
        counting.sent += sum(int(one.sent or 0) for one in seconds)
        counting.largest = max(counting.largest, *(one.most or 0 for one in seconds))
        if self._reader.unit:
            durations = counting.durations
            durations.timed += lines - sum(len(one.others) for one in seconds)
            durations.busy += sum(int(one.work or 0) for one in seconds)
            durations.longest = max(durations.longest, *(one.longest or 0 for one in seconds))

    def _take_odd(self, line: bytes) -> None:
        """Count a line that has another shape, as our own engine does."""
        if len(line) > LINE_LIMIT:
            self._counting.put_aside([line])
            return
        for batch in self._reader.slow(line):
            self._hours.add(self._counting.add(batch, self._reader.unit))
        if len(self._reader.bad) >= _ROWS:
            self._counting.put_aside(self._reader.bad)
            self._reader.bad = []
