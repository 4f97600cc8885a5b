"""A server speaks TLS and has no certificate.

## What it does
Reports ``SSLEngine on`` where neither the virtual host nor the main server has an
``SSLCertificateFile``, and no ``MDomain`` of mod_md is for one of its names.

## Why it matters
``-t`` says Syntax OK; at start httpd says AH02572 and exits. A restart after such a change takes
every site down, not only this one.

## When to ignore it
Where a module that is not httpd's own brings the certificate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.words import arguments
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.lint.tls_servers import may_lack_lines, tls_servers
from mpmtune.lint.written_values import word_in
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.lint.tls_servers import TlsServer
    from mpmtune.model.config import Tree

# With mod_md these name whom it gets certificates for.
_MANAGED = ("mdomain", "<mdomainset", "mdmember")


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each SSLEngine that keeps httpd from starting."""
    managed = frozenset(
        word.lower()
        for name in _MANAGED
        for line in hits[name]
        for word in arguments(line.name, line.args)
    )
    if not hits.unknown.isdisjoint(_MANAGED) or may_lack_lines(tree):
        return
    for server in tls_servers(tree, hits.scope):
        here = server.here
        if here.of_server("sslcertificatefile") or _is_managed(server, managed):
            continue
        if any(
            word_in(line).lower() == "certificate" for line in here.of_server("sslopensslconfcmd")
        ):
            continue
        yield Violation(
            server.at,
            "There is no SSLCertificateFile for this server: -t accepts it, and httpd does not start"
            " (AH02572)",
        )


def _is_managed(server: TlsServer, managed: frozenset[str]) -> bool:
    """Whether mod_md has one of the server's names, or one that is not known may be among them."""
    host = server.host
    if not managed or host is None:
        return bool(managed)
    names = (host.server_name, *host.aliases)
    return any(name in managed or f"*.{name.partition('.')[2]}" in managed for name in names)


_BAD = "<VirtualHost *:8080>\nServerName www.example.com\nSSLEngine on\n</VirtualHost>\n"
_CERTIFICATE = "SSLCertificateFile /srv/www/cert.pem\nSSLCertificateKeyFile /srv/www/key.pem\n"
_SSL = ("ssl_module",)

RULE = Rule(
    code="TLS405",
    name="engine-without-certificate",
    severity=Severity.ERROR,
    on=("sslengine", *_MANAGED),
    whole_tree=True,
    references=("mod/mod_ssl.html#sslcertificatefile", "ssl_engine_init.c: ssl_init_server_certs"),
    since="0.1.0",
    examples=(
        Example(
            bad=_BAD,
            good=_BAD.replace("</", f"{_CERTIFICATE}</"),
            lines=(3,),
            modules=_SSL,
        ),
        Example(bad="SSLEngine on\n", modules=_SSL),
        Example(
            bad="MDomain www.example.org\n" + _BAD, lines=(4,), modules=("ssl_module", "md_module")
        ),
        Example(good=_CERTIFICATE + _BAD, modules=_SSL),
        Example(good="SSLCertificateFile ${CERTIFICATE}\n" + _BAD, scope=Scope.FRAGMENT),
        Example(good=_BAD.replace("on", "off"), modules=_SSL),
        Example(
            good="MDomain example.com *.example.com\n" + _BAD, modules=("ssl_module", "md_module")
        ),
    ),
    check=check,
)
