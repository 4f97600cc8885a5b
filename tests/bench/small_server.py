"""A server of a few lines for clients under test."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mpmtune.bench.load.target import Target, Window
from mpmtune.bench.programs import Programs

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from mpmtune.bench.load.outcome import Outcome
    from mpmtune.bench.load.target import Part

PLAIN = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
Handler = Any  # a coroutine function of a reader and a writer


def answering(answer: bytes, *, after: float = 0.0, times: int | None = None) -> Handler:
    """Answer each request of a connection alike, so many times, then close."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        left = times
        try:
            while left is None or left > 0:
                head = await reader.readuntil(b"\r\n\r\n")
                await asyncio.sleep(after)
                writer.write(answer)
                await writer.drain()
                if b"Connection: close" in head:
                    break
                left = None if left is None else left - 1
        except (asyncio.IncompleteReadError, OSError):
            pass
        finally:
            writer.close()

    return handle


@asynccontextmanager
async def listening(handler: Handler) -> AsyncIterator[Target]:
    server = await asyncio.start_server(handler, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    programs = Programs("/usr/sbin/apache2", Path("/nowhere"), {})
    try:
        yield Target(port, 0, None, programs, Path("/nowhere"), frozenset())
    finally:
        server.close()


def driven(part: Part, handler: Handler, seconds: float = 0.3, opening: float = 0.0) -> Outcome:
    """Drive a part of a load against such a server."""

    async def drive() -> Outcome:
        async with listening(handler) as target:
            now = asyncio.get_running_loop().time()
            window = Window(now, now + opening, now + opening + seconds)
            return await part.drive(target, window)

    return asyncio.run(drive())
