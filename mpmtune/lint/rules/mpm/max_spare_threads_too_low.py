"""MaxSpareThreads is too close to MinSpareThreads.

## What it does
Compares a written ``MaxSpareThreads`` with the lowest number that event and worker run with:
``MinSpareThreads``, and the threads of one child, and one.

## Why it matters
httpd raises the number when it starts and says nothing, neither then nor with ``-t``. Nearer
bounds would make it stop a child and start it again without end. The manual leaves the last
thread of the sum out.

## When to ignore it
Never: the number that httpd works with can be written as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.lint.mpm_limits import Limits
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.model.finding import Severity, Violation
from mpmtune.model.httpd import Mpm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the MaxSpareThreads that is raised at start."""
    limits = Limits.of(tree, hits)
    raised = limits.silent_change("MaxSpareThreads") if limits else None
    line = hits.last("maxsparethreads")
    if limits and raised and line:
        yield Violation(
            line,
            f"MaxSpareThreads {raised.before} becomes {raised.after} at start, without a word:"
            f" that is {limits.named('MinSpareThreads')} and one child more",
            limits.setting("MaxSpareThreads", raised.after, line, safe=True),
            related=limits.lines("MinSpareThreads", "ThreadsPerChild"),
        )


RULE = Rule(
    code="MPM011",
    name="max-spare-threads-too-low",
    severity=Severity.WARNING,
    on=(
        "maxsparethreads",
        "minsparethreads",
        "threadsperchild",
        "threadlimit",
        "maxrequestworkers",
        "serverlimit",
    ),
    mpms=frozenset({Mpm.WORKER, Mpm.EVENT}),
    jointly=True,
    references=("mod/mpm_common.html#maxsparethreads", "event.c: event_run"),
    since="0.1.0",
    examples=(
        Example(
            bad="ThreadsPerChild 25\nMinSpareThreads 75\nMaxSpareThreads 80\n",
            fixed="ThreadsPerChild 25\nMinSpareThreads 75\nMaxSpareThreads 101\n",
            lines=(3,),
        ),
        Example(
            bad="MaxSpareThreads 100\n",
            fixed="MaxSpareThreads 101\n",
            mpm=Mpm.WORKER,
        ),
        Example(good="MinSpareThreads 75\nMaxSpareThreads 101\n"),
        Example(good="MinSpareThreads 300\n"),
        Example(good="MinSpareThreads ${LEAST}\nMaxSpareThreads 80\n", scope=Scope.FRAGMENT),
    ),
    check=check,
)
