"""Who listens where on this machine, whether a port is free, and whether anything answers there."""

from __future__ import annotations

import errno
import os
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass

_LISTEN = "0A"  # net/tcp_states.h, TCP_LISTEN
_INODE = 9
_TABLES = ("/proc/net/tcp", "/proc/net/tcp6")
_IPV4_BYTES = 4
_ANSWER_SECONDS = 2.0
# Answered by httpd's core alone: no handler, script or backend is run.
_QUESTION = b"OPTIONS * HTTP/1.0\r\nUser-Agent: mpmtune\r\n\r\n"
_ANY = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, not bound


@dataclass(frozen=True, slots=True)
class Listener:
    """A TCP socket that accepts connections.

    Attributes:
        address: ``0.0.0.0``, ``::``, ``127.0.0.1`` …
        port: Its port.
        inode: Identifies the socket among the descriptors of a process.
    """

    address: str
    port: int
    inode: int


def parse_listeners(text: str) -> tuple[Listener, ...]:
    """Read ``/proc/net/tcp`` or ``tcp6`` (proc_pid_net(5)); other states are left out."""
    found = []
    for line in text.splitlines()[1:]:
        words = line.split()
        if len(words) > _INODE and words[3] == _LISTEN:
            address, _, port = words[1].partition(":")
            found.append(Listener(_address(address), int(port, 16), int(words[_INODE])))
    return tuple(found)


def _address(written: str) -> str:
    """Decode an address: words of 32 bits in the byte order of the machine."""
    raw = bytes.fromhex(written)
    if sys.byteorder == "little":
        raw = b"".join(raw[at : at + 4][::-1] for at in range(0, len(raw), 4))
    return socket.inet_ntop(socket.AF_INET if len(raw) == _IPV4_BYTES else socket.AF_INET6, raw)


def listeners() -> tuple[Listener, ...]:
    """Look at the listening sockets of this network namespace."""
    found: list[Listener] = []
    for table in _TABLES:
        with suppress(OSError), open(table, encoding="ascii") as file:
            found += parse_listeners(file.read())
    return tuple(found)


def sockets_of(pid: int) -> frozenset[int]:
    """Find the inodes of the sockets that a process holds; none where it may not be seen."""
    found = set()
    with suppress(OSError):
        for name in os.listdir(f"/proc/{pid}/fd"):
            with suppress(OSError):
                target = os.readlink(f"/proc/{pid}/fd/{name}")
                if target.startswith("socket:["):
                    found.add(int(target[8:-1]))
    return frozenset(found)


def refusal_to_bind(address: str, port: int) -> str:
    """Bind a port as httpd would (listen.c, make_sock), and let it go at once.

    Args:
        address: Numeric; empty for every address.
        port: The port.

    Returns:
        Why it cannot be bound; empty when it can.
    """
    family = socket.AF_INET if "." in address else socket.AF_INET6
    if not address and not socket.has_ipv6:
        family = socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family is socket.AF_INET6:
                tried.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, bool(address))
            tried.bind((address, port))
            tried.listen(1)
    except OSError as error:
        if error.errno == errno.EAFNOSUPPORT:
            return refusal_to_bind("0.0.0.0", port) if not address else ""  # noqa: S104
        return (error.strerror or "it is no address").lower()
    return ""


def answers(listener: Listener) -> bool:
    """Tell whether somebody takes a connection there and says something, within 2 seconds."""
    place = (_ANY.get(listener.address, listener.address), listener.port)
    try:
        with socket.create_connection(place, timeout=_ANSWER_SECONDS) as connection:
            connection.sendall(_QUESTION)
            # A worker that closes at once, as for TLS it may, has answered as well.
            connection.recv(1)
    except OSError:
        return False
    return True
