"""Virtual hosts by address and name, and which of them a request is for: server/vhost.c.

httpd sorts its virtual hosts into one list for each address with port. The address on which a
connection comes in picks a list; the name that a request asks for picks a virtual host in it; the
first one of the list serves all other names. The main server gets what no list is for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING

from mpmtune.httpd.addresses import ANY, Address, Listener, addresses_of, ip_address, listener
from mpmtune.httpd.path_patterns import compile_pattern
from mpmtune.httpd.words import arguments, split

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from mpmtune.model.config import Occurrence, Tree


@dataclass(frozen=True, eq=False)
class VirtualHost:
    """A ``<VirtualHost>``.

    Attributes:
        occurrence: The section.
        addresses: Those it names, in its order.
        server_name: The name of its ServerName, in small letters; that of the main server where
            it has none and stands at every address; empty where only a resolver knows.
        aliases: Names of its ServerAlias, in small letters, some with ``*`` or ``?``.
        named_by: Its ServerName.
    """

    occurrence: Occurrence
    addresses: tuple[Address, ...]
    server_name: str
    aliases: tuple[str, ...]
    named_by: Occurrence | None


class Why(Enum):
    """Why a virtual host serves a request."""

    NAME = "ServerName or ServerAlias is the name asked for"
    WRITTEN = "the name asked for is its address as written"
    FIRST = "it is the first at this address, and none there has the name"
    MAIN = "no virtual host is for this address and port"


@dataclass(frozen=True, slots=True)
class Selection:
    """The server that a request is for.

    Attributes:
        host: The virtual host; None for the main server.
        why: What made it so.
        hosts: The list that the address picked; None when it picked none.
        elsewhere: Lists of other addresses at this port, which the request would have met had it
            come in there; only where the address was not known.
    """

    host: VirtualHost | None
    why: Why
    hosts: NamedHosts | None = None
    elsewhere: tuple[NamedHosts, ...] = ()


@dataclass(eq=False)
class NamedHosts:
    """The virtual hosts of one address, in the order of the configuration.

    Attributes:
        address: The address.
        members: Each with the address by which it came to be here.
    """

    address: Address
    members: list[tuple[VirtualHost, Address]] = field(default_factory=list)

    @property
    def first(self) -> VirtualHost:
        """The one that serves names which none of them has."""
        return self.members[0][0]

    def named(self, name: str) -> tuple[VirtualHost, Why] | None:
        """Find the first virtual host with a name; vhost.c: update_server_from_aliases.

        Args:
            name: In small letters.
        """
        at = self._exact.get(name, len(self.members))
        for position, pattern in self._patterns:
            if position >= at:
                break
            if _matches(pattern, name):
                at = position
        if at < len(self.members):
            return self.members[at][0], Why.NAME
        written = self._written.get(name)
        return None if written is None else (written, Why.WRITTEN)

    @cached_property
    def _exact(self) -> Mapping[str, int]:
        index: dict[str, int] = {}
        for position, (host, _) in enumerate(self.members):
            for name in (host.server_name, *host.aliases):
                index.setdefault(name, position)
        index.pop("", None)
        return index

    @cached_property
    def _patterns(self) -> Sequence[tuple[int, str]]:
        return [
            (position, name)
            for position, (host, _) in enumerate(self.members)
            for name in host.aliases
            if "*" in name or "?" in name
        ]

    @cached_property
    def _written(self) -> Mapping[str, VirtualHost]:
        index: dict[str, VirtualHost] = {}
        for host, address in self.members:
            index.setdefault(address.written, host)
        return index


class VirtualHosts:
    """All virtual hosts of a configuration; each part is worked out when it is asked for."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree

    @cached_property
    def all(self) -> tuple[VirtualHost, ...]:
        """Every virtual host, in the order of the configuration."""
        names = _by_section(self._tree.by_name.get("servername", ()))
        aliases = _by_section(self._tree.by_name.get("serveralias", ()))
        main = self._tree.last("servername")
        inherited = _host_name(main) if main is not None else ""
        return tuple(
            _virtual_host(o, names.get(id(o), ()), aliases.get(id(o), ()), inherited)
            for o in self._tree.by_name.get("<virtualhost", ())
        )

    @cached_property
    def _by_occurrence(self) -> Mapping[int, VirtualHost]:
        return {id(host.occurrence): host for host in self.all}

    def around(self, occurrence: Occurrence) -> VirtualHost | None:
        """Give the virtual host that a directive stands in; None for the main server."""
        section: Occurrence | None = occurrence
        while section is not None:
            host = self._by_occurrence.get(id(section))
            if host is not None:
                return host
            section = section.enclosing
        return None

    @cached_property
    def listeners(self) -> tuple[Listener, ...]:
        """Every Listen that httpd takes."""
        found = (listener(o) for o in self._tree.by_name.get("listen", ()))
        return tuple(one for one in found if one is not None)

    @property
    def lists(self) -> Iterable[NamedHosts]:
        """Every list of virtual hosts, those of every address last."""
        return self._sorted.lists

    def at(self, address: str, port: int) -> NamedHosts | None:
        """Give the list for a connection that comes in on an IP address and a port."""
        return self._sorted.find(address, port) or self._sorted.find(ANY, port)

    def select(self, name: str, port: int, address: str | None = None) -> Selection:
        """Find the server for a request.

        Args:
            name: The host that is asked for: a name, or an IP address without brackets.
            port: The port on which the connection comes in.
            address: The IP address on which it comes in. Where that is not known, it is the
                name when that is one; else that of virtual hosts which have the name, and else
                one that no virtual host names.
        """
        name = name.lower().removesuffix(".")
        address = address or ip_address(name)
        if address is not None:
            return _selected(self.at(address, port), name)
        lists = self._sorted.of_port(port)
        found = next((hosts for hosts in lists if hosts.named(name) is not None), None)
        chosen = found or self._sorted.find(ANY, port)
        selection = _selected(chosen, name)
        elsewhere = tuple(hosts for hosts in lists if hosts is not chosen)
        return Selection(selection.host, selection.why, selection.hosts, elsewhere)

    @cached_property
    def _sorted(self) -> _Sorted:
        return _Sorted(self.all)


def _selected(hosts: NamedHosts | None, name: str) -> Selection:
    if hosts is None:
        return Selection(None, Why.MAIN)
    host, why = hosts.named(name) or (hosts.first, Why.FIRST)
    return Selection(host, why, hosts)


class _Sorted:
    """The lists, by host and port: ap_fini_vhost_config makes one for each pair."""

    def __init__(self, hosts: Sequence[VirtualHost]) -> None:
        self._lists: dict[tuple[str, int], NamedHosts] = {}
        for host in hosts:
            for address in host.addresses:
                key = address.host, address.port
                members = self._lists.setdefault(key, NamedHosts(address)).members
                if not members or members[-1][0] is not host:
                    members.append((host, address))

    @property
    def lists(self) -> tuple[NamedHosts, ...]:
        """Every list, those of every address last."""
        return tuple(sorted(self._lists.values(), key=lambda made: made.address.host == ANY))

    def find(self, host: str, port: int) -> NamedHosts | None:
        """Give the list of a host for a port, else that for every port: find_ipaddr."""
        return self._lists.get((host, port)) or self._lists.get((host, 0))

    def of_port(self, port: int) -> tuple[NamedHosts, ...]:
        """Give the list of each single address for a port, in the order of the configuration."""
        hosts = dict.fromkeys(host for host, _ in self._lists if host != ANY)
        found = (self.find(host, port) for host in hosts)
        return tuple(made for made in found if made is not None)


def _by_section(found: Iterable[Occurrence]) -> dict[int, list[Occurrence]]:
    index: dict[int, list[Occurrence]] = {}
    for occurrence in found:
        index.setdefault(id(occurrence.enclosing), []).append(occurrence)
    return index


def _virtual_host(
    occurrence: Occurrence,
    names: Sequence[Occurrence],
    aliases: Sequence[Occurrence],
    inherited: str,
) -> VirtualHost:
    words = arguments(occurrence.item.name, occurrence.item.args)
    addresses = tuple(address for word in words for address in addresses_of(word))
    named_by = names[-1] if names else None
    if named_by is not None:
        name = _host_name(named_by)
    else:
        name = inherited if any(address.host == ANY for address in addresses) else ""
    others = tuple(word.lower() for alias in aliases for word in split(alias.args))
    return VirtualHost(occurrence, addresses, name, others, named_by)


def _host_name(server_name: Occurrence) -> str:
    """Take the name out of ``[scheme://]name[:port]``; core.c: set_server_name."""
    words = split(server_name.args)
    whole = words[0] if words else ""
    _, scheme, rest = whole.partition("://")
    return (rest if scheme else whole).partition(":")[0].lower()


def _matches(pattern: str, name: str) -> bool:
    """Compare as ap_strcasecmp_match does: only ``*`` and ``?`` are special."""
    literal = pattern.replace("\\", "\\\\").replace("[", "\\[")
    compiled = compile_pattern(literal, slashes=True)
    return compiled is not None and compiled.matches(name) is True
