"""A URL that is asked about, and all that a configuration says to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from mpmtune.httpd.addresses import ip_address

if TYPE_CHECKING:
    from mpmtune.httpd.in_force import Configuration
    from mpmtune.httpd.merged_view import MergedView
    from mpmtune.httpd.virtual_hosts import Selection

_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9a-f:.]+\]|[^/:?#@\[\]\s]+)(?::(?P<port>\d{1,5}))?"
    r"(?P<path>[/?#].*)?",
    re.IGNORECASE | re.DOTALL,
)
_PORTS = {"http": 80, "https": 443}
_MOST_PORTS = 65535


class AskedUrl(NamedTuple):
    """A URL, taken apart.

    Attributes:
        scheme: ``http`` or ``https``.
        host: A name in small letters, or an IP address without brackets.
        port: That of the scheme where the URL names none.
        path: All after the host, beginning with a slash.
    """

    scheme: str
    host: str
    port: int
    path: str

    def __str__(self) -> str:
        """Write it with its port only where that is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}"


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What a configuration says to a URL.

    Attributes:
        url: The URL.
        selection: The server that it is for, and why.
        listens: Whether a Listen is for its port; None where there is no Listen at all.
        configuration: What holds there.
        accepted: Whether httpd takes the whole configuration; None where that is not known.
    """

    url: AskedUrl
    selection: Selection
    listens: bool | None
    configuration: Configuration
    accepted: bool | None = None


def read_url(text: str) -> AskedUrl | None:
    """Take a URL apart; None where it is none of http or https with a host."""
    match = _URL.fullmatch(text)
    if match is None:
        return None
    host = match["host"].lower()
    if host.startswith("["):
        host = ip_address(host[1:-1]) or ""
    elif not host.isascii():
        host = _for_dns(host)
    scheme = match["scheme"].lower()
    port = int(match["port"]) if match["port"] else _PORTS[scheme]
    if not host or not 0 < port <= _MOST_PORTS:
        return None
    path = match["path"] or "/"
    return AskedUrl(scheme, host, port, path if path.startswith("/") else f"/{path}")


def _for_dns(host: str) -> str:
    """Write a name in other letters as a browser asks for it."""
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return ""


def ask(view: MergedView, url: AskedUrl) -> Answer:
    """Tell what holds for a URL."""
    selection = view.hosts.select(url.host, url.port)
    ports = {one.address.port for one in view.hosts.listeners}
    listens = url.port in ports if ports else None
    return Answer(url, selection, listens, view.url(selection.host, url.path))
