"""Tunnels: connections that are upgraded, as to a WebSocket, and then stay for long."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmtune.bench.load.arrivals import timed
from mpmtune.bench.load.connection import connect
from mpmtune.bench.load.outcome import outcome_of
from mpmtune.bench.load.target import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from mpmtune.bench.load.connection import Connection
    from mpmtune.bench.load.outcome import Outcome, Reply
    from mpmtune.bench.load.target import Target, Window

SOCKET = "tunnels.sock"
_MESSAGE = b"still there?\n"
_UPGRADED = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Tunnels:
    """Clients that keep a tunnel open and send a small message now and then.

    Behind the server is an echo of ours, on the socket SOCKET in its directory. A client whose
    tunnel does not work opens a new one when its next message is due.

    Attributes:
        path: Where the server has its tunnels.
        count: How many clients.
        every: Seconds from one message of a client to the next.
        patience: Seconds within which a message has to come back.
        name: What to call them.
    """

    path: str
    count: int
    every: float = 1.0
    patience: float = 0.8
    name: str = "tunnels"

    async def drive(self, target: Target, window: Window) -> Outcome:
        """Open them one after the other in the opening time; count messages."""
        step = (window.begin - window.start) / self.count
        async with _echoing(target.directory / SOCKET):
            kept = await asyncio.gather(
                *(self._keep(target, window, window.start + at * step) for at in range(self.count))
            )
        return outcome_of((reply for replies in kept for reply in replies), window.seconds)

    async def _keep(self, target: Target, window: Window, due: float) -> list[Reply]:
        """Use a tunnel whenever it is due, until the end."""
        replies: list[Reply] = []
        tunnel = _Tunnel(target, self.path)
        while due < window.end:
            await until(due)
            counts = window.counts(due)
            replies.append(await timed(due, self.patience, tunnel.use(), counts=counts))
            if not replies[-1].good:
                tunnel.close()
            due += self.every
        tunnel.close()
        return replies


@dataclass(slots=True)
class _Tunnel:
    """A tunnel that is opened when it is needed."""

    target: Target
    path: str
    _connection: Connection | None = None

    async def use(self) -> bool:
        """Send a message and wait until it is back."""
        if self._connection is None:
            self._connection = await connect(self.target)
            self._connection.writer.write(
                f"GET {self.path} HTTP/1.1\r\nHost: localhost\r\n"
                "Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n".encode("ascii")
            )
            head = await self._connection.reader.readuntil(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 101 "):
                return False
        self._connection.writer.write(_MESSAGE)
        return await self._connection.reader.readline() == _MESSAGE

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None


@asynccontextmanager
async def _echoing(socket: Path) -> AsyncIterator[None]:
    """Listen behind the server."""
    opened: list[asyncio.Transport] = []
    loop = asyncio.get_running_loop()
    server = await loop.create_unix_server(lambda: _Echo(opened), socket)
    _let_all_in(socket)
    try:
        yield
    finally:
        server.close()
        for transport in opened:
            transport.abort()


def _let_all_in(socket: Path) -> None:
    """Let httpd in, whoever it runs as."""
    socket.chmod(0o666)


class _Echo(asyncio.Protocol):
    """The far end of a tunnel: it upgrades its connection, and sends back what comes.

    Args:
        opened: Where to put its connection.
    """

    def __init__(self, opened: list[asyncio.Transport]) -> None:
        self._opened = opened
        self._head = b""
        self._upgraded = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection."""
        if isinstance(transport, asyncio.Transport):
            self._opened.append(transport)
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer."""
        if self._upgraded:
            self._transport.write(data)
            return
        self._head += data
        if b"\r\n\r\n" in self._head:
            self._upgraded = True
            self._transport.write(_UPGRADED)
