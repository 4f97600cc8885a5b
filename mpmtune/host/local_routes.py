"""A network namespace without a network, in which every address is one of its own."""

from __future__ import annotations

import errno
import fcntl
import os
import socket
import struct
from contextlib import suppress

# linux/sockios.h, linux/if.h
_GET_FLAGS, _SET_FLAGS, _UP = 0x8913, 0x8914, 0x1
# linux/netlink.h, linux/rtnetlink.h
_NEW_ROUTE = 24
_REQUEST_CREATE_ACKNOWLEDGE = 0x1 | 0x400 | 0x4
_TABLE_LOCAL, _SET_AT_BOOT, _SCOPE_HOST, _LOCAL = 255, 3, 254, 2
_OUT_INTERFACE = 4
_HEADER = struct.Struct("=IHHII")
_ROUTE = struct.Struct("=BBBBBBBBI")
_ATTRIBUTE = struct.Struct("=HHI")
_ERROR = struct.Struct("=i")


def make_every_address_local() -> None:
    """Raise ``lo`` and lead every address to it: what is bound to one of them can be asked.

    Raises:
        OSError: where the kernel refuses. IPv6 may be missing.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        request = struct.pack("16sH14s", b"lo", 0, b"")
        _, flags, _ = struct.unpack("16sH14s", fcntl.ioctl(asked, _GET_FLAGS, request))
        fcntl.ioctl(asked, _SET_FLAGS, struct.pack("16sH14s", b"lo", flags | _UP, b""))
    _add_route(socket.AF_INET)
    # IPv6 lets an address be asked by such a route, but not be bound (inet6_bind).
    with suppress(OSError), open("/proc/sys/net/ipv6/ip_nonlocal_bind", "w") as switch:
        switch.write("1")
    try:
        _add_route(socket.AF_INET6)
    except OSError as error:
        if error.errno not in {errno.EAFNOSUPPORT, errno.EOPNOTSUPP, errno.EACCES}:
            raise


def _add_route(family: int) -> None:
    """Add ``local default dev lo`` (rtnetlink(7))."""
    route = _ROUTE.pack(family, 0, 0, 0, _TABLE_LOCAL, _SET_AT_BOOT, _SCOPE_HOST, _LOCAL, 0)
    attribute = _ATTRIBUTE.pack(_ATTRIBUTE.size, _OUT_INTERFACE, socket.if_nametoindex("lo"))
    body = route + attribute
    header = _HEADER.pack(_HEADER.size + len(body), _NEW_ROUTE, _REQUEST_CREATE_ACKNOWLEDGE, 1, 0)
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as kernel:
        kernel.send(header + body)
        answer = kernel.recv(4096)
    (number,) = _ERROR.unpack_from(answer, _HEADER.size)
    if number:
        raise OSError(-number, os.strerror(-number), "local route")
