"""Pieces of a file → blocks of whole lines, whatever the file may hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# httpd hardly writes longer ones: a request line of 8 KiB and two headers, some bytes escaped.
LINE_LIMIT = 64 * 1024
_KEPT = 4096


class Blocks:
    """Cuts pieces at the ends of lines.

    Attributes:
        too_long: The beginnings of lines that were passed over because of their length, since
            they were last taken away.
    """

    def __init__(self) -> None:
        self.too_long: list[bytes] = []
        self._tail = b""
        self._passing_over = False

    def cut(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """Yield blocks of whole lines, each ended by a newline, the last one too.

        No line of more than LINE_LIMIT gets through, nor is a much longer one held in memory.
        """
        for piece in pieces:
            yield from self._block(piece)
        if self._tail:
            yield self._tail + b"\n"
        self._tail, self._passing_over = b"", False

    def _block(self, piece: bytes) -> Iterator[bytes]:
        if self._passing_over:
            _, newline, piece = piece.partition(b"\n")
            if not newline:
                return
            self._passing_over = False
        end = piece.rfind(b"\n") + 1
        if end:
            yield from self._short_ones(b"".join((self._tail, memoryview(piece)[:end])))
            self._tail = piece[end:]
        else:
            self._tail += piece
        if len(self._tail) > LINE_LIMIT:
            self.too_long.append(self._tail[:_KEPT])
            self._tail, self._passing_over = b"", True

    def _short_ones(self, block: bytes) -> Iterator[bytes]:
        """Take out lines that are too long; none is where each half of a limit has a newline."""
        half = LINE_LIMIT // 2
        if all(block.find(b"\n", at, at + half) >= 0 for at in range(0, len(block), half)):
            yield block
            return
        lines = block[:-1].split(b"\n")
        self.too_long += [line[:_KEPT] for line in lines if len(line) > LINE_LIMIT]
        yield b"".join(line + b"\n" for line in lines if len(line) <= LINE_LIMIT)
