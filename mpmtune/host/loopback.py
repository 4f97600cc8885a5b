"""One request to this machine itself: no name is resolved, no redirect or proxy followed."""

from __future__ import annotations

import re
import socket
import time

from mpmtune.host.doorway import Absent, Answer

_SECONDS = 2.0
_LIMIT = 1024 * 1024
_PIECE = 64 * 1024
_TARGET = re.compile(r"/[!-~]{0,1000}")
_NAME = re.compile(r"[A-Za-z0-9._-]{1,253}")
_STATUS_LINE = re.compile(rb"HTTP/1\.[01] (\d{3})[ \r\n]")


def get(port: int, target: str, name: str = "localhost") -> Answer | Absent:
    """GET ``target`` from 127.0.0.1:``port``, all within 2 seconds and 1 MiB.

    ``name`` is that of the virtual host that is meant, for the Host header alone.

    HTTP/1.0, so the body is what comes after the head, never chunked.
    """
    url = f"http://127.0.0.1:{port}{target}"
    if not (_TARGET.fullmatch(target) and _NAME.fullmatch(name)) or not 0 < port < 1 << 16:
        return Absent(url, "it is no address to ask")
    request = f"GET {target} HTTP/1.0\r\nHost: {name}\r\nUser-Agent: mpmtune\r\n\r\n"
    try:
        raw = _exchange(port, request.encode("ascii"))
    except OSError as error:
        return Absent(url, (error.strerror or "no answer in time").lower())
    status = _STATUS_LINE.match(raw)
    _, separator, body = raw.partition(b"\r\n\r\n")
    if status is None or not separator:
        return Absent(url, "what answers there does not speak HTTP")
    return Answer(int(status[1]), body, b"")


def _exchange(port: int, request: bytes) -> bytes:
    """Send and collect until the end, the limit or the deadline, whichever comes first."""
    deadline = time.monotonic() + _SECONDS
    said = bytearray()
    with socket.create_connection(("127.0.0.1", port), timeout=_SECONDS) as connection:
        connection.sendall(request)
        while len(said) < _LIMIT:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            connection.settimeout(left)
            piece = connection.recv(_PIECE)
            if not piece:
                break
            said += piece
    return bytes(said[:_LIMIT])
