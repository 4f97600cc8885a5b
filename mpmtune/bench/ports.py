"""Sockets where asyncio has no word for them: free ports, small buffers."""

from __future__ import annotations

import socket  # noqa: TID251 - only a bound socket proves that a port is free
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asyncio import StreamWriter


def free_port() -> int:
    """Give a port of 127.0.0.1 that nothing listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def narrow(writer: StreamWriter, size: int) -> None:
    """Let the kernel hold no more than this for us: a slow reader must be felt by the server."""
    connection = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, size)
