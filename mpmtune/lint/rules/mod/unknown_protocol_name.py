"""Protocols names a protocol that nobody speaks.

## What it does
Reports a word of ``Protocols`` other than ``h2``, ``h2c``, ``http/1.1``, ``acme-tls/1`` and the
signs ``+`` and ``-`` before them: ``http2``, ``http/2``, ``h3``.

## Why it matters
httpd takes any word and ignores those it does not know: clients get HTTP/1.1.

## When to ignore it
With a third-party module that brings a protocol of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.words import split
from mpmtune.lint.fixes import fix, replace_word
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

_SPOKEN = frozenset({"h2", "h2c", "http/1.1", "acme-tls/1"})
_MEANT = {"http2": "h2", "http/2": "h2", "http/2.0": "h2", "http1.1": "http/1.1"}


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the words that are no protocol."""
    del tree
    for hit in hits:
        for number, word in enumerate(split(hit.args), 1):
            name = word.lstrip("+-").lower()
            if name in _SPOKEN:
                continue
            meant = _MEANT.get(name)
            made = None
            if meant is not None:
                made = fix(f"Write {meant}", replace_word(hit, number, meant))
            yield Violation(hit, f"No module speaks {word}", made, word=number)


RULE = Rule(
    code="MOD117",
    name="unknown-protocol-name",
    severity=Severity.WARNING,
    on=("protocols",),
    references=("mod/core.html#protocols",),
    since="0.1.0",
    examples=(
        Example(
            bad="Protocols http2 http/1.1\n",
            fixed_unsafely="Protocols h2 http/1.1\n",
            modules=("http2_module",),
        ),
        Example(bad="Protocols h2 h3 http/1.1\n", modules=("http2_module",)),
        Example(good="Protocols H2 h2c http/1.1 acme-tls/1\n", modules=("http2_module",)),
    ),
    check=check,
)
