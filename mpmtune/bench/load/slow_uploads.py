"""Slow uploads: request bodies that come in small pieces, as over a mobile network."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmtune.bench.load.arrivals import arriving
from mpmtune.bench.load.connection import connect

if TYPE_CHECKING:
    from mpmtune.bench.load.connection import Connection
    from mpmtune.bench.load.outcome import Outcome
    from mpmtune.bench.load.target import Target, Window

_PIECES = 8


@dataclass(frozen=True, slots=True)
class SlowUploads:
    """An open loop of uploads, each of which takes its time.

    Attributes:
        path: Where to.
        per_second: How many begin in a second.
        seconds: How long a client takes to send its body.
        size: Of the body, in bytes.
        patience: Seconds for all the rest, from when the upload was due.
        name: What to call them.
    """

    path: str
    per_second: float
    seconds: float
    size: int
    patience: float = 1.0
    name: str = "uploads"

    async def drive(self, target: Target, window: Window) -> Outcome:
        """Begin them when due."""
        patience = self.seconds + self.patience
        return await arriving(window, self.per_second, patience, lambda: self._upload(target))

    async def _upload(self, target: Target) -> bool:
        connection = await connect(target)
        sending = asyncio.create_task(self._send(connection))
        try:
            return await connection.answer()
        finally:
            sending.cancel()
            connection.close()

    async def _send(self, connection: Connection) -> None:
        head = (
            f"POST {self.path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            f"Content-Length: {self.size}\r\n\r\n"
        )
        connection.writer.write(head.encode("ascii"))
        left = self.size
        for pieces in range(_PIECES, 0, -1):
            await asyncio.sleep(self.seconds / _PIECES)
            connection.writer.write(bytes(left // pieces))
            left -= left // pieces
