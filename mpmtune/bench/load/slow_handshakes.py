"""Visitors from far away: what they send in a TLS handshake takes its time on the way."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from mpmtune.bench.load.arrivals import arriving

if TYPE_CHECKING:
    from collections.abc import Callable

    from mpmtune.bench.load.outcome import Outcome
    from mpmtune.bench.load.target import Target, Window

_Made = TypeVar("_Made")
_PIECE = 16 * 1024


@dataclass(frozen=True, slots=True)
class SlowHandshakes:
    """An open loop: each visitor makes a full handshake and one request, and leaves.

    Attributes:
        path: What they ask for.
        per_second: How many come in a second.
        latency: Seconds between what the server says and what it hears back.
        patience: Seconds for all the rest, from when the visitor was due.
        name: What to call them.
    """

    path: str
    per_second: float
    latency: float
    patience: float = 1.0
    name: str = "visitors"

    async def drive(self, target: Target, window: Window) -> Outcome:
        """Send them when due."""
        patience = self.latency + self.patience
        return await arriving(window, self.per_second, patience, lambda: self._visit(target))

    async def _visit(self, target: Target) -> bool:
        if target.tls is None:
            raise ValueError("the site has no TLS")
        reader, writer = await asyncio.open_connection("127.0.0.1", target.tls_port)
        try:
            return await _Distant(target.tls, reader, writer, self.latency).ask(self.path)
        finally:
            writer.transport.abort()


@dataclass(slots=True)
class _Distant:
    """The far end of a TLS connection."""

    context: ssl.SSLContext
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    latency: float
    _incoming: ssl.MemoryBIO = field(default_factory=ssl.MemoryBIO)
    _outgoing: ssl.MemoryBIO = field(default_factory=ssl.MemoryBIO)
    _session: ssl.SSLObject = field(init=False)
    _greeted: bool = False

    def __post_init__(self) -> None:
        self._session = self.context.wrap_bio(self._incoming, self._outgoing)

    async def ask(self, path: str) -> bool:
        """Make a handshake and a request, and read the beginning of its answer."""
        await self._do(self._session.do_handshake)
        text = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        self._session.write(text.encode("ascii"))
        answer = await self._do(lambda: self._session.read(_PIECE))
        return answer.startswith(b"HTTP/1.1 200 ")

    async def _do(self, step: Callable[[], _Made]) -> _Made:
        """Do what TLS can only do when it has heard enough."""
        while True:
            with suppress(ssl.SSLWantReadError):
                return step()
            await self._exchange()

    async def _exchange(self) -> None:
        """Send what is to be sent, and wait for what comes; only the first greeting is quick.

        Raises:
            ConnectionError: when the server closes the connection.
        """
        if self._outgoing.pending:
            if self._greeted:
                await asyncio.sleep(self.latency)
            self._greeted = True
            self.writer.write(self._outgoing.read())
        received = await self.reader.read(_PIECE)
        if not received:
            raise ConnectionError("closed by the server")
        self._incoming.write(received)
