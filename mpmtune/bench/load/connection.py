"""HTTP/1.1 as far as a load generator needs it."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mpmtune.bench.load.target import Target

_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})")
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,15})", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:[^\r\n]*chunked", re.IGNORECASE)
_OK = b"200"
# More is not taken from the kernel before somebody reads.
_BUFFER = 64 * 1024

ERRORS = (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError)


@dataclass(frozen=True, slots=True)
class Connection:
    """An open connection to the server."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def ask(self, path: str, *, close: bool = False) -> bool:
        """Make a request and read its answer whole; give whether it is a good one.

        Raises:
            OSError, IncompleteReadError: when the server closes the connection instead.
        """
        await self.send(path, close=close)
        return await self.answer()

    async def answer(self) -> bool:
        """Read an answer whole; give whether it is a good one.

        Raises:
            OSError, IncompleteReadError: when the server closes the connection instead.
        """
        good, _ = await self.page()
        return good

    async def page(self) -> tuple[bool, bytes]:
        """Read an answer whole; give whether it is a good one, and its body.

        Raises:
            OSError, IncompleteReadError: as ``answer``.
        """
        head = await self.reader.readuntil(b"\r\n\r\n")
        body = await self._body(head)
        match = _STATUS.match(head)
        return match is not None and match[1] == _OK, body

    async def send(self, path: str, *, close: bool = False) -> None:
        """Send a request for a path."""
        how = "close" if close else "keep-alive"
        text = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: {how}\r\n\r\n"
        self.writer.write(text.encode("ascii"))
        await self.writer.drain()

    async def _body(self, head: bytes) -> bytes:
        if length := _LENGTH.search(head):
            return await self.reader.readexactly(int(length[1]))
        if not _CHUNKED.search(head):
            return await self.reader.read(-1)
        pieces = []
        while size := int(await self.reader.readuntil(b"\r\n"), 16):
            pieces.append(await self.reader.readexactly(size))
            await self.reader.readexactly(2)
        await self.reader.readuntil(b"\r\n")
        return b"".join(pieces)

    def close(self) -> None:
        """Close it at once, whatever is still to come."""
        self.writer.transport.abort()


async def connect(target: Target, *, tls: bool = False) -> Connection:
    """Open a connection.

    Raises:
        OSError: when the server does not accept it.
    """
    port = target.tls_port if tls else target.port
    reader, writer = await asyncio.open_connection(
        "127.0.0.1", port, ssl=target.tls if tls else None, limit=_BUFFER
    )
    return Connection(reader, writer)


async def visit(target: Target, path: str, *, tls: bool = False) -> bool:
    """Make one request on a connection of its own; give whether the answer is a good one.

    Raises:
        OSError, IncompleteReadError: when there is none.
    """
    connection = await connect(target, tls=tls)
    try:
        return await connection.ask(path, close=True)
    finally:
        connection.close()


async def fetch(target: Target, path: str) -> bytes:
    """Get a page on a connection of its own; nothing where it is no good answer.

    Raises:
        OSError, IncompleteReadError: when there is none.
    """
    connection = await connect(target)
    try:
        await connection.send(path, close=True)
        good, body = await connection.page()
        return body if good else b""
    finally:
        connection.close()
