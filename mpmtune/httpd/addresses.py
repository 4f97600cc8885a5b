"""The addresses of Listen and <VirtualHost>, as httpd reads them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from mpmtune.httpd.words import split

if TYPE_CHECKING:
    from mpmtune.model.config import Occurrence, Tree

ANY = "*"
_ANY_SPELLINGS = frozenset({"*", "_default_", "0.0.0.0", "::"})  # noqa: S104 - nothing is bound
_LOOPBACK = {"localhost": ("127.0.0.1", "::1")}


class Address(NamedTuple):
    """An address with a port.

    Attributes:
        host: An IP address in its usual form, ``*`` for every one, or a host name that only a
            resolver could turn into addresses.
        port: 0 for every port.
        written: The host as it is written, in small letters: a request that asks for it by this
            name is meant for the virtual host.
    """

    host: str
    port: int
    written: str

    def __str__(self) -> str:
        """Write it as the manual does: ``*:80``, ``[::1]:443``, ``10.0.0.1:*``."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port or '*'}"

    @property
    def is_ip(self) -> bool:
        """Whether it is one IP address, and neither all of them nor a name."""
        return ip_address(self.host) is not None


class Listener(NamedTuple):
    """A Listen.

    Attributes:
        address: Where httpd listens.
        protocol: The second argument, folded; empty when it has none.
        occurrence: The directive.
    """

    address: Address
    protocol: str
    occurrence: Occurrence


@lru_cache(maxsize=4096)
def ip_address(text: str) -> str | None:
    """Give an IP address in its usual form, an IPv4 one in IPv6 clothes bare; None for a name."""
    if not text or text[-1] not in "0123456789abcdefABCDEF:":
        return None
    import ipaddress

    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address)


@lru_cache(maxsize=4096)
def addresses_of(word: str) -> tuple[Address, ...]:
    """Read one argument of ``<VirtualHost>``: vhost.c, get_addresses.

    Several for a name that is known to have several; empty where httpd refuses it.
    """
    host, port = _parted(word)
    if host is None:
        return ()
    written = host.lower()
    if written in _ANY_SPELLINGS:
        return (Address(ANY, port, written),)
    hosts = _LOOPBACK.get(written) or (ip_address(written) or written,)
    return tuple(Address(one, port, written) for one in hosts)


def listener(occurrence: Occurrence) -> Listener | None:
    """Read a Listen; None where httpd refuses it: listen.c, ap_set_listener."""
    words = split(occurrence.args)
    if not words:
        return None
    host, port = (ANY, int(words[0])) if _is_port(words[0]) else _parted(words[0])
    if host is None or not port:
        return None
    written = host.lower()
    where = ANY if written in _ANY_SPELLINGS else ip_address(written) or written
    protocol = words[1].lower() if len(words) > 1 else ""
    return Listener(Address(where, port, written), protocol, occurrence)


def addresses_to_bind(tree: Tree) -> tuple[Address, ...]:
    """Give every address of a Listen that no resolver is needed for, in order."""
    found = (listener(occurrence) for occurrence in tree.by_name.get("listen", ()))
    return tuple(
        one.address
        for one in found
        if one is not None and (one.address.is_ip or one.address.host == ANY)
    )


def _parted(word: str) -> tuple[str | None, int]:
    """Part host and port; port 0 where it is none or ``*``, no host where httpd refuses it."""
    if word == ANY:
        return ANY, 0
    host, colon, port = word.rpartition(":")
    if word.startswith("["):
        inner, closed, rest = word[1:].partition("]")
        if not closed or (rest and not _is_port(rest[1:]) and rest != ":*"):
            return None, 0
        return inner, int(rest[1:]) if rest and rest != ":*" else 0
    if not colon:
        return (None if _is_port(word) else word), 0
    if port == ANY:
        return host or None, 0
    return (host or None, int(port)) if _is_port(port) else (None, 0)


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and 0 < int(text[:6]) < 65536  # noqa: PLR2004 - 16 bits
