"""OCSP stapling is on and has no cache.

## What it does
Reports ``SSLUseStapling on`` in force for a server that speaks TLS when no ``SSLStaplingCache`` is
there.

## Why it matters
``-t`` says Syntax OK; at start httpd says AH01958, no stapling cache available, and exits. A
restart after such a change takes every site down.

## When to ignore it
Never.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.lint.tls_caches import with_cache
from mpmtune.lint.tls_servers import may_lack_lines, tls_servers
from mpmtune.lint.written_values import word_in
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

_TITLE = "Give it a cache in shared memory"
_CACHE = "SSLStaplingCache shmcb:ssl_stapling(128000)"


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each line that keeps httpd from starting."""
    caches = "sslstaplingcache" in hits.unknown or hits["sslstaplingcache"]
    if caches or may_lack_lines(tree):
        return
    said: set[int] = set()
    for server in tls_servers(tree, hits.scope):
        line = server.line("sslusestapling")
        if line is None or id(line) in said or word_in(line).lower() != "on":
            continue
        yield Violation(
            line,
            "Stapling needs an SSLStaplingCache: -t accepts it, and httpd does not start (AH01958)",
            None if said else with_cache(tree, _TITLE, _CACHE, before=line),
        )
        said.add(id(line))


_HOST = """\
<VirtualHost *:8080>
ServerName www.example.com
SSLEngine on
SSLCertificateFile /srv/www/cert.pem
SSLCertificateKeyFile /srv/www/key.pem
SSLUseStapling {}
</VirtualHost>
"""
_MODULES = ("ssl_module", "socache_shmcb_module")

RULE = Rule(
    code="TLS409",
    name="stapling-without-cache",
    severity=Severity.ERROR,
    on=("sslusestapling", "sslstaplingcache"),
    whole_tree=True,
    references=("mod/mod_ssl.html#sslstaplingcache", "ssl_util_stapling.c: ssl_stapling_init_cert"),
    since="0.1.0",
    examples=(
        Example(
            bad=_HOST.format("on"),
            fixed_unsafely=f"{_CACHE}\n" + _HOST.format("on"),
            lines=(6,),
            modules=_MODULES,
        ),
        Example(
            bad="SSLUseStapling On\n" + _HOST.replace("SSLUseStapling {}\n", ""),
            modules=("ssl_module",),
        ),
        Example(good=_HOST.format("on") + f"{_CACHE}\n", modules=_MODULES),
        Example(good="SSLUseStapling on\n" + _HOST.format("off"), modules=_MODULES),
        Example(good=_HOST.format("on").replace("SSLEngine on", "SSLEngine off"), modules=_MODULES),
        Example(good=_HOST.format("on"), scope=Scope.FRAGMENT),
    ),
    check=check,
)
