"""As many workers may be idle as there can be at all.

## What it does
Compares a written ``MaxSpareThreads`` or ``MaxSpareServers`` with ``MaxRequestWorkers``.

## Why it matters
No child ever stops for being idle: after a peak httpd keeps the memory of the peak. Under event
that is often wanted, as a child that stops closes the connections that it keeps alive.

## When to ignore it
Where the memory is set aside for httpd anyway, or kept-alive connections matter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.lint.mpm_limits import Limits
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.finding import Severity, Violation
from mpmtune.model.httpd import Mpm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the maximum of idle workers that is never met."""
    limits = Limits.of(tree, hits)
    if limits is None:
        return
    maximum = "MaxSpareThreads" if limits.mpm.threaded else "MaxSpareServers"
    line = limits.line(maximum)
    if line is not None and limits[maximum] >= limits["MaxRequestWorkers"]:
        yield Violation(
            line,
            f"{limits.named(maximum)} is not below {limits.named('MaxRequestWorkers')}: no child"
            " ever stops for being idle",
            related=limits.lines("MaxRequestWorkers"),
        )


RULE = Rule(
    code="MPM016",
    name="pool-never-shrinks",
    severity=Severity.INFO,
    by_default=False,
    on=(
        "maxsparethreads",
        "maxspareservers",
        "maxrequestworkers",
        "threadsperchild",
        "serverlimit",
        "threadlimit",
    ),
    jointly=True,
    references=("mod/mpm_common.html#maxsparethreads",),
    since="0.1.0",
    examples=(
        Example(
            bad="MaxRequestWorkers 150\nMaxSpareThreads 400\n",
            good="MaxRequestWorkers 150\nMaxSpareThreads 125\n",
            lines=(2,),
        ),
        Example(bad="MaxSpareServers 256\n", mpm=Mpm.PREFORK),
        Example(good="MaxRequestWorkers 150\n"),
        Example(good="MaxSpareServers 20\n", mpm=Mpm.PREFORK),
    ),
    check=check,
)
