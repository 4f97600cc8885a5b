"""ThreadLimit is above what httpd was compiled for.

## What it does
Compares ``ThreadLimit`` with 100000 under event and with 20000 under worker.

## Why it matters
httpd works with the largest number it was compiled for, says so once, and sets shared memory
aside for that many threads in each of ``ServerLimit`` children: gigabytes, or more than the
system gives, and then it does not start.

## When to ignore it
Never.
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

_IDS = {Mpm.WORKER: ("AH00305", "AH00306"), Mpm.EVENT: ("AH00502", "AH00503")}


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the ThreadLimit that is lowered."""
    for limits, clamp in clamps(tree, hits, _IDS):
        yield Violation(
            clamp.at,
            f"ThreadLimit {clamp.before} is more than {limits.mpm.value} was compiled for: httpd"
            f" works with {clamp.after}",
            word=1,
        )


RULE = Rule(
    code="MPM009",
    name="thread-limit-above-compile-time-max",
    severity=Severity.ERROR,
    on=("threadlimit",),
    mpms=frozenset(_IDS),
    by_default=False,
    jointly=True,
    httpd_ids=_IDS,
    references=("mod/mpm_common.html#threadlimit", "event.c: MAX_THREAD_LIMIT"),
    since="0.1.0",
    examples=(
        Example(bad="ThreadLimit 150000\n"),
        Example(bad="ThreadLimit 20001\n", mpm=Mpm.WORKER),
        Example(good="ThreadLimit 20001\n"),
        Example(good="ThreadLimit 64\n", mpm=Mpm.WORKER),
    ),
    check=check,
)
