"""MaxRequestWorkers is smaller than ThreadsPerChild.

## What it does
Compares the two under event and worker, built-in values included.

## Why it matters
A child always starts all its threads, so httpd raises ``MaxRequestWorkers`` to one whole child.
A number that was written low to save memory, or to spare a backend, is not in force.

## When to ignore it
Never: write the threads that one child shall have.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.lint.mpm_limits import clamps
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.finding import Severity, Violation
from mpmtune.model.httpd import Mpm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

_IDS = {Mpm.EVENT: ("AH00511", "AH00512"), Mpm.WORKER: ("AH00314", "AH00315")}


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the MaxRequestWorkers that is raised; one below 1 is non-positive-mpm-value."""
    for limits, clamp in clamps(tree, hits, _IDS):
        if clamp.before > 0:
            yield Violation(
                clamp.at,
                f"{limits.named('MaxRequestWorkers', clamp.before)} is less than"
                f" {limits.named('ThreadsPerChild')}: a child starts all its threads, so httpd"
                f" runs {clamp.after} workers",
                related=limits.lines("ThreadsPerChild"),
            )


RULE = Rule(
    code="MPM006",
    name="workers-below-threads-per-child",
    severity=Severity.ERROR,
    on=("maxrequestworkers", "threadsperchild", "serverlimit", "threadlimit"),
    mpms=frozenset(_IDS),
    jointly=True,
    httpd_ids=_IDS,
    references=("mod/mpm_common.html#maxrequestworkers", "event.c: event_check_config"),
    since="0.1.0",
    examples=(
        Example(bad="ThreadsPerChild 50\nMaxRequestWorkers 20\n", lines=(2,)),
        Example(bad="MaxRequestWorkers 10\n", mpm=Mpm.WORKER),
        Example(
            bad="ThreadLimit 500\nThreadsPerChild 500\n",
            good="ThreadLimit 500\nThreadsPerChild 500\nMaxRequestWorkers 1000\n",
            lines=(2,),
        ),
        Example(good="ThreadsPerChild 20\nMaxRequestWorkers 20\n"),
        Example(good="MaxRequestWorkers 10\n", mpm=Mpm.PREFORK),
    ),
    check=check,
)
