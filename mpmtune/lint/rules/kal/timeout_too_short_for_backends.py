"""Backends have less than ten seconds to answer.

## What it does
Reports a ``Timeout`` below 10 seconds where ``ProxyPass`` names a backend and neither
``ProxyTimeout`` nor a ``timeout=`` gives it time of its own.

## Why it matters
``Timeout`` is the default of ``ProxyTimeout``. A request on which the backend works for longer is
answered with 504, and the work was in vain.

## When to ignore it
When no request takes that long, or must not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.numbers import atoi
from mpmtune.httpd.words import split
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree

_SHORT = 10


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the Timeout that backends inherit."""
    del tree
    timeout = hits.last("timeout")
    if timeout is None or hits["proxytimeout"]:
        return
    words = split(timeout.args)
    backends = [hit for hit in hits["proxypass"] if _inherits(hit)]
    if words and 0 < atoi(words[0]) < _SHORT and backends:
        yield Violation(
            timeout,
            f"Backends that work for longer than {atoi(words[0])} s answer 504:"
            " give them a ProxyTimeout",
            word=1,
            related=(backends[0],),
        )


def _inherits(hit: Occurrence) -> bool:
    words = split(hit.args)
    return "!" not in words and not any(word.lower().startswith("timeout=") for word in words)


RULE = Rule(
    code="KAL207",
    name="timeout-too-short-for-backends",
    severity=Severity.WARNING,
    on=("timeout", "proxytimeout", "proxypass"),
    by_default=False,
    jointly=True,
    whole_tree=True,
    references=("mod/mod_proxy.html#proxytimeout",),
    since="0.1.0",
    examples=(
        Example(
            bad='Timeout 5\nProxyPass "/app/" "http://127.0.0.1:8081/"\n',
            modules=("proxy_module", "proxy_http_module"),
        ),
        Example(
            good='Timeout 5\nProxyTimeout 60\nProxyPass "/app/" "http://127.0.0.1:8081/"\n',
            modules=("proxy_module", "proxy_http_module"),
        ),
        Example(
            good='Timeout 5\nProxyPass "/app/" "http://127.0.0.1:8081/" timeout=60\n',
            modules=("proxy_module", "proxy_http_module"),
        ),
        Example(good="Timeout 5\n", scope=Scope.FRAGMENT),
    ),
    check=check,
)
