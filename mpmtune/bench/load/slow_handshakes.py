"""Visitors from far away: what they send in a TLS handshake takes its time on the way."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mpmtune.bench.load.arrivals import arriving

if TYPE_CHECKING:
    from mpmtune.bench.load.outcome import Outcome
    from mpmtune.bench.load.target import Target, Window

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
        distant = _Distant(target.tls, reader, writer, self.latency)
        try:
            await distant.shake_hands()
            return await distant.ask(self.path)
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

    def __post_init__(self) -> None:
        self._session = self.context.wrap_bio(self._incoming, self._outgoing)

    async def shake_hands(self) -> None:
        """Get as far as the last thing that a client says in a handshake; it is not yet sent."""
        opened = False
        while True:
            try:
                self._session.do_handshake()
            except ssl.SSLWantReadError:
                if opened and self._outgoing.pending:
                    await asyncio.sleep(self.latency)
                opened = True
                await self._exchange()
            else:
                return

    async def ask(self, path: str) -> bool:
        """End the handshake, make a request, and read the beginning of its answer."""
        await asyncio.sleep(self.latency)
        text = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        self._session.write(text.encode("ascii"))
        while True:
            try:
                return self._session.read(_PIECE).startswith(b"HTTP/1.1 200 ")
            except ssl.SSLWantReadError:
                await self._exchange()

    async def _exchange(self) -> None:
        """Send what is to be sent, and wait for what comes.

        Raises:
            ConnectionError: when the server closes the connection.
        """
        self.writer.write(self._outgoing.read())
        received = await self.reader.read(_PIECE)
        if not received:
            raise ConnectionError("closed by the server")
        self._incoming.write(received)
