"""A connection may go on for ever.

## What it does
Reports ``MaxKeepAliveRequests 0``.

## Why it matters
A client that keeps asking keeps its child alive: ``MaxConnectionsPerChild`` counts connections
and never comes to an end, so that a leak grows. The manual advises a high number instead.

## When to ignore it
Behind a proxy that recycles its connections by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.numbers import atoi
from mpmtune.httpd.words import split
from mpmtune.lint.fixes import fix, replace_word
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

_HIGH = "1000"


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each MaxKeepAliveRequests without a bound; a negative number is one as well."""
    del tree
    for hit in hits:
        words = split(hit.args)
        if words and atoi(words[0]) <= 0:
            yield Violation(
                hit,
                "A connection without an end keeps its child from being renewed",
                fix(f"Allow {_HIGH}", replace_word(hit, 1, _HIGH)),
                word=1,
            )


RULE = Rule(
    code="KAL205",
    name="max-keepalive-requests-unlimited",
    severity=Severity.INFO,
    on=("maxkeepaliverequests",),
    by_default=False,
    references=("mod/core.html#maxkeepaliverequests",),
    since="0.1.0",
    examples=(
        Example(bad="MaxKeepAliveRequests 0\n", fixed_unsafely="MaxKeepAliveRequests 1000\n"),
        Example(good="MaxKeepAliveRequests 1000\n"),
    ),
    check=check,
)
