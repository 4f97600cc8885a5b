"""AsyncRequestWorkerFactor is no positive number.

## What it does
Reports an ``AsyncRequestWorkerFactor`` that httpd refuses: 0, less, or text that is no number.

## Why it matters
httpd does not start. The factor is how many more connections event accepts for each idle worker;
to accept none, 1 is the smallest that httpd works with.

## When to ignore it
Never.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.lint.rule import Example, Hits, Rule, ids
from mpmtune.lint.written_values import word_in
from mpmtune.model.config import Fault
from mpmtune.model.finding import Severity, Violation
from mpmtune.model.httpd import Mpm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

_EVENT = frozenset({Mpm.EVENT})


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the refused AsyncRequestWorkerFactor."""
    del tree
    for fault in hits.faults:
        line = fault.occurrence
        if line is not None and line.name == "asyncrequestworkerfactor":
            yield Violation(
                line,
                f"AsyncRequestWorkerFactor {word_in(line)} is refused: it must be a number above"
                " 0, and 2 is built in",
                word=1,
            )


RULE = Rule(
    code="MPM025",
    name="async-factor-invalid",
    severity=Severity.ERROR,
    on=(),
    faults=frozenset({Fault.BAD_ARGUMENT}),
    mpms=_EVENT,
    httpd_ids=ids("AH00526", mpms=_EVENT),
    references=("mod/event.html#asyncrequestworkerfactor", "event.c: set_worker_factor"),
    since="0.1.0",
    examples=(
        Example(bad="AsyncRequestWorkerFactor 0\n", good="AsyncRequestWorkerFactor 2\n"),
        Example(bad="MaxRequestWorkers 400\nAsyncRequestWorkerFactor two\n", lines=(2,)),
        Example(good="AsyncRequestWorkerFactor 16\n"),
    ),
    check=check,
)
