"""A client has long to send the head of its request.

## What it does
Reports a ``RequestReadTimeout`` whose ``header=`` begins above 40 seconds or ends above 60.

## Why it matters
The head of a request is a few hundred bytes. A worker waits for it all that time.

## When to ignore it
For clients on very slow lines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.refusals import RefusedError
from mpmtune.httpd.reqtimeout import parse
from mpmtune.httpd.words import split
from mpmtune.lint.fixes import fix, replace_word
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

_MOST_EXTENDED = 60
_SOUND = "header=20-40,MinRate=500"


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each header= above the thresholds."""
    most = hits.thresholds.header_timeout_seconds
    for hit in hits:
        words = split(hit.args)
        try:
            header = parse(words, tree.target.version).get("header")
        except RefusedError:
            continue
        if header is None or (header.seconds <= most and header.most <= _MOST_EXTENDED):
            continue
        number = next(n for n, word in enumerate(words, 1) if word.lower().startswith("header="))
        yield Violation(
            hit,
            f"A worker waits up to {header.most or header.seconds} s for the head of a request",
            fix(f"Set {_SOUND}", replace_word(hit, number, _SOUND)),
            word=number,
        )


RULE = Rule(
    code="KAL209",
    name="request-header-timeout-long",
    severity=Severity.INFO,
    on=("requestreadtimeout",),
    by_default=False,
    cis=("9.5",),
    references=("mod/mod_reqtimeout.html#requestreadtimeout",),
    since="0.1.0",
    examples=(
        Example(
            bad="RequestReadTimeout header=120\n",
            fixed_unsafely="RequestReadTimeout header=20-40,MinRate=500\n",
        ),
        Example(
            bad="RequestReadTimeout body=20,MinRate=500 header=20-90,MinRate=500\n",
            fixed_unsafely="RequestReadTimeout body=20,MinRate=500 header=20-40,MinRate=500\n",
        ),
        Example(good="RequestReadTimeout header=20-40,MinRate=500\n"),
    ),
    check=check,
)
