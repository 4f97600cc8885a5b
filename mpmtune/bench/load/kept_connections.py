"""Connections that stay open and are used now and then: browsers, mobile clients, pollers."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmtune.bench.load.connection import ERRORS, connect
from mpmtune.bench.load.outcome import Outcome
from mpmtune.bench.load.target import until

if TYPE_CHECKING:
    from mpmtune.bench.load.target import Target, Window


@dataclass(frozen=True, slots=True)
class KeptConnections:
    """Connections opened one after another, each with a request from time to time.

    One that the server closes, or leaves without an answer, is lost and not opened again.

    Attributes:
        path: What they ask for.
        connections: How many.
        opened_over: Seconds in which all are opened.
        pause: Seconds between two requests of a connection.
        deadline: Seconds for an answer.
        name: What to call them.
    """

    path: str
    connections: int
    opened_over: float
    pause: float = 2.0
    deadline: float = 1.0
    name: str = "kept"

    async def drive(self, target: Target, window: Window) -> Outcome:
        """Open and use them; those that are still open at the end are good."""
        step = self.opened_over / self.connections
        dues = (window.start + number * step for number in range(self.connections))
        kept = await asyncio.gather(*(self._connection(target, due, window.end) for due in dues))
        good = sum(kept)
        return Outcome(window.seconds, self.connections, good, self.connections - good)

    async def _connection(self, target: Target, due: float, end: float) -> bool:
        await until(due)
        try:
            connection = await connect(target)
        except ERRORS:
            return False
        try:
            while due < end:
                good = await asyncio.wait_for(connection.ask(self.path), self.deadline)
                if not good:
                    return False
                due += self.pause
                await until(min(due, end))
        except (asyncio.TimeoutError, *ERRORS):
            return False
        finally:
            connection.close()
        return not connection.reader.at_eof()
