"""A child ends after few connections.

## What it does
Reports a ``MaxConnectionsPerChild`` below 1000 under prefork, and below 40 for each thread under
worker and event; 0, without end, is not meant.

## Why it matters
Each end costs a fork, empty caches and new connections to backends. Under event a child that ends
keeps its slot until its last connection is gone, so that slots may run out.

## When to ignore it
Where a leak is so fast that children must end that often, until the leak is found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.lint.fixes import fix, replace_word
from mpmtune.lint.mpm_limits import Limits
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.lint.written_values import number_of
from mpmtune.model.finding import Severity, Violation
from mpmtune.model.httpd import Mpm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

_FEW = 1000
_FEW_FOR_A_THREAD = 40
_USUAL = 10_000


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the MaxConnectionsPerChild that is too low."""
    limits = Limits.of(tree, hits)
    line = hits.last("maxconnectionsperchild")
    connections = number_of(line)
    if limits is None or line is None or connections is None:
        return
    few = _FEW_FOR_A_THREAD * limits.threads if limits.mpm.threaded else _FEW
    if 0 < connections < few:
        usual = max(_USUAL, few)
        yield Violation(
            line,
            f"A child ends after {connections} connections"
            + (f" for its {limits.threads} threads together" if limits.mpm.threaded else "")
            + ": httpd spends its time on starting others",
            fix(f"Raise it to {usual}", replace_word(line, 1, str(usual))),
            word=1,
        )


RULE = Rule(
    code="MPM020",
    name="child-recycled-too-often",
    severity=Severity.WARNING,
    on=("maxconnectionsperchild", "threadsperchild", "threadlimit"),
    jointly=True,
    references=("mod/mpm_common.html#maxconnectionsperchild", "misc/perf-tuning.html"),
    since="0.1.0",
    examples=(
        Example(
            bad="MaxConnectionsPerChild 100\n",
            fixed_unsafely="MaxConnectionsPerChild 10000\n",
        ),
        Example(
            bad="MaxRequestsPerChild 500\n",
            fixed_unsafely="MaxRequestsPerChild 10000\n",
            mpm=Mpm.PREFORK,
        ),
        Example(good="MaxConnectionsPerChild 0\n"),
        Example(good="MaxConnectionsPerChild 1000\n", mpm=Mpm.PREFORK),
        Example(good="ThreadsPerChild 10\nMaxRequestWorkers 100\nMaxConnectionsPerChild 400\n"),
    ),
    check=check,
)
