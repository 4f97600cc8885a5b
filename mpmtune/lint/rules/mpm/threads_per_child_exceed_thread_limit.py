"""ThreadsPerChild is above ThreadLimit.

## What it does
Compares the two under event and worker, built-in values included: without a ``ThreadLimit`` a
child has at most 64 threads.

## Why it matters
httpd lowers ``ThreadsPerChild`` and says so once. As the children are smaller than the file says,
``MaxRequestWorkers`` then often needs more of them than ``ServerLimit`` allows. ``ThreadLimit``
takes a stop and a start: a reload keeps the old one.

## When to ignore it
Never in a file that is meant to be read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.corrections import THREAD_LIMIT_MAX
from mpmtune.lint.mpm_limits import clamps
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.finding import Severity, Violation
from mpmtune.model.httpd import Mpm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

_IDS = {Mpm.EVENT: ("AH00507", "AH00508"), Mpm.WORKER: ("AH00310", "AH00311")}


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the ThreadsPerChild that ThreadLimit cuts off."""
    for limits, clamp in clamps(tree, hits, _IDS):
        fixable = limits.line("ThreadsPerChild") and clamp.before <= THREAD_LIMIT_MAX[limits.mpm]
        yield Violation(
            clamp.at,
            f"{limits.named('ThreadsPerChild', clamp.before)} is above"
            f" {limits.named('ThreadLimit')}: a child runs {clamp.after} threads",
            limits.setting("ThreadLimit", clamp.before, clamp.at) if fixable else None,
            related=limits.lines("ThreadLimit"),
        )


RULE = Rule(
    code="MPM007",
    name="threads-per-child-exceed-thread-limit",
    severity=Severity.ERROR,
    on=("threadsperchild", "threadlimit"),
    mpms=frozenset(_IDS),
    jointly=True,
    httpd_ids=_IDS,
    references=("mod/mpm_common.html#threadlimit", "event.c: event_check_config"),
    since="0.1.0",
    examples=(
        Example(
            bad="ThreadsPerChild 128\nMaxRequestWorkers 1024\n",
            fixed_unsafely="ThreadLimit 128\nThreadsPerChild 128\nMaxRequestWorkers 1024\n",
        ),
        Example(
            bad="ThreadLimit 100\nThreadsPerChild 128\nServerLimit 8\nMaxRequestWorkers 1024\n",
            lines=(2,),
            also=("MPM004", "MPM005"),
            mpm=Mpm.WORKER,
            fixed_unsafely="ThreadLimit 128\nThreadsPerChild 128\nServerLimit 8\n"
            "MaxRequestWorkers 1024\n",
        ),
        Example(
            bad="ThreadLimit 20\n",
            good="ThreadLimit 20\nThreadsPerChild 20\nMaxRequestWorkers 320\n",
            also=("MPM004",),
        ),
        Example(good="ThreadLimit 128\nThreadsPerChild 128\nMaxRequestWorkers 1024\n"),
        Example(good="ThreadsPerChild 64\nMaxRequestWorkers 512\n"),
    ),
    check=check,
)
