"""Session tickets are on with a key that lives as long as httpd.

## What it does
Reports servers that speak TLS 1.2 without ``SSLSessionTickets off`` and without an
``SSLSessionTicketKeyFile``.

## Why it matters
In TLS 1.2 a ticket holds the session, encrypted with a key that OpenSSL makes at start and keeps
until httpd is stopped, which may be months. Who gets that key reads every session of that time:
forward secrecy ends there. With TLS 1.3 a resumed session still exchanges new keys.

## When to ignore it
Where httpd is restarted often, or the cost of handshakes matters more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd import openssl
from mpmtune.httpd.words import split
from mpmtune.lint.fixes import fix, insert_after, replace_word
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.lint.tls_servers import tls_servers
from mpmtune.lint.written_values import word_in
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.lint.tls_servers import TlsServer
    from mpmtune.model.config import Occurrence, Tree
    from mpmtune.model.finding import Fix


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each line that turns tickets on, and each engine that leaves them on."""
    said: set[int] = set()
    for server in tls_servers(tree, hits.scope):
        line = server.line("sslsessiontickets")
        off = line is not None and word_in(line).lower() == "off"
        at = line or server.engine
        if at is None or off or id(at) in said or not _speaks_1_2(server):
            continue
        if server.here.of_server("sslsessionticketkeyfile"):
            continue
        said.add(id(at))
        yield Violation(
            at,
            "Tickets of TLS 1.2 are encrypted with one key until httpd is stopped",
            _fix(line, at),
        )


def _speaks_1_2(server: TlsServer) -> bool:
    line = server.line("sslprotocol")
    return line is None or "TLSv1.2" in openssl.protocols(split(line.args))


def _fix(line: Occurrence | None, engine: Occurrence) -> Fix | None:
    if line is not None:
        return fix("Turn tickets off", replace_word(line, 1, "off"))
    return fix("Turn tickets off", insert_after(engine, "SSLSessionTickets off"))


_HOST = """\
<VirtualHost *:8080>
ServerName www.example.com
SSLEngine on
{}SSLCertificateFile /srv/www/cert.pem
SSLCertificateKeyFile /srv/www/key.pem
</VirtualHost>
"""
_OFF = "SSLSessionTickets off\n"
_SSL = ("ssl_module",)

RULE = Rule(
    code="TLS414",
    name="session-tickets-on",
    severity=Severity.INFO,
    by_default=False,
    on=("sslengine", "sslsessiontickets"),
    whole_tree=True,
    references=(
        "mod/mod_ssl.html#sslsessiontickets",
        "https://www.rfc-editor.org/rfc/rfc8446#appendix-F.1",
    ),
    since="0.1.0",
    examples=(
        Example(
            bad=_HOST.format(""),
            fixed_unsafely=_HOST.format(_OFF),
            lines=(3,),
            modules=_SSL,
        ),
        Example(
            bad="SSLSessionTickets on\n" + _HOST.format(""),
            fixed_unsafely=_OFF + _HOST.format(""),
            modules=_SSL,
        ),
        Example(good=_OFF + _HOST.format(""), modules=_SSL),
        Example(good=_HOST.format("SSLProtocol TLSv1.3\n"), modules=_SSL),
        Example(good="SSLSessionTickets on\n", modules=_SSL),
    ),
    check=check,
)
