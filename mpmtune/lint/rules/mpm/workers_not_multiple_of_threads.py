"""MaxRequestWorkers is no multiple of ThreadsPerChild.

## What it does
Divides ``MaxRequestWorkers`` by ``ThreadsPerChild`` under event and worker, built-in values
included: 400 workers, whatever the number of threads.

## Why it matters
A child always runs all its threads, so httpd rounds down to whole children and says so at each
start. The server has fewer workers than the file promises.

## When to ignore it
Never: the number that httpd works with can be written as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.lint.mpm_limits import clamps
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.model.finding import Severity, Violation
from mpmtune.model.httpd import Mpm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

_IDS = {Mpm.EVENT: ("AH00513", "AH00514"), Mpm.WORKER: ("AH00316", "AH00317")}


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the MaxRequestWorkers that is rounded down."""
    for limits, clamp in clamps(tree, hits, _IDS):
        yield Violation(
            clamp.at,
            f"{limits.named('MaxRequestWorkers', clamp.before)} is no multiple of"
            f" {limits.named('ThreadsPerChild')}: httpd rounds it down to {clamp.after}",
            limits.setting("MaxRequestWorkers", clamp.after, clamp.at, safe=True),
            related=limits.lines("ThreadsPerChild"),
        )


RULE = Rule(
    code="MPM005",
    name="workers-not-multiple-of-threads",
    severity=Severity.WARNING,
    on=("maxrequestworkers", "threadsperchild", "serverlimit", "threadlimit"),
    mpms=frozenset(_IDS),
    jointly=True,
    httpd_ids=_IDS,
    references=("mod/mpm_common.html#maxrequestworkers", "event.c: event_check_config"),
    since="0.1.0",
    examples=(
        Example(
            bad="ThreadsPerChild 64\nMaxRequestWorkers 500\n",
            fixed="ThreadsPerChild 64\nMaxRequestWorkers 448\n",
            lines=(2,),
        ),
        Example(
            bad="ThreadsPerChild 60\n",
            fixed="MaxRequestWorkers 360\nThreadsPerChild 60\n",
            mpm=Mpm.WORKER,
        ),
        Example(good="ThreadsPerChild 64\nMaxRequestWorkers 512\n"),
        Example(good="MaxRequestWorkers 255\n", mpm=Mpm.PREFORK),
        Example(
            good="{% if big %}\nThreadsPerChild 50\n{% endif %}\nMaxRequestWorkers 425\n",
            scope=Scope.FRAGMENT,
        ),
    ),
    check=check,
)
