"""Port 443 speaks plain HTTP.

## What it does
Looks at the addresses with port 443, or with a ``Listen`` for ``https``: the first virtual host
there decides for each connection, before any name is known. Reports it when it has no
``SSLEngine on``; and, as a warning, a later one without it, which is served with the certificate
of the first. A virtual host with a certificate and no ``SSLEngine`` at all is fine where a
``Listen`` is for the very same address and for https: mod_ssl turns itself on there.

## Why it matters
Browsers get an answer that is not TLS: SSL_ERROR_RX_RECORD_TOO_LONG, wrong version number.
Everything at that address is unreachable, also the virtual hosts there that do have
``SSLEngine on``. ``-t`` is silent.

## When to ignore it
Where something before httpd ends TLS and speaks plain HTTP to port 443: say so with
``Listen 443 http``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.lint.merged_views import merged_view_of
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.lint.tls_servers import engine_of, is_https, may_lack_lines
from mpmtune.lint.unknown_values import is_known
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.httpd.virtual_hosts import VirtualHosts
    from mpmtune.model.config import Tree

# Other modules that speak TLS.
_OTHERS = ("gnutlsenable", "nssengine", "tlsengine")
_HTTPS = 443


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the first virtual host of each address without TLS, and later ones behind one with it."""
    if "<virtualhost" in hits.unknown or any(hits[name] for name in _OTHERS):
        return
    if may_lack_lines(tree):
        return
    view = merged_view_of(tree)
    ports = _https_ports(view.hosts)
    said: set[int] = set()
    for hosts in view.hosts.lists:
        if hosts.address.port not in ports:
            continue
        first = engine_of(view, hosts.first)
        for host, _ in hosts.members:
            engine = engine_of(view, host)
            if engine.on is not False or first.on is None or id(host) in said:
                continue
            said.add(id(host))
            if not first.on:
                yield Violation(
                    engine.line or host.occurrence,
                    f"No SSLEngine on here, the first virtual host at {hosts.address}: every client"
                    " there gets plain HTTP",
                )
                break
            yield Violation(
                host.occurrence,
                f"No SSLEngine on: at {hosts.address} this is served with the certificate of the"
                " first virtual host",
                severity=Severity.WARNING,
                related=(hosts.first.occurrence,),
            )


def _https_ports(hosts: VirtualHosts) -> frozenset[int]:
    """Give 443, and the ports of a Listen for https, but for those of a Listen for another protocol."""
    listens = [one for one in hosts.listeners if is_known(one.occurrence.args)]
    https = {one.address.port for one in listens if is_https(one)} | {_HTTPS}
    return frozenset(https - {one.address.port for one in listens if not is_https(one)})


_PLAIN = "<VirtualHost *:443>\nServerName www.example.com\n</VirtualHost>\n"
_CERTIFICATE = "SSLCertificateFile /srv/www/cert.pem\nSSLCertificateKeyFile /srv/www/key.pem\n"
_TLS = (
    "<VirtualHost *:443>\nServerName secure.example.com\nSSLEngine on\n"
    f"{_CERTIFICATE}</VirtualHost>\n"
)
_SSL = ("ssl_module",)

RULE = Rule(
    code="TLS406",
    name="https-port-without-sslengine",
    severity=Severity.ERROR,
    on=("<virtualhost", *_OTHERS),
    whole_tree=True,
    references=(
        "mod/mod_ssl.html#sslengine",
        "mod/mpm_common.html#listen",
        "ssl_engine_init.c: ssl_init_Module",
    ),
    since="0.1.0",
    examples=(
        Example(bad=_PLAIN, modules=_SSL),
        Example(
            bad="Listen 127.0.0.1:8443 https\n"
            + _PLAIN.replace("*:443", "127.0.0.1:8443")
            + _TLS.replace("*:443", "127.0.0.1:8443"),
            lines=(2,),
            modules=_SSL,
        ),
        Example(bad=_TLS + _PLAIN, lines=(7,), modules=_SSL),
        Example(good=_TLS, modules=_SSL),
        Example(good="SSLEngine on\n" + _CERTIFICATE + _PLAIN, modules=_SSL),
        Example(
            good=_TLS.replace("SSLEngine on\n", "").replace("*:443", "127.0.0.1:443"),
            modules=_SSL,
        ),
        Example(
            good="Listen 127.0.0.2:443 http\n" + _PLAIN.replace("*:443", "127.0.0.2:443"),
            modules=_SSL,
        ),
        Example(good=_PLAIN.replace("443", "8080"), modules=_SSL),
    ),
    check=check,
)
