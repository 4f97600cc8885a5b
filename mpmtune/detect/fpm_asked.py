"""Which PHP-FPM pools httpd asks: those that listen where its configuration passes requests to."""

from __future__ import annotations

import re
from dataclasses import replace
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING

from mpmtune.host.doorway import Absent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mpmtune.host.doorway import Files
    from mpmtune.model.server import FpmPool, ProxyBackend

_UNIX = re.compile(r"unix:(?P<path>/[^|$%]*)\|fcgi:", re.IGNORECASE)
_TCP = re.compile(r"fcgi://[^/$%]*?(?::(?P<port>\d+))?(?:/.*)?", re.IGNORECASE)
_DEFAULT_PORT = "8000"  # mod_proxy_fcgi.c, proxy_fcgi_canon
# Debian names a socket by way of /etc/alternatives.
_MOST_LINKS = 8


def mark_asked(
    files: Files, pools: tuple[FpmPool, ...], backends: Iterable[ProxyBackend]
) -> tuple[FpmPool, ...]:
    """Tell of each pool whether httpd asks it; where a target cannot be read, each may be asked."""
    targets = [_target(one.url) for one in backends if "fcgi:" in one.url.lower()]
    if not targets or None in targets:
        return pools
    listens = {_listen(pool) for pool in pools}
    meant = {at if at in listens else _followed(files, at) for at in targets if at is not None}
    return tuple(replace(pool, asked=_listen(pool) in meant) for pool in pools)


def _target(url: str) -> str | None:
    """Give the socket or the port of a FastCGI target; None where it has variables in it."""
    if socket := _UNIX.match(url):
        return _plain(socket["path"])
    address = _TCP.fullmatch(url)
    return None if address is None else address["port"] or _DEFAULT_PORT


def _listen(pool: FpmPool) -> str:
    """Give the socket or the port that a pool listens on."""
    listen = pool.listen
    return _plain(listen) if listen.startswith("/") else listen.rpartition(":")[2]


def _plain(path: str) -> str:
    return re.sub("^/var/run/", "/run/", normpath(path))


def _followed(files: Files, path: str) -> str:
    """Follow links at the end of a path."""
    for _ in range(_MOST_LINKS):
        entry = files.entry(path) if path.startswith("/") else None
        if entry is None or isinstance(entry, Absent) or entry.target is None:
            break
        path = _plain(join(dirname(path), entry.target))
    return path
