"""Connections are closed after each answer.

## What it does
Reports ``KeepAlive Off`` of the main server, and of a virtual host that speaks TLS. Under prefork
with fewer than 50 workers it is information: there a connection that waits costs a process.

## Why it matters
A page is dozens of requests, and each pays for a connection of its own: one round trip for TCP,
one or two and the processor's time for TLS.

## When to ignore it
Where a proxy in front of httpd keeps the clients' connections, or each client asks once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.words import arguments
from mpmtune.lint.fixes import fix, replace_word
from mpmtune.lint.mpm_limits import Limits
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.lint.written_values import value_of, word_in
from mpmtune.model.finding import Severity, Violation
from mpmtune.model.httpd import Mpm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree

_FEW_WORKERS = 50


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each KeepAlive Off that is in force."""
    in_force = {id(line.enclosing): line for line in hits["keepalive"]}
    for line in in_force.values():
        if value_of(line) == "Off" and (line.enclosing is None or _speaks_tls(line, hits)):
            yield Violation(
                line,
                "KeepAlive is Off: each request pays for a new connection",
                fix("Set KeepAlive On", replace_word(line, 1, "On")),
                severity=Severity.INFO if _has_few_workers(tree, hits) else None,
            )


def _speaks_tls(line: Occurrence, hits: Hits) -> bool:
    host = line.enclosing
    if host is None or host.name != "<virtualhost":
        return False
    engines = (e for e in hits["sslengine"] if e.enclosing is host)
    on_port = any(word.endswith(":443") for word in arguments(host.name, host.args))
    return on_port or any(word_in(engine).lower() == "on" for engine in engines)


def _has_few_workers(tree: Tree, hits: Hits) -> bool:
    limits = Limits.of(tree, hits)
    return (
        limits is not None
        and limits.mpm is Mpm.PREFORK
        and limits["MaxRequestWorkers"] < _FEW_WORKERS
    )


_TLS = (
    "  SSLEngine on\n  SSLCertificateFile /srv/www/cert.pem\n"
    "  SSLCertificateKeyFile /srv/www/key.pem\n"
)

RULE = Rule(
    code="KAL201",
    name="keepalive-off",
    severity=Severity.WARNING,
    on=("keepalive", "sslengine"),
    cis=("9.2",),
    stig=("V-214228",),
    references=("mod/core.html#keepalive",),
    since="0.1.0",
    examples=(
        Example(bad="KeepAlive Off\n", fixed_unsafely="KeepAlive On\n"),
        Example(
            bad=f"<VirtualHost *:443>\n  KeepAlive off\n{_TLS}</VirtualHost>\n",
            fixed_unsafely=f"<VirtualHost *:443>\n  KeepAlive On\n{_TLS}</VirtualHost>\n",
            lines=(2,),
            modules=("ssl_module",),
        ),
        Example(
            bad="KeepAlive Off\nMaxRequestWorkers 20\n",
            good="KeepAlive On\nMaxRequestWorkers 20\n",
            mpm=Mpm.PREFORK,
            fixed_unsafely="KeepAlive On\nMaxRequestWorkers 20\n",
        ),
        Example(good="<VirtualHost *:80>\nKeepAlive Off\n</VirtualHost>\n"),
    ),
    check=check,
)
