"""A connection may carry any number of requests.

## What it does
Reports ``MaxKeepAliveRequests 0``.

## Why it matters
A client that keeps asking keeps its child: ``MaxConnectionsPerChild`` counts connections, so the
child does not end, and a graceful restart waits for that client. The manual advises a high number
instead.

## When to ignore it
Where the clients are a few proxies, and nothing leaks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.lint.fixes import fix, replace_word
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.lint.written_values import integer_in, word_in
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each MaxKeepAliveRequests without limit."""
    del tree
    for hit in hits:
        if integer_in(word_in(hit)) == 0:
            yield Violation(
                hit,
                "MaxKeepAliveRequests 0 is no limit: a child may never be rid of a busy client",
                fix("Set it to 1000", replace_word(hit, 1, "1000")),
                word=1,
            )


RULE = Rule(
    code="KAL205",
    name="max-keepalive-requests-unlimited",
    severity=Severity.INFO,
    by_default=False,
    on=("maxkeepaliverequests",),
    references=("mod/core.html#maxkeepaliverequests",),
    since="0.1.0",
    examples=(
        Example(bad="MaxKeepAliveRequests 0\n", fixed_unsafely="MaxKeepAliveRequests 1000\n"),
        Example(good="MaxKeepAliveRequests 500\n"),
    ),
    check=check,
)
