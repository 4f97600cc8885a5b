"""A connection is closed after few requests.

## What it does
Reports a ``MaxKeepAliveRequests`` above 0 and below 100, and a negative one, with which no
connection is kept at all.

## Why it matters
A page with its pictures, styles and scripts easily is more, so that the client opens a second
connection while the first could still serve.

## When to ignore it
Where clients must move to another server often, behind a load balancer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.lint.fixes import fix, replace_word
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.lint.written_values import number_of
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each MaxKeepAliveRequests that is too low."""
    del tree
    least = hits.thresholds.keep_alive_requests
    for hit in hits:
        requests = number_of(hit)
        if not requests or requests >= least:
            continue
        consequence = f"closes a connection after {requests} requests, before a page is complete"
        if requests < 0:
            consequence = "keeps no connection, as KeepAlive Off does"
        yield Violation(
            hit,
            f"MaxKeepAliveRequests {requests} {consequence}",
            fix(f"Raise it to {least}", replace_word(hit, 1, str(least))),
            word=1,
        )


RULE = Rule(
    code="KAL204",
    name="max-keepalive-requests-low",
    severity=Severity.WARNING,
    on=("maxkeepaliverequests",),
    cis=("9.3",),
    stig=("V-214228",),
    references=("mod/core.html#maxkeepaliverequests", "http_protocol.c: ap_set_keepalive"),
    since="0.1.0",
    examples=(
        Example(bad="MaxKeepAliveRequests 10\n", fixed_unsafely="MaxKeepAliveRequests 100\n"),
        Example(bad="MaxKeepAliveRequests -1\n", fixed_unsafely="MaxKeepAliveRequests 100\n"),
        Example(good="MaxKeepAliveRequests 100\n"),
        Example(good="MaxKeepAliveRequests 0\n"),
    ),
    check=check,
)
