"""A TLS site does not tell browsers to stay with HTTPS, or only for a short time.

## What it does
Looks for ``Strict-Transport-Security`` in the ``Header`` lines of each virtual host that speaks
TLS and of the main server, and reports a ``max-age`` below 180 days, and its absence.

## Why it matters
A browser that once saw it asks by ``https://`` from then on. Without it each visit that begins
with ``http://`` can be kept there by who stands between. A test value of some minutes is often
left behind.

## When to ignore it
Where the application sends the header, or a proxy in front; and while it is being introduced.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mpmtune.httpd.url_mapping import How
from mpmtune.httpd.words import split
from mpmtune.lint.fixes import fix, insert_after
from mpmtune.lint.merged_views import merged_view_of
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.lint.server_sections import server_of
from mpmtune.lint.tls_servers import tls_servers
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.lint.tls_servers import TlsServer
    from mpmtune.model.config import Occurrence, Tree
    from mpmtune.model.finding import Fix

_NAME = "strict-transport-security"
_LEADING = ("redirect", "proxypass")
_LEAST = 15_552_000  # seconds, 180 days
_AGE = re.compile(r"max-age\s*=\s*\"?(\d{1,12})", re.IGNORECASE)
_YEARS_2 = 'Header always set Strict-Transport-Security "max-age=63072000"'


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each short max-age, and each TLS virtual host without the header."""
    lines = [line for line in hits["header"] if _is_hsts(line)]
    for line in lines:
        age = _AGE.search(line.args)
        if age and int(age[1]) < _LEAST:
            days = int(age[1]) / 86_400
            yield Violation(line, f"Browsers keep to HTTPS for {days:.3g} days: 180 are the least")
    if hits.scope is not Scope.WHOLE or "header" in hits.unknown:
        return
    holders = {id(server_of(line)) for line in lines}
    if id(None) in holders:
        return
    for server in tls_servers(tree, hits.scope):
        host = server.host
        if host is None or id(host.occurrence) in holders or _leads_away(tree, server):
            continue
        yield Violation(
            host.occurrence, "No Header sets Strict-Transport-Security here", _fix(tree, server)
        )


def _is_hsts(line: Occurrence) -> bool:
    words = [word.lower().rstrip(":") for word in split(line.args)[:3]]
    return _NAME in words and "unset" not in words


def _leads_away(tree: Tree, server: TlsServer) -> bool:
    """Whether the server only redirects, or hands on to a backend that may send the header."""
    lines = (line for name in _LEADING for line in server.here.of_server(name))
    if not any(line.name.endswith("match") or "/" in split(line.args) for line in lines):
        return False
    mapping = merged_view_of(tree).url(server.host, "/").mapping
    return mapping is not None and mapping.how in {How.REDIRECT, How.BACKEND}


def _fix(tree: Tree, server: TlsServer) -> Fix | None:
    engine = server.engine
    if "headers_module" not in tree.modules or engine is None or engine.enclosing is None:
        return None
    return fix("Set it for two years", insert_after(engine, _YEARS_2))


_HOST = """\
<VirtualHost *:8080>
ServerName www.example.com
SSLEngine on
{}SSLCertificateFile /srv/www/cert.pem
SSLCertificateKeyFile /srv/www/key.pem
</VirtualHost>
"""
_MODULES = ("ssl_module", "headers_module")

RULE = Rule(
    code="TLS408",
    name="hsts-missing-or-short",
    severity=Severity.INFO,
    by_default=False,
    on=("header", "sslengine"),
    cis=("7.11",),
    references=("mod/mod_headers.html#header", "https://www.rfc-editor.org/rfc/rfc6797"),
    since="0.1.0",
    examples=(
        Example(
            bad=_HOST.format(""), fixed_unsafely=_HOST.format(f"{_YEARS_2}\n"), modules=_MODULES
        ),
        Example(
            bad=_HOST.format("Header always set Strict-Transport-Security max-age=300\n"),
            lines=(4,),
            modules=_MODULES,
        ),
        Example(
            bad="Header always set Strict-Transport-Security max-age=0\n", scope=Scope.FRAGMENT
        ),
        Example(good=f"{_YEARS_2}\n" + _HOST.format(""), modules=_MODULES),
        Example(good=_HOST.format("Redirect permanent / https://example.com/\n"), modules=_MODULES),
        Example(
            good=_HOST.format(
                "<Location />\nHeader always set Strict-Transport-Security"
                ' "max-age=31536000; includeSubDomains"\n</Location>\n'
            ),
            modules=_MODULES,
        ),
        Example(
            good=_HOST.format("ProxyPass / http://127.0.0.1:8081/\n"),
            modules=(*_MODULES, "proxy_module", "proxy_http_module"),
        ),
        Example(good=_HOST.format(""), scope=Scope.FRAGMENT),
    ),
    check=check,
)
