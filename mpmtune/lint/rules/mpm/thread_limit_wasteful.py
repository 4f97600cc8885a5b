"""ThreadLimit is far above ThreadsPerChild.

## What it does
Reports a ``ThreadLimit`` of more than four times ``ThreadsPerChild`` and of more than the
built-in 64.

## Why it matters
Each child that ``ServerLimit`` allows has a slot of shared memory for each thread that
``ThreadLimit`` allows, used or not.

## When to ignore it
Where the room is for raising ``ThreadsPerChild`` by a reload later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.corrections import DEFAULTS
from mpmtune.httpd.startup import scoreboard_bytes
from mpmtune.lint.mpm_limits import Limits
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.finding import Severity, Violation
from mpmtune.model.httpd import Mpm
from mpmtune.model.sizes import show_size

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

_MUCH = 4


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the ThreadLimit that could be lower."""
    limits = Limits.of(tree, hits)
    line = hits.last("threadlimit")
    if limits is None or line is None:
        return
    most, threads = limits["ThreadLimit"], limits["ThreadsPerChild"]
    built_in = DEFAULTS[limits.mpm]["ThreadLimit"]
    if most > max(_MUCH * threads, built_in):
        size = show_size(scoreboard_bytes(limits["ServerLimit"], most))
        yield Violation(
            line,
            f"ThreadLimit {most} sets {size} of shared memory aside, and a child has"
            f" {threads} threads",
            limits.setting("ThreadLimit", max(threads, built_in), line),
            related=limits.lines("ThreadsPerChild", "ServerLimit"),
        )


RULE = Rule(
    code="MPM019",
    name="thread-limit-wasteful",
    severity=Severity.INFO,
    by_default=False,
    on=("threadlimit", "threadsperchild", "serverlimit"),
    mpms=frozenset({Mpm.WORKER, Mpm.EVENT}),
    jointly=True,
    references=("mod/mpm_common.html#threadlimit", "scoreboard.c: ap_calc_scoreboard_size"),
    since="0.1.0",
    examples=(
        Example(
            bad="ThreadLimit 1024\nThreadsPerChild 25\n",
            fixed_unsafely="ThreadLimit 64\nThreadsPerChild 25\n",
        ),
        Example(
            bad="ThreadsPerChild 100\nMaxRequestWorkers 800\nThreadLimit 500\n",
            fixed_unsafely="ThreadsPerChild 100\nMaxRequestWorkers 800\nThreadLimit 100\n",
            lines=(3,),
            mpm=Mpm.WORKER,
        ),
        Example(good="ThreadLimit 64\nThreadsPerChild 10\nMaxRequestWorkers 160\n"),
        Example(good="ThreadLimit 200\nThreadsPerChild 50\nMaxRequestWorkers 400\n"),
    ),
    check=check,
)
