"""Visitors of a server that sort every failure; run as a program, it stops when its input ends.

A request is lost when it fails on a fresh connection, is refused, or was accepted and gets no
complete answer. A kept-alive connection that was idle and is closed is counted apart: the client
asks again. Printed is one line of JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter
from contextlib import suppress

_SLOW_PIECES = 12
_PIECE = 64 * 1024
_PIECE_SECONDS = 0.12


class Visitors:
    """Visitors of one server.

    Args:
        port: Where it listens.
        length: Size of ``/large``, in bytes.
    """

    def __init__(self, port: int, length: int) -> None:
        self.port = port
        self.length = length
        self.counts: Counter[str] = Counter()
        self.worst_pause = 0.0
        self.over = False

    async def fresh(self) -> None:
        """Open a connection for each request."""
        while not self.over:
            began = time.monotonic()
            self.counts[await self._once(b"GET / HTTP/1.0\r\n\r\n", b"served\n")] += 1
            self.worst_pause = max(self.worst_pause, time.monotonic() - began)
            await asyncio.sleep(0.01)

    async def slow(self) -> None:
        """Read a large file slowly: a request that is in work all the time."""
        while not self.over:
            self.counts["slow " + await self._slowly()] += 1

    async def kept(self) -> None:
        """Ask again and again on one connection."""
        while not self.over:
            with suppress(OSError):
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                asked = 0
                while not self.over:
                    writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    answer = await _answer(reader)
                    if not answer:
                        self.counts["kept closed" if asked else "lost: first on a connection"] += 1
                        break
                    self.counts["kept answered"] += 1
                    asked += 1
                    await asyncio.sleep(0.05)
                writer.close()

    async def _once(self, request: bytes, end: bytes) -> str:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return "lost: refused"
        try:
            writer.write(request)
            answer = await reader.read()
        except OSError:
            return "lost: reset"
        finally:
            writer.close()
        return "answered" if answer.endswith(end) else "lost: incomplete"

    async def _slowly(self) -> str:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=_PIECE)
        except OSError:
            return "lost: refused"
        try:
            writer.write(b"GET /large HTTP/1.0\r\n\r\n")
            head = await reader.readuntil(b"\r\n\r\n")
            assert head
            size = 0
            for _ in range(_SLOW_PIECES):
                size += len(await reader.read(_PIECE))
                await asyncio.sleep(_PIECE_SECONDS)
            while piece := await reader.read(1024 * 1024):
                size += len(piece)
        except (OSError, asyncio.IncompleteReadError):
            return "lost: cut"
        finally:
            writer.close()
        return "answered" if size == self.length else "lost: incomplete"


async def _answer(reader: asyncio.StreamReader) -> bytes:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        return head + await reader.readexactly(length)
    except (OSError, asyncio.IncompleteReadError):
        return b""


async def _run(port: int, length: int, slow: int) -> None:
    visitors = Visitors(port, length)
    tasks = [asyncio.create_task(visitors.fresh()) for _ in range(4)]
    tasks += [asyncio.create_task(visitors.kept()) for _ in range(4)]
    tasks += [asyncio.create_task(visitors.slow()) for _ in range(slow)]
    await asyncio.to_thread(sys.stdin.read)
    visitors.over = True
    await asyncio.wait_for(asyncio.gather(*tasks), 60)
    print(json.dumps({"worst_pause": visitors.worst_pause, **visitors.counts}), flush=True)


if __name__ == "__main__":
    asyncio.run(_run(*(int(word) for word in sys.argv[1:4])))
