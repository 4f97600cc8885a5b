"""Slow readers: large downloads by clients behind thin lines."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmtune.bench.load.connection import ERRORS, connect
from mpmtune.bench.load.outcome import Outcome
from mpmtune.bench.load.target import until
from mpmtune.bench.ports import narrow

if TYPE_CHECKING:
    from mpmtune.bench.load.connection import Connection
    from mpmtune.bench.load.target import Target, Window

_STEP = 0.25
_BUFFER = 64 * 1024
_MOVING = 0.5


@dataclass(frozen=True, slots=True)
class SlowReaders:
    """Downloads that take all the time, at a rate of their own.

    Attributes:
        path: A large file.
        readers: How many.
        bytes_per_second: What each of them takes.
        opened_over: Seconds in which all begin.
        name: What to call them.
    """

    path: str
    readers: int
    bytes_per_second: int = 100_000
    opened_over: float = 1.0
    name: str = "downloads"

    async def drive(self, target: Target, window: Window) -> Outcome:
        """Download; those that got at least half of what they would take are good."""
        step = self.opened_over / self.readers
        dues = (window.start + number * step for number in range(self.readers))
        moved = await asyncio.gather(*(self._reader(target, due, window) for due in dues))
        wanted = self.bytes_per_second * window.seconds * _MOVING
        good = sum(amount >= wanted for amount in moved)
        return Outcome(window.seconds, self.readers, good, self.readers - good)

    async def _reader(self, target: Target, due: float, window: Window) -> int:
        await until(due)
        try:
            connection = await connect(target)
        except ERRORS:
            return 0
        try:
            return await self._download(connection, due, window)
        except ERRORS:
            return 0
        finally:
            connection.close()

    async def _download(self, connection: Connection, due: float, window: Window) -> int:
        """Take so much every quarter of a second; give what came in the time that counts."""
        narrow(connection.writer, _BUFFER)
        await connection.send(self.path)
        share = int(self.bytes_per_second * _STEP)
        moved = 0
        while due < window.end:
            due += _STEP
            taken = await self._take(connection, share, due)
            moved += taken if window.counts(due - _STEP) else 0
            await until(due)
        return moved

    async def _take(self, connection: Connection, share: int, due: float) -> int:
        """Take at most so much until then."""
        left, loop = share, asyncio.get_running_loop()
        while left and (patience := due - loop.time()) > 0:
            try:
                piece = await asyncio.wait_for(connection.reader.read(left), patience)
            except asyncio.TimeoutError:
                break
            if not piece:
                break
            left -= len(piece)
        return share - left
