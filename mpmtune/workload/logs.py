"""Logs as files: looked at first, then read in shares that begin and end with a line."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmtune.errors import InputError
from mpmtune.host.opening import Refusal, absent, open_regular
from mpmtune.model.workload import Trouble
from mpmtune.report.safe_text import printable
from mpmtune.workload.blocks import LINE_LIMIT
from mpmtune.workload.compressed import (
    MAGIC_LENGTH,
    PIECE,
    Compression,
    CutShort,
    compression_of,
    decompressed,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

STDIN = "-"
_SHARE = 4 * 1024 * 1024
_KEPT = 8192
_LINES = 20


@dataclass(frozen=True, slots=True)
class Log:
    """A log as it was when it was looked at.

    Attributes:
        path: As it was named; ``-`` for standard input.
        size: Bytes on disk; 0 for standard input.
        compression: How it is compressed.
        identity: Device and inode.
    """

    path: str
    size: int
    compression: Compression = Compression.NONE
    identity: tuple[int, int] = (0, 0)

    @property
    def name(self) -> str:
        """What to call it in a message."""
        return "standard input" if self.path == STDIN else printable(self.path)


@dataclass(frozen=True, slots=True)
class Share:
    """Part of a log, in whole lines.

    Attributes:
        log: Number of the log.
        start: Its first byte; where it is compressed, the share is all of it.
        end: The byte after it.
        line: Its first line, or the beginning of that.
    """

    log: int
    start: int
    end: int
    line: bytes


def look_at(paths: Sequence[str]) -> tuple[Log, ...]:
    """Look at logs; one that is named twice, by whatever name, is taken once.

    Raises:
        InputError: when one is no file that can be read.
    """
    logs: dict[tuple[int, int], Log] = {}
    for path in paths:
        log = Log(STDIN, 0) if path == STDIN else _looked_at(path)
        logs.setdefault(log.identity, log)
    return tuple(logs.values())


def shares_of(number: int, log: Log) -> Iterator[Share]:
    """Cut a log into shares that different processes can read."""
    if log.path == STDIN:
        yield Share(number, 0, 0, b"")
    elif log.compression is not Compression.NONE:
        first = next(_until_cut(log), b"")
        yield Share(number, 0, log.size, _line(first))
    else:
        yield from _plain_shares(number, log)


def first_lines(log: Log) -> tuple[bytes, ...]:
    """Give the first whole lines of a log; none of standard input, which is read once."""
    if log.path == STDIN:
        return ()
    start = next(_until_cut(log), b"")[:LINE_LIMIT]
    return tuple(start.split(b"\n")[:_LINES])


def pieces_of(log: Log, share: Share, seen: Callable[[int], None]) -> Iterator[bytes]:
    """Read a share; ``seen`` is told the size of each piece of the file.

    Raises:
        CutShort: when the file ends too early.
        InputError: when it cannot be read any more.
    """
    if log.path == STDIN:
        yield from _from_stdin()
        return
    with _opened(log.path) as descriptor:
        raw = _raw_pieces(descriptor, share, seen)
        if log.compression is Compression.NONE:
            yield from raw
        else:
            yield from decompressed(raw, log.compression)


def _looked_at(path: str) -> Log:
    with _opened(path) as descriptor:
        status = os.fstat(descriptor)
        kind = compression_of(os.pread(descriptor, MAGIC_LENGTH, 0))
    if kind is Compression.ZSTD:
        raise InputError(
            f"{printable(path)} is compressed with zstd, which mpmtune cannot read.",
            f"zstdcat {printable(path)} | mpmtune workload -",
        )
    return Log(path, status.st_size, kind, (status.st_dev, status.st_ino))


@contextmanager
def _opened(path: str) -> Iterator[int]:
    try:
        descriptor = open_regular(path)
    except (OSError, ValueError, Refusal) as error:
        raise InputError(
            f"{printable(path)} cannot be read: {absent(path, error).why}.",
            "Name access logs, compressed ones too, or - for standard input.",
        ) from None
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _from_stdin() -> Iterator[bytes]:
    stdin = sys.stdin.buffer
    start = stdin.read(MAGIC_LENGTH)
    kind = compression_of(start)

    def pieces() -> Iterator[bytes]:
        yield start
        while piece := stdin.read(PIECE):
            yield piece

    if kind is Compression.ZSTD:
        raise InputError("Standard input is compressed with zstd.", "Use zstdcat.")
    yield from pieces() if kind is Compression.NONE else decompressed(pieces(), kind)


def _raw_pieces(descriptor: int, share: Share, seen: Callable[[int], None]) -> Iterator[bytes]:
    at = share.start
    while at < share.end:
        piece = os.pread(descriptor, min(PIECE, share.end - at), at)
        if not piece:
            raise CutShort(Trouble.SHRANK)
        yield piece
        at += len(piece)
        seen(len(piece))


def _until_cut(log: Log) -> Iterator[bytes]:
    try:
        yield from pieces_of(log, Share(0, 0, log.size, b""), lambda _: None)
    except CutShort:
        return


def _plain_shares(number: int, log: Log) -> Iterator[Share]:
    """Cut at the first newline after each multiple of _SHARE; where there is none, do not cut."""
    with _opened(log.path) as descriptor:
        start, line = 0, os.pread(descriptor, LINE_LIMIT, 0)
        for border in range(_SHARE, log.size, _SHARE):
            around = os.pread(descriptor, LINE_LIMIT, border - 1)
            _, newline, following = around.partition(b"\n")
            end = border - 1 + len(around) - len(following)
            if newline and end < log.size:
                yield Share(number, start, end, _line(line))
                start, line = end, following
    yield Share(number, start, log.size, _line(line))


def _line(text: bytes) -> bytes:
    return text[:_KEPT].partition(b"\n")[0]
