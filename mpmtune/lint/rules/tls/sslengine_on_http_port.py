"""A port for plain HTTP speaks TLS.

## What it does
Reports ``SSLEngine on`` in force for the first virtual host at port 80, or at a port whose
``Listen`` is for ``http``: it decides for each connection there. Often the line stands at the
main server, and every virtual host inherits it.

## Why it matters
Who asks by ``http://`` gets 400: "speaking plain HTTP to an SSL-enabled server port". Redirects to
HTTPS and the challenges of Let's Encrypt fail that way. ``-t`` is silent.

## When to ignore it
Never.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.lint.merged_views import merged_view_of
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.lint.tls_servers import engine_of
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

_HTTP = 80


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each SSLEngine that shuts a port for plain HTTP."""
    if "<virtualhost" in hits.unknown or "sslengine" in hits.unknown:
        return
    view = merged_view_of(tree)
    said_http = {one.address.port for one in view.hosts.listeners if one.protocol == "http"}
    said_https = {one.address.port for one in view.hosts.listeners if one.protocol == "https"}
    ports = (said_http | {_HTTP}) - said_https
    said: set[int] = set()
    for hosts in view.hosts.lists:
        engine = engine_of(view, hosts.first) if hosts.address.port in ports else None
        if engine is None or not engine.on or engine.line is None or id(engine.line) in said:
            continue
        said.add(id(engine.line))
        yield Violation(
            engine.line,
            f"This holds for {hosts.address}: who asks there by http:// gets 400",
            related=(hosts.first.occurrence,),
        )


_CERTIFICATE = "SSLCertificateFile /srv/www/cert.pem\nSSLCertificateKeyFile /srv/www/key.pem\n"
_ON = f"SSLEngine on\n{_CERTIFICATE}"
_HOST = "<VirtualHost *:{}>\nServerName www.example.com\n{}</VirtualHost>\n"
_SSL = ("ssl_module",)

RULE = Rule(
    code="TLS407",
    name="sslengine-on-http-port",
    severity=Severity.ERROR,
    by_default=False,
    on=("sslengine", "<virtualhost"),
    whole_tree=True,
    references=("mod/mod_ssl.html#sslengine", "ssl/ssl_faq.html"),
    since="0.1.0",
    examples=(
        Example(bad=_HOST.format(80, _ON), good=_HOST.format(443, _ON), lines=(3,), modules=_SSL),
        Example(bad=_ON + _HOST.format(80, ""), modules=_SSL),
        Example(
            bad="Listen 127.0.0.1:8081 http\n"
            + _HOST.format(8081, _ON).replace("*:", "127.0.0.1:"),
            lines=(4,),
            modules=_SSL,
        ),
        Example(good=_ON + _HOST.format(80, "SSLEngine off\n"), modules=_SSL),
        Example(good=_HOST.format(8080, _ON), modules=_SSL),
    ),
    check=check,
)
