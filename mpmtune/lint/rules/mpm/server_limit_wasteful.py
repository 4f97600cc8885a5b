"""ServerLimit is far above the children that can ever run.

## What it does
Compares a written ``ServerLimit`` with the children that ``MaxRequestWorkers`` needs: more than
four times as many under worker and event, more than twice under prefork, and more than the
built-in number.

## Why it matters
httpd sets shared memory aside for each child that might run, with room for ``ThreadLimit``
threads, and looks through all of it once a second.

## When to ignore it
Where the room is for raising ``MaxRequestWorkers`` by a reload later.
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

_MUCH = {Mpm.PREFORK: 2, Mpm.WORKER: 4, Mpm.EVENT: 4}
_ENOUGH = 2


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the ServerLimit that could be lower."""
    limits = Limits.of(tree, hits)
    line = hits.last("serverlimit")
    if limits is None or line is None:
        return
    slots, children = limits["ServerLimit"], limits.children
    built_in = DEFAULTS[limits.mpm]["ServerLimit"]
    if slots > max(_MUCH[limits.mpm] * children, built_in):
        threads = limits["ThreadLimit"] if limits.mpm.threaded else 1
        yield Violation(
            line,
            f"ServerLimit {slots} sets {show_size(scoreboard_bytes(slots, threads))} of shared"
            f" memory aside, and no more than {children} children serve at once",
            limits.setting("ServerLimit", max(_ENOUGH * children, built_in), line),
            related=limits.lines("MaxRequestWorkers", "ThreadsPerChild", "ThreadLimit"),
        )


RULE = Rule(
    code="MPM018",
    name="server-limit-wasteful",
    severity=Severity.INFO,
    by_default=False,
    on=("serverlimit", "maxrequestworkers", "threadsperchild", "threadlimit"),
    jointly=True,
    references=("mod/mpm_common.html#serverlimit", "scoreboard.c: ap_calc_scoreboard_size"),
    since="0.1.0",
    examples=(
        Example(
            bad="ServerLimit 2000\nMaxRequestWorkers 150\n",
            fixed_unsafely="ServerLimit 16\nMaxRequestWorkers 150\n",
        ),
        Example(
            bad="MaxRequestWorkers 300\nServerLimit 1000\n",
            fixed_unsafely="MaxRequestWorkers 300\nServerLimit 600\n",
            lines=(2,),
            mpm=Mpm.PREFORK,
        ),
        Example(good="ServerLimit 64\nMaxRequestWorkers 800\n"),
        Example(good="ServerLimit 16\nMaxRequestWorkers 50\n", mpm=Mpm.WORKER),
        Example(good="ServerLimit 256\nMaxRequestWorkers 20\n", mpm=Mpm.PREFORK),
    ),
    check=check,
)
