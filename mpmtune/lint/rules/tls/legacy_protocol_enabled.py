"""A virtual host offers SSLv3, TLS 1.0 or TLS 1.1.

## What it does
Works out the ``SSLProtocol`` in force for each server that speaks TLS, from left to right as
mod_ssl does, and reports versions before 1.2. ``all`` holds TLS 1.0 and 1.1, and so does a server
without any ``SSLProtocol``: that is reported where ``@SECLEVEL=0`` in ``SSLCipherSuite`` is what
lets them through.

## Why it matters
They are deprecated (RFC 8996), and clients that still need them are rare. OpenSSL 3 refuses them
by itself as long as the security level is above 0, as do the distributions that ship it: there
this is a warning, for the line is wrong and harmless only by that. With an older OpenSSL, or at
security level 0, a client gets what it asks for.

## When to ignore it
For a device that cannot be replaced, on an address of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd import openssl
from mpmtune.httpd.words import split
from mpmtune.lint.fixes import fix, replace_arguments
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.lint.tls_servers import tls_servers
from mpmtune.lint.unknown_values import is_known
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.lint.tls_servers import TlsServer
    from mpmtune.model.config import Occurrence, Tree
    from mpmtune.model.finding import Fix


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each line that leaves an old version on in some server."""
    said: set[int] = set()
    judged: set[tuple[int, int]] = set()
    for server in tls_servers(tree, hits.scope):
        line = server.line("sslprotocol")
        ciphers = _ciphers(server)
        if (id(line), id(ciphers)) in judged:  # most servers inherit both
            continue
        judged.add((id(line), id(ciphers)))
        level = openssl.security_level(ciphers.args) if ciphers else None
        at = line or (ciphers if level == 0 else None)
        if at is None or not is_known(at.args) or id(at) in said:
            continue
        words = split(line.args) if line else ("all",)
        old = sorted(openssl.protocols(words) & openssl.LEGACY)
        if not old:
            continue
        said.add(id(at))
        refused = openssl.refuses_legacy(tree.target.name, level)
        yield Violation(
            at,
            f"{' and '.join(old)} {'is' if len(old) == 1 else 'are'} on"
            + ("; only the policy of OpenSSL refuses what this line allows" if refused else ""),
            None if line is None else _fix(line),
            severity=_severity(words) if refused else None,
        )


def _ciphers(server: TlsServer) -> Occurrence | None:
    lines = server.here.of_server("sslciphersuite")
    return next((line for line in lines if "@" in line.args), None)


def _severity(words: tuple[str, ...]) -> Severity:
    """An old version by its name is meant; with ``all`` it is only left on."""
    named = {word.lower().lstrip("+") for word in words}
    asked = named & {version.lower() for version in openssl.LEGACY}
    return Severity.WARNING if asked else Severity.INFO


def _fix(line: Occurrence) -> Fix | None:
    return fix("Leave TLS 1.2 and 1.3", replace_arguments(line, "-all +TLSv1.2 +TLSv1.3"))


_HOST = """\
<VirtualHost *:8080>
ServerName www.example.com
SSLEngine on
SSLCertificateFile /srv/www/cert.pem
SSLCertificateKeyFile /srv/www/key.pem
{}
</VirtualHost>
"""
_MODERN = "SSLProtocol -all +TLSv1.2 +TLSv1.3"
_LEVEL_0 = "SSLCipherSuite DEFAULT:@SECLEVEL=0"
_SSL = ("ssl_module",)

RULE = Rule(
    code="TLS401",
    name="legacy-protocol-enabled",
    severity=Severity.ERROR,
    on=("sslprotocol", "sslciphersuite"),
    cis=("7.4",),
    references=(
        "mod/mod_ssl.html#sslprotocol",
        "ssl_engine_config.c: ssl_cmd_protocol_parse",
        "https://www.rfc-editor.org/rfc/rfc8996",
    ),
    since="0.1.0",
    examples=(
        Example(
            bad=_HOST.format("SSLProtocol all"),
            fixed_unsafely=_HOST.format(_MODERN),
            lines=(6,),
            modules=_SSL,
        ),
        Example(
            bad="SSLProtocol +TLSv1.1 +TLSv1.2\n" + _HOST.format(_LEVEL_0),
            fixed_unsafely=f"{_MODERN}\n" + _HOST.format(_LEVEL_0),
            modules=_SSL,
        ),
        Example(bad=_HOST.format(_LEVEL_0), lines=(6,), modules=_SSL),
        Example(
            bad="SSLProtocol all -SSLv2 -SSLv3\n",
            fixed_unsafely=f"{_MODERN}\n",
            scope=Scope.FRAGMENT,
        ),
        Example(good=_HOST.format("SSLProtocol all -SSLv3 -TLSv1 -TLSv1.1"), modules=_SSL),
        Example(good="SSLProtocol all\n" + _HOST.format("SSLProtocol TLSv1.2"), modules=_SSL),
        Example(
            good="SSLProtocol all\n<VirtualHost *:8080>\nServerName a.example\n</VirtualHost>\n",
            modules=_SSL,
        ),
        Example(good=_HOST.format("SSLCipherSuite HIGH:!aNULL"), modules=_SSL),
    ),
    check=check,
)
