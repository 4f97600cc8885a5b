"""MaxRequestWorkers needs more children than ServerLimit allows.

## What it does
Compares ``MaxRequestWorkers`` ÷ ``ThreadsPerChild`` with ``ServerLimit`` under event and worker,
defaults included: without a ``ServerLimit`` there are 16 children, which carry 400 workers of 25
threads.

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
from mpmtune.httpd.numbers import atoi
from mpmtune.lint.fixes import fix, insert_before, replace_word
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.lint.values_in_force import values_of
from mpmtune.model.finding import Severity, Violation
from mpmtune.model.server import Mpm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree
    from mpmtune.model.finding import Fix

_IDS = {Mpm.EVENT: ("AH00515", "AH00516"), Mpm.WORKER: ("AH00318", "AH00319")}
# A graceful restart needs slots for the children that finish and for those that take over.
_SLOTS_PER_CHILD = 2


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the MaxRequestWorkers that the children cannot carry."""
    values = values_of(tree)
    said = {message.id for message in values.corrected.messages}
    workers = hits.last("maxrequestworkers")
    if workers is None or said.isdisjoint(_IDS[values.mpm]):
        return
    in_force = values.corrected.effective
    limit, threads = in_force["ServerLimit"], in_force["ThreadsPerChild"]
    yield Violation(
        workers,
        f"{limit} children (ServerLimit) of {threads} threads carry"
        f" {in_force['MaxRequestWorkers']} workers: httpd lowers MaxRequestWorkers to that",
        _fix(hits, workers, threads),
        related=tuple(filter(None, (hits.last("serverlimit"), hits.last("threadsperchild")))),
    )


def _fix(hits: Hits, workers: Occurrence, threads: int) -> Fix | None:
    children = -(-atoi(workers.args) // threads)
    needed = min(children * _SLOTS_PER_CHILD, SERVER_LIMIT_MAX[Mpm.EVENT])
    if needed < children:
        return None
    limit = hits.last("serverlimit")
    if limit is not None:
        return fix(f"Raise ServerLimit to {needed}", replace_word(limit, 1, str(needed)))
    return fix(f"Set ServerLimit to {needed}", insert_before(workers, f"ServerLimit {needed}"))


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
        Example(good="ThreadsPerChild 25\nMaxRequestWorkers 400\n"),
        Example(good="ServerLimit ${CHILDREN}\nMaxRequestWorkers 800\n", scope=Scope.FRAGMENT),
    ),
    check=check,
)
