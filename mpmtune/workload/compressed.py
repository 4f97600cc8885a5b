"""Rotated logs are mostly compressed: gzip, bzip2 and xz, told by their first bytes."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Protocol

from mpmtune.model.workload import Trouble

if TYPE_CHECKING:
    from collections.abc import Iterator

PIECE = 512 * 1024
# Logs become 10 to 30 times smaller; a file that grows more than this holds no log.
_MOST_DENSE = 200
_GRACE = 64 * 1024 * 1024


class Compression(Enum):
    """A compression and the first bytes of its files."""

    NONE = b""
    GZIP = b"\x1f\x8b"
    BZIP2 = b"BZh"
    XZ = b"\xfd7zXZ\x00"
    ZSTD = b"\x28\xb5\x2f\xfd"


MAGIC_LENGTH = max(len(kind.value) for kind in Compression)


class CutShort(Exception):  # noqa: N818 - what was read before stays good
    """A log ends before its end.

    Attributes:
        trouble: Why.
    """

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, size: int, /) -> bytes: ...


def compression_of(start: bytes) -> Compression:
    """Tell the compression of a file from its first bytes."""
    return next(
        (kind for kind in Compression if kind.value and start.startswith(kind.value)),
        Compression.NONE,
    )


def decompressed(pieces: Iterator[bytes], kind: Compression) -> Iterator[bytes]:
    """Decompress, in pieces that are never much larger than PIECE.

    Raises:
        CutShort: when the file ends too early, is damaged, or grows beyond all measure.
    """
    taken = given = 0
    member = _Member(kind)
    for piece in pieces:
        taken += len(piece)
        rest = piece
        while rest:
            if member.ended:
                rest = rest.lstrip(b"\0")  # padding
                if not rest:
                    break
                member = _Member(kind)
            for made in member.take(rest):
                given += len(made)
                if given > max(_GRACE, taken * _MOST_DENSE):
                    raise CutShort(Trouble.TOO_DENSE)
                yield made
            rest = member.rest
    if not member.ended:
        raise CutShort(Trouble.TRUNCATED)


class _Member:
    """One of the compressed streams that a file may be made of.

    Attributes:
        rest: What came after its end.
    """

    def __init__(self, kind: Compression) -> None:
        self.rest = b""
        self._machine = _machine(kind)

    @property
    def ended(self) -> bool:
        return self._machine.eof

    def take(self, data: bytes) -> Iterator[bytes]:
        """Yield what comes of some data, bit by bit.

        Raises:
            CutShort: when it is damaged.
        """
        import lzma
        import zlib

        try:
            while made := self._machine.decompress(data, PIECE):
                yield made
                data = b""
        except (zlib.error, lzma.LZMAError, OSError, EOFError):
            raise CutShort(Trouble.DAMAGED) from None
        self.rest = self._machine.unused_data if self._machine.eof else b""


class _Gzip:
    """zlib's decompressor with the manners of the others: it keeps what it could not yet use."""

    def __init__(self) -> None:
        import zlib

        self._machine = zlib.decompressobj(zlib.MAX_WBITS | 16)
        self._waiting = b""

    @property
    def eof(self) -> bool:
        return self._machine.eof

    @property
    def unused_data(self) -> bytes:
        return self._machine.unused_data

    def decompress(self, data: bytes, size: int, /) -> bytes:
        if self.eof:
            return b""
        made = self._machine.decompress(self._waiting + data, size)
        self._waiting = self._machine.unconsumed_tail
        return made


class _Polite:
    """bz2's and lzma's decompressors, which must not be asked after their end."""

    def __init__(self, machine: _Decompressor) -> None:
        self._machine = machine

    @property
    def eof(self) -> bool:
        return self._machine.eof

    @property
    def unused_data(self) -> bytes:
        return self._machine.unused_data

    def decompress(self, data: bytes, size: int, /) -> bytes:
        return b"" if self.eof else self._machine.decompress(data, size)


def _machine(kind: Compression) -> _Decompressor:
    if kind is Compression.GZIP:
        return _Gzip()
    if kind is Compression.BZIP2:
        import bz2

        return _Polite(bz2.BZ2Decompressor())
    import lzma

    return _Polite(lzma.LZMADecompressor())
