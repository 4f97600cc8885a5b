"""ServerLimit leaves event no room for the children that finish during a graceful restart.

## What it does
Compares a written ``ServerLimit`` with the children that ``MaxRequestWorkers`` needs under event.
None to spare is a warning; fewer than as many again is information.

## Why it matters
A child of the old generation keeps its slot until its last connection has ended, and a new one
needs a slot of its own. Without one, httpd logs that the scoreboard is full (AH03490) and accepts
nobody meanwhile: a reload with a few slow requests stalled a server for seven seconds, and for
one with twice as many slots. A slot costs some kilobytes of shared memory.

## When to ignore it
Where httpd is stopped and started rather than reloaded, and ``MaxConnectionsPerChild`` is 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.corrections import SERVER_LIMIT_MAX
from mpmtune.lint.mpm_limits import Limits
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.finding import Severity, Violation
from mpmtune.model.httpd import Mpm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

_SLOTS_PER_CHILD = 2


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the ServerLimit that is too tight; one that cuts workers off has rules of its own."""
    limits = Limits.of(tree, hits)
    line = hits.last("serverlimit")
    if limits is None or line is None or limits.corrected:
        return
    slots, children = limits["ServerLimit"], limits.children
    wanted = min(children * _SLOTS_PER_CHILD, SERVER_LIMIT_MAX[limits.mpm])
    if slots < wanted:
        spare = slots - children
        yield Violation(
            line,
            f"ServerLimit {slots} leaves room for {spare or 'no'} finishing children beside"
            f" {children} new ones in a graceful restart",
            limits.setting("ServerLimit", wanted, line),
            severity=Severity.INFO if spare else None,
            related=limits.lines("MaxRequestWorkers", "ThreadsPerChild"),
        )


RULE = Rule(
    code="MPM017",
    name="no-slots-for-graceful-restart",
    severity=Severity.WARNING,
    on=("serverlimit", "maxrequestworkers", "threadsperchild", "threadlimit"),
    mpms=frozenset({Mpm.EVENT}),
    httpd_since=(2, 4, 24),
    jointly=True,
    references=(
        "mod/event.html#how-it-works",
        "mod/mpm_common.html#serverlimit",
        "event.c: perform_idle_server_maintenance",
    ),
    since="0.1.0",
    examples=(
        Example(
            bad="ServerLimit 16\nThreadsPerChild 25\nMaxRequestWorkers 400\n",
            fixed_unsafely="ServerLimit 32\nThreadsPerChild 25\nMaxRequestWorkers 400\n",
        ),
        Example(
            bad="MaxRequestWorkers 400\nServerLimit 20\n",
            fixed_unsafely="MaxRequestWorkers 400\nServerLimit 32\n",
            lines=(2,),
        ),
        Example(good="ServerLimit 16\nMaxRequestWorkers 200\n"),
        Example(good="MaxRequestWorkers 400\n"),
        Example(good="ServerLimit 16\nMaxRequestWorkers 400\n", mpm=Mpm.WORKER),
    ),
    check=check,
)
