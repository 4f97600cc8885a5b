"""A comment suppresses a rule that has nothing to say there.

## What it does
Reports a code or name in ``# mpmtune: ignore[…]`` whose rule ran and found nothing in what the
comment covers. A rule that did not run is not counted: one that was not selected, one that
needs the whole configuration when a fragment is checked, one that needs facts of the host.

## Why it matters
A comment that has outlived its reason will hide the next, real finding of the same rule.

## When to ignore it
Where other versions of mpmtune check the same file: leave its code out with ``--ignore``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.lint.rule import Example, SuppressionRule
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mpmtune.lint.suppressions import Suppression


def check(suppressions: Sequence[Suppression]) -> Iterator[Violation]:
    """Yield each name that suppresses nothing."""
    for suppression in suppressions:
        for name in suppression.unused:
            yield Violation(suppression.comment, f"Nothing here is suppressed by {name}")


RULE = SuppressionRule(
    code="LNT001",
    name="unused-suppression",
    severity=Severity.WARNING,
    since="0.1.0",
    examples=(
        Example(
            bad="# mpmtune: ignore[DEP803] shared with a 2.2 server\nMaxRequestWorkers 150\n",
            good="# mpmtune: ignore[DEP803] shared with a 2.2 server\nMaxClients 150\n",
        ),
        Example(good="# mpmtune is told nothing here\nMaxRequestWorkers 150\n"),
    ),
    check=check,
)
