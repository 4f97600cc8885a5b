"""StartServers is above the number of children that may exist.

## What it does
Compares a written ``StartServers`` with ``MaxRequestWorkers`` under prefork, and with
``MaxRequestWorkers`` ÷ ``ThreadsPerChild`` under worker and event.

## Why it matters
httpd starts fewer children than the file says and says nothing, neither then nor with ``-t``.
Usually the number of children was mistaken for the number of threads.

## When to ignore it
Never: the number that httpd starts can be written as well.
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
    """Yield the StartServers that is cut off at start."""
    limits = Limits.of(tree, hits)
    line = hits.last("startservers")
    if limits is None or line is None:
        return
    starting = limits.values.started.initial_children
    if starting < limits["StartServers"]:
        yield Violation(
            line,
            f"StartServers {limits['StartServers']} is more than the children that"
            f" {limits.named('MaxRequestWorkers')} allows: httpd starts {starting}, without a word",
            limits.setting("StartServers", starting, line, safe=True),
            related=limits.lines("MaxRequestWorkers", "ThreadsPerChild"),
        )


RULE = Rule(
    code="MPM013",
    name="start-servers-exceed-limit",
    severity=Severity.WARNING,
    on=("startservers", "maxrequestworkers", "threadsperchild", "serverlimit", "threadlimit"),
    jointly=True,
    references=("mod/mpm_common.html#startservers", "event.c: event_run"),
    since="0.1.0",
    examples=(
        Example(
            bad="ThreadsPerChild 25\nMaxRequestWorkers 100\nStartServers 10\n",
            fixed="ThreadsPerChild 25\nMaxRequestWorkers 100\nStartServers 4\n",
            lines=(3,),
        ),
        Example(
            bad="StartServers 75\n",
            fixed="StartServers 16\n",
            mpm=Mpm.WORKER,
        ),
        Example(
            bad="StartServers 30\nMaxRequestWorkers 20\n",
            fixed="StartServers 20\nMaxRequestWorkers 20\n",
            mpm=Mpm.PREFORK,
        ),
        Example(good="StartServers 75\n", mpm=Mpm.PREFORK),
        Example(good="StartServers 16\n"),
        Example(good="ThreadsPerChild 50\nMaxRequestWorkers 100\n"),
    ),
    check=check,
)
