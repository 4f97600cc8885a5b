"""MaxRequestWorkers needs more children than ServerLimit allows.

## What it does
Compares ``MaxRequestWorkers`` ÷ ``ThreadsPerChild`` with ``ServerLimit`` under event and worker,
built-in values included: without a ``ServerLimit`` there are 16 children, which carry 400 workers
of 25 threads, and without a ``MaxRequestWorkers`` there are 400, whatever the other two say.

## Why it matters
httpd lowers the value when it starts and says so once, on the console or in the error log. The
file promises workers that never exist, and a server that is short of workers looks as if it had
enough.

## When to ignore it
Never in a file that is meant to be read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.corrections import SERVER_LIMIT_MAX
from mpmtune.lint.mpm_limits import clamps
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.model.finding import Severity, Violation
from mpmtune.model.httpd import Mpm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.lint.mpm_limits import Clamp, Limits
    from mpmtune.model.config import Tree
    from mpmtune.model.finding import Fix

_IDS = {Mpm.EVENT: ("AH00515", "AH00516"), Mpm.WORKER: ("AH00318", "AH00319")}
# A graceful restart needs slots for the children that finish and for those that take over.
_SLOTS_PER_CHILD = 2


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the MaxRequestWorkers that the children cannot carry."""
    for limits, clamp in clamps(tree, hits, _IDS):
        yield Violation(
            clamp.at,
            f"{limits.named('MaxRequestWorkers', clamp.before)} needs"
            f" {clamp.before // limits.threads} children of {limits.threads} threads, and"
            f" {limits.named('ServerLimit')} allows fewer: httpd runs {clamp.after} workers",
            _fix(limits, clamp),
            related=limits.lines("ServerLimit", "ThreadsPerChild"),
        )


def _fix(limits: Limits, clamp: Clamp) -> Fix | None:
    children = clamp.before // limits.threads
    slots = min(children * _SLOTS_PER_CHILD, SERVER_LIMIT_MAX[limits.mpm])
    if slots < children or limits.line("MaxRequestWorkers") is None:
        return None
    return limits.setting("ServerLimit", slots, clamp.at)


RULE = Rule(
    code="MPM004",
    name="workers-exceed-process-capacity",
    severity=Severity.ERROR,
    on=("maxrequestworkers", "serverlimit", "threadsperchild", "threadlimit"),
    mpms=frozenset(_IDS),
    jointly=True,
    httpd_ids=_IDS,
    references=("mod/mpm_common.html#serverlimit", "event.c: event_check_config"),
    since="0.1.0",
    examples=(
        Example(
            bad="ThreadsPerChild 25\nMaxRequestWorkers 800\n",
            fixed_unsafely="ThreadsPerChild 25\nServerLimit 64\nMaxRequestWorkers 800\n",
            lines=(2,),
        ),
        Example(
            bad="ServerLimit 20\nMaxRequestWorkers 800\n",
            fixed_unsafely="ServerLimit 64\nMaxRequestWorkers 800\n",
            lines=(2,),
            mpm=Mpm.WORKER,
        ),
        Example(
            bad="ServerLimit 8\n",
            good="ServerLimit 8\nMaxRequestWorkers 100\n",
        ),
        Example(good="ThreadsPerChild 25\nMaxRequestWorkers 400\n"),
        Example(good="ServerLimit ${CHILDREN}\nMaxRequestWorkers 800\n", scope=Scope.FRAGMENT),
    ),
    check=check,
)
