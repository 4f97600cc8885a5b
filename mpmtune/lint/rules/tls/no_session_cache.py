"""No TLS session can be resumed.

## What it does
Reports a configuration with a server that speaks TLS and has ``SSLSessionTickets off``, when
``SSLSessionCache`` is ``none``, ``nonenotnull`` or not there. With tickets, which are on by
default, clients keep the session themselves, and no cache is needed.

## Why it matters
Each connection of a client makes the whole handshake again: a signature of the server's key, and a
round trip more. httpd says AH01873 at start.

## When to ignore it
Where clients hardly ever come back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.lint.tls_caches import with_cache
from mpmtune.lint.tls_servers import tls_servers
from mpmtune.lint.written_values import word_in
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

_TITLE = "Keep sessions in shared memory"
_CACHE = "SSLSessionCache shmcb:ssl_sessions(512000)"
_NONE = frozenset({"none", "nonenotnull"})


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the line without a cache, or the tickets that are off without one."""
    line = hits.last("sslsessioncache")
    if line is not None and word_in(line).lower() not in _NONE:
        return
    for server in tls_servers(tree, hits.scope):
        tickets = server.line("sslsessiontickets")
        if tickets is not None and word_in(tickets).lower() == "off":
            yield Violation(
                line or tickets,
                "With neither tickets nor a session cache each connection makes a whole handshake",
                with_cache(tree, _TITLE, _CACHE, before=tickets, instead_of=line),
            )
            return


_HOST = """\
<VirtualHost *:8080>
ServerName www.example.com
SSLEngine on
SSLCertificateFile /srv/www/cert.pem
SSLCertificateKeyFile /srv/www/key.pem
SSLSessionTickets {}
</VirtualHost>
"""
_MODULES = ("ssl_module", "socache_shmcb_module")

RULE = Rule(
    code="TLS413",
    name="no-session-cache",
    severity=Severity.INFO,
    by_default=False,
    on=("sslsessiontickets", "sslsessioncache"),
    whole_tree=True,
    jointly=True,
    references=("mod/mod_ssl.html#sslsessioncache", "ssl_scache.c: ssl_scache_init"),
    since="0.1.0",
    examples=(
        Example(
            bad=_HOST.format("off"),
            fixed_unsafely=f"{_CACHE}\n" + _HOST.format("off"),
            lines=(6,),
            modules=_MODULES,
        ),
        Example(
            bad="SSLSessionCache none\n" + _HOST.format("off"),
            fixed_unsafely=f"{_CACHE}\n" + _HOST.format("off"),
            modules=_MODULES,
        ),
        Example(bad=_HOST.format("off"), lines=(6,), modules=("ssl_module",)),
        Example(good="SSLSessionCache none\n" + _HOST.format("on"), modules=_MODULES),
        Example(
            good="SSLSessionCache shmcb:/srv/www/run/ssl(512000)\n" + _HOST.format("off"),
            modules=_MODULES,
        ),
    ),
    check=check,
)
