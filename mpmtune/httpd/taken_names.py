"""Names of virtual hosts that requests never ask by, for an earlier virtual host has them too."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.httpd.virtual_hosts import NamedHosts, VirtualHost

_WILD = frozenset("*?")


class Taken(NamedTuple):
    """A name of a virtual host that leads to an earlier one.

    Attributes:
        host: The virtual host that has it in vain.
        name: The name, in small letters.
        by: The virtual host that requests for it go to.
        pattern: The ServerAlias of that one that holds the name; the name itself where it is
            the same.
    """

    host: VirtualHost
    name: str
    by: VirtualHost
    pattern: str


def taken_names(hosts: NamedHosts) -> Iterator[Taken]:
    """Give the names that lead to an earlier virtual host of the same address, in order.

    Of wildcards, those with one ``*`` at an end count; the time is linear in the names.
    """
    earlier = _Names()
    for host, _ in hosts.members:
        own = names_of(host)
        for name in own:
            found = earlier.find(name)
            if found is not None:
                yield Taken(host, name, *found)
        # A name that it inherits from the main server is asked for as well.
        for name in dict.fromkeys((*own, host.server_name)):
            earlier.add(name, host)


def names_of(host: VirtualHost) -> tuple[str, ...]:
    """Give the names that a virtual host is given itself, each once."""
    named = (host.server_name,) if host.named_by is not None else ()
    return tuple(name for name in dict.fromkeys((*named, *host.aliases)) if name)


class _Names:
    """Names and simple wildcards, each with its first virtual host."""

    def __init__(self) -> None:
        self._exact: dict[str, VirtualHost] = {}
        self._ends: dict[str, VirtualHost] = {}
        self._starts: dict[str, VirtualHost] = {}
        self._end_lengths: dict[int, None] = {}
        self._start_lengths: dict[int, None] = {}

    def add(self, name: str, host: VirtualHost) -> None:
        self._exact.setdefault(name, host)
        if name.startswith("*") and _WILD.isdisjoint(name[1:]):
            self._ends.setdefault(name[1:], host)
            self._end_lengths[len(name) - 1] = None
        elif name.endswith("*") and _WILD.isdisjoint(name[:-1]):
            self._starts.setdefault(name[:-1], host)
            self._start_lengths[len(name) - 1] = None

    def find(self, name: str) -> tuple[VirtualHost, str] | None:
        """Give a virtual host that has a name, or all that a wildcard stands for."""
        if name in self._exact:
            return self._exact[name], name
        for length in self._end_lengths:
            end = name[len(name) - length :] if length <= len(name) else None
            if end is not None and end in self._ends:
                return self._ends[end], f"*{end}"
        for length in self._start_lengths:
            if name[:length] in self._starts and length <= len(name):
                return self._starts[name[:length]], f"{name[:length]}*"
        return None
