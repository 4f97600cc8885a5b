"""A connection is closed after few requests.

## What it does
Reports a ``MaxKeepAliveRequests`` of 1 to 99.

## Why it matters
One page can be more requests than that. The client then pays for another connection and another
TLS handshake in the middle of a page.

## When to ignore it
Where children have to be renewed very often.
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


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each MaxKeepAliveRequests that ends connections early."""
    del tree
    least = hits.thresholds.keep_alive_requests
    for hit in hits:
        words = split(hit.args)
        if words and 0 < atoi(words[0]) < least:
            yield Violation(
                hit,
                f"A connection is closed after {atoi(words[0])} requests; a page can be more",
                fix(f"Allow {least}", replace_word(hit, 1, str(least))),
                word=1,
            )


RULE = Rule(
    code="KAL204",
    name="max-keepalive-requests-low",
    severity=Severity.WARNING,
    on=("maxkeepaliverequests",),
    cis=("9.3",),
    references=("mod/core.html#maxkeepaliverequests",),
    since="0.1.0",
    examples=(
        Example(bad="MaxKeepAliveRequests 10\n", fixed_unsafely="MaxKeepAliveRequests 100\n"),
        Example(good="MaxKeepAliveRequests 500\n"),
        Example(good="MaxKeepAliveRequests 0\n"),
    ),
    check=check,
)
