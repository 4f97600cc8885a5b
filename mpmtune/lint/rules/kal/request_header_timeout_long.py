"""A client may take long to send the head of its request.

## What it does
Reports ``header=`` of ``RequestReadTimeout`` with more than 40 seconds at first, or more than 60
at most.

## Why it matters
A head is a few hundred bytes. While it is read a worker waits, under event as well.

## When to ignore it
Where clients sit behind links that need longer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.reqtimeout import defaults
from mpmtune.lint.fixes import fix, replace_word
from mpmtune.lint.read_timeouts import stages_in_force
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

_MOST = 60


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each header stage that is too long."""
    version = tree.target.version
    first = hits.thresholds.header_timeout_seconds
    for line, word, name, stage in stages_in_force(hits["requestreadtimeout"], version):
        if name == "header" and (stage.seconds > first or stage.most > _MOST):
            usual = f"header={defaults(version)['header']}"
            yield Violation(
                line,
                f"header={stage} lets a client send the head of its request for up to"
                f" {max(stage.seconds, stage.most)} seconds",
                fix(f"Set {usual}, httpd's own limit", replace_word(line, word, usual)),
                word=word,
            )


RULE = Rule(
    code="KAL209",
    name="request-header-timeout-long",
    severity=Severity.INFO,
    by_default=False,
    on=("requestreadtimeout",),
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
        Example(good="RequestReadTimeout header=40-60,MinRate=500\n"),
    ),
    check=check,
)
