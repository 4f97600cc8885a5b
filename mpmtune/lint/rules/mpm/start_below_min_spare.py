"""The children that start have fewer workers than shall always be idle.

## What it does
Compares ``StartServers``, times ``ThreadsPerChild`` under worker and event, with
``MinSpareThreads`` or ``MinSpareServers``, where at least one of the two is written and more
children could start.

## Why it matters
The server is below its own minimum from the first second. httpd makes that good at 1, 2, 4 … 32
children a second, and the first burst after each restart waits for it.

## When to ignore it
Where a restart never meets a burst, or children are so large that they shall come one by one.
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
    """Yield the StartServers, or the minimum, that the other contradicts."""
    limits = Limits.of(tree, hits)
    if limits is None:
        return
    minimum = "MinSpareThreads" if limits.mpm.threaded else "MinSpareServers"
    started = limits.values.started
    least = started.effective[minimum]
    children = min(-(-least // limits.threads), limits.children)
    lines = limits.lines("StartServers", minimum)
    if lines and started.initial_children < children:
        yield Violation(
            lines[0],
            f"{limits.named('StartServers')} gives"
            f" {started.initial_children * limits.threads} workers, and"
            f" {limits.named(minimum, least)} shall be idle: httpd begins by starting more",
            limits.setting("StartServers", children, lines[0]),
            related=lines[1:],
        )


RULE = Rule(
    code="MPM014",
    name="start-below-min-spare",
    severity=Severity.INFO,
    by_default=False,
    on=(
        "startservers",
        "minsparethreads",
        "minspareservers",
        "threadsperchild",
        "maxrequestworkers",
        "serverlimit",
        "threadlimit",
    ),
    jointly=True,
    references=("mod/mpm_common.html#startservers", "misc/perf-tuning.html"),
    since="0.1.0",
    examples=(
        Example(
            bad="StartServers 2\nMinSpareThreads 200\nMaxSpareThreads 300\n",
            fixed_unsafely="StartServers 8\nMinSpareThreads 200\nMaxSpareThreads 300\n",
        ),
        Example(
            bad="MinSpareServers 20\nMaxSpareServers 40\n",
            fixed_unsafely="StartServers 20\nMinSpareServers 20\nMaxSpareServers 40\n",
            mpm=Mpm.PREFORK,
        ),
        Example(good="StartServers 3\nMinSpareThreads 75\n"),
        Example(good="StartServers 2\nMaxRequestWorkers 50\nMinSpareThreads 25\n"),
        Example(good="ThreadsPerChild 5\nMaxRequestWorkers 80\n", mpm=Mpm.WORKER),
    ),
    check=check,
)
