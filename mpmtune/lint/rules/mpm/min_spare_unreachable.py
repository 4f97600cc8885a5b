"""As many workers shall be idle as there can be at all.

## What it does
Compares ``MinSpareThreads`` or ``MinSpareServers`` with ``MaxRequestWorkers``; 1, the least that
httpd takes, is not reported.

## Why it matters
The minimum cannot be kept as soon as one request is served. httpd says so at error level
(AH10159 under event, AH00287 under worker, AH00161 under prefork), above the maximum right after
each start, and keeps all its children: the other spare limits mean nothing.

## When to ignore it
Where all children shall always run. As information only where the minimum is the built-in one.
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

_LOWEST = 1  # what httpd makes of less; a server of one worker has no choice


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the minimum that cannot be kept; the maximum where the minimum is built in."""
    limits = Limits.of(tree, hits)
    if limits is None:
        return
    minimum = "MinSpareThreads" if limits.mpm.threaded else "MinSpareServers"
    line = limits.line(minimum)
    lines = limits.lines(minimum, "MaxRequestWorkers")
    if lines and limits[minimum] >= max(limits["MaxRequestWorkers"], _LOWEST + 1):
        yield Violation(
            lines[0],
            f"{limits.named(minimum)} cannot be kept with {limits.named('MaxRequestWorkers')}:"
            " not all workers can be idle",
            severity=None if line else Severity.INFO,
            related=lines[1:],
        )


RULE = Rule(
    code="MPM015",
    name="min-spare-unreachable",
    severity=Severity.WARNING,
    on=(
        "minsparethreads",
        "minspareservers",
        "maxrequestworkers",
        "threadsperchild",
        "serverlimit",
        "threadlimit",
    ),
    jointly=True,
    references=(
        "mod/mpm_common.html#minsparethreads",
        "event.c: perform_idle_server_maintenance",
    ),
    since="0.1.0",
    examples=(
        Example(
            bad="MaxRequestWorkers 100\nMinSpareThreads 150\nMaxSpareThreads 200\n",
            good="MaxRequestWorkers 100\nMinSpareThreads 25\nMaxSpareThreads 75\n",
            lines=(2,),
        ),
        Example(
            bad="MinSpareServers 20\nMaxSpareServers 40\nMaxRequestWorkers 20\n",
            mpm=Mpm.PREFORK,
        ),
        Example(bad="MaxRequestWorkers 50\n", mpm=Mpm.WORKER),
        Example(good="MaxRequestWorkers 100\n"),
        Example(
            good="StartServers 1\nMinSpareServers 1\nMaxSpareServers 2\nMaxRequestWorkers 1\n",
            mpm=Mpm.PREFORK,
        ),
        Example(good="MinSpareThreads 75\nMaxSpareThreads 250\n", mpm=Mpm.WORKER),
    ),
    check=check,
)
