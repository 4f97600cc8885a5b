"""The servers of a configuration that speak TLS, and what holds for each; made once for all rules."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from mpmtune.lint.merged_views import merged_view_of
from mpmtune.lint.rule import Scope
from mpmtune.lint.unknown_values import branches, is_known
from mpmtune.lint.written_values import word_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.httpd.addresses import Listener
    from mpmtune.httpd.in_force import Configuration
    from mpmtune.httpd.merged_view import MergedView
    from mpmtune.httpd.virtual_hosts import VirtualHost
    from mpmtune.model.config import Occurrence, Source, Tree

_HTTPS = 443
_SWITCHES = ("sslengine", "sslcertificatefile")
# Since then mod_ssl takes "optional" for "off" (AH10510).
_WITHOUT_OPTIONAL = (2, 4, 64)


class Engine(NamedTuple):
    """Whether a server speaks TLS.

    Attributes:
        on: None where that cannot be known.
        line: The SSLEngine in force; None where there is none.
    """

    on: bool | None
    line: Occurrence | None = None


class TlsServer(NamedTuple):
    """A server that speaks TLS.

    Attributes:
        host: The virtual host; None for the main server.
        here: What holds for it outside of all sections.
        engine: The SSLEngine that is in force; None where it is on by its Listen.
    """

    host: VirtualHost | None
    here: Configuration
    engine: Occurrence | None

    @property
    def at(self) -> Occurrence | None:
        """The line to point at: its SSLEngine, else the section."""
        return self.engine or (self.host.occurrence if self.host else None)

    def line(self, name: str) -> Occurrence | None:
        """Give the line in force of a directive of which the last one wins; folded name."""
        found = self.here.of_server(name)
        return found[-1] if found else None


def engine_of(view: MergedView, host: VirtualHost | None) -> Engine:
    """Tell whether a server speaks TLS.

    Without an SSLEngine, one that has a certificate does when a Listen for the very same address
    is for https; ssl_engine_init.c: ssl_init_Module.
    """
    known = _engines(view)
    if host not in known:
        known[host] = _engine_of(view, host)
    return known[host]


@lru_cache(maxsize=4)
def _engines(_view: MergedView) -> dict[VirtualHost | None, Engine]:
    return {}


def _engine_of(view: MergedView, host: VirtualHost | None) -> Engine:
    if is_branching(view.tree.sources[0] if host is None else host.occurrence.source):
        return Engine(None)
    if not any(name in view.tree.by_name for name in _SWITCHES):
        return Engine(on=False)
    here = view.server(host)
    line = next(iter(here.of_server("sslengine")), None)
    if line is not None:
        return Engine(_is_on(line, view.tree), line)
    addresses = () if host is None else host.addresses
    listens = _https_listens(view.tree)
    by_listen = any((address.host, address.port) in listens for address in addresses)
    return Engine(by_listen and bool(here.of_server("sslcertificatefile")))


def _is_on(line: Occurrence, tree: Tree) -> bool | None:
    word = word_in(line).lower()
    if not is_known(line.args):
        return None
    if word == "optional":
        return None if tree.target.version < _WITHOUT_OPTIONAL else False
    return word == "on"


@lru_cache(maxsize=4)
def _https_listens(tree: Tree) -> frozenset[tuple[str, int]]:
    """Give the addresses that a Listen is for https at."""
    listeners = merged_view_of(tree).hosts.listeners
    return frozenset((one.address.host, one.address.port) for one in listeners if is_https(one))


def is_https(listener: Listener) -> bool:
    """Tell whether a Listen is for https: by its second word, else by port 443."""
    return listener.protocol == "https" or (
        not listener.protocol and listener.address.port == _HTTPS
    )


@lru_cache(maxsize=64)
def is_branching(source: Source) -> bool:
    """Tell whether a template decides which lines of a file will be there."""
    return branches(source.text)


def may_lack_lines(tree: Tree) -> bool:
    """Tell whether more lines may be in force than are there to see.

    A template may write them, or an ``<IfFile>`` asks for a file of a machine that is not this one.
    """
    elsewhere = tree.is_directory is None and "<iffile" in tree.by_name
    return elsewhere or any(map(is_branching, tree.sources))


def tls_servers(tree: Tree, scope: Scope) -> tuple[TlsServer, ...]:
    """Give every server that speaks TLS, the main server first.

    In a fragment each server counts of which it is not said that it does not: the SSLEngine may
    stand where the file is included.
    """
    return _tls_servers(tree, scope is Scope.WHOLE)


@lru_cache(maxsize=4)
def _tls_servers(tree: Tree, whole: bool) -> tuple[TlsServer, ...]:  # noqa: FBT001 - a cache's key
    return tuple(_find(tree, whole=whole))


def _find(tree: Tree, *, whole: bool) -> Iterator[TlsServer]:
    view = merged_view_of(tree)
    for host in (None, *view.hosts.all):
        engine = engine_of(view, host)
        if engine.on or (not whole and engine.line is None):
            yield TlsServer(host, view.server(host), engine.line)
