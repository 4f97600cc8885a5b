"""MaxSpareServers is not above MinSpareServers.

## What it does
Compares a written ``MaxSpareServers`` with ``MinSpareServers`` under prefork.

## Why it matters
httpd raises the number to one above the other when it starts and says nothing, neither then nor
with ``-t``. With bounds that close it still starts and stops children all the time.

## When to ignore it
Never: the number that httpd works with can be written as well; twice the minimum is usual.
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
    """Yield the MaxSpareServers that is raised at start."""
    limits = Limits.of(tree, hits)
    raised = limits.silent_change("MaxSpareServers") if limits else None
    line = hits.last("maxspareservers")
    if limits and raised and line:
        yield Violation(
            line,
            f"MaxSpareServers {raised.before} becomes {raised.after} at start, without a word:"
            f" it must be above {limits.named('MinSpareServers')}",
            limits.setting("MaxSpareServers", raised.after, line, safe=True),
            related=limits.lines("MinSpareServers"),
        )


RULE = Rule(
    code="MPM012",
    name="max-spare-servers-too-low",
    severity=Severity.WARNING,
    on=("maxspareservers", "minspareservers"),
    mpms=frozenset({Mpm.PREFORK}),
    jointly=True,
    references=("mod/prefork.html#maxspareservers", "prefork.c: prefork_run"),
    since="0.1.0",
    examples=(
        Example(
            bad="MinSpareServers 10\nMaxSpareServers 5\n",
            fixed="MinSpareServers 10\nMaxSpareServers 11\n",
            lines=(2,),
            mpm=Mpm.PREFORK,
        ),
        Example(
            bad="MaxSpareServers 5\n",
            fixed="MaxSpareServers 6\n",
            mpm=Mpm.PREFORK,
        ),
        Example(good="MinSpareServers 5\nMaxSpareServers 10\n", mpm=Mpm.PREFORK),
        Example(
            good="<IfModule mpm_prefork_module>\nMinSpareServers 10\nMaxSpareServers 5\n"
            "</IfModule>\nMaxRequestWorkers 400\n"
        ),
    ),
    check=check,
)
