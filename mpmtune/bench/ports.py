"""Ports of this machine that nothing uses."""

from __future__ import annotations

import socket  # noqa: TID251 - only a bound socket proves that a port is free


def free_port() -> int:
    """Give a port of 127.0.0.1 that nothing listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
