"""Protocols names HTTP/2, and mod_http2 is not loaded.

## What it does
Reports ``Protocols`` with ``h2`` or ``h2c`` when ``http2_module`` is neither loaded nor compiled
in.

## Why it matters
httpd takes any name there. Nobody speaks the protocol, so every client gets HTTP/1.1, and nothing
says so.

## When to ignore it
In a file that also serves hosts where the module is loaded elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.words import split
from mpmtune.lint.loading import load
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

_HTTP2 = frozenset({"h2", "h2c"})


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the Protocols lines that nothing answers for."""
    if "http2_module" in tree.modules:
        return
    for hit in hits:
        if _HTTP2.intersection(split(hit.args)):
            yield Violation(
                hit,
                "http2_module is not loaded, so clients get HTTP/1.1",
                load(tree, hit, "http2_module"),
            )


RULE = Rule(
    code="MOD103",
    name="h2-protocol-without-http2-module",
    severity=Severity.WARNING,
    on=("protocols",),
    whole_tree=True,
    references=("howto/http2.html", "mod/core.html#protocols"),
    since="0.1.0",
    examples=(
        Example(
            bad="Protocols h2 http/1.1\n",
            fixed_unsafely=(
                "LoadModule http2_module /usr/lib/apache2/modules/mod_http2.so\n"
                "Protocols h2 http/1.1\n"
            ),
        ),
        Example(good="Protocols h2 http/1.1\n", scope=Scope.FRAGMENT),
        Example(good="Protocols http/1.1\n"),
    ),
    check=check,
)
