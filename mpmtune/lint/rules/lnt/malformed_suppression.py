"""A comment for mpmtune is not understood, so it suppresses nothing.

## What it does
Reports a comment that begins with ``mpmtune:`` and is neither ``ignore[…]`` nor
``ignore-file[…]``, that names no rule, or that names one that does not exist.

## Why it matters
Whoever wrote it believes that something is suppressed.

## When to ignore it
Where a newer mpmtune, which knows more rules, checks the same file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.lint.rule import Example, SuppressionRule
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mpmtune.lint.suppressions import Suppression


def check(suppressions: Sequence[Suppression]) -> Iterator[Violation]:
    """Yield each comment that cannot be followed."""
    for suppression in suppressions:
        if not suppression.well_formed:
            yield Violation(
                suppression.comment,
                "This suppresses nothing: write ignore[CODE] or ignore-file[CODE], then a reason",
            )
        for name in suppression.unknown:
            yield Violation(suppression.comment, f"{name} is no code, prefix or name of a rule")


RULE = SuppressionRule(
    code="LNT003",
    name="malformed-suppression",
    severity=Severity.WARNING,
    since="0.1.0",
    examples=(
        Example(
            bad="# mpmtune: ignore DEP803 old names\nMaxRequestWorkers 150\n",
            good="# mpmtune: ignore[DEP803] old names\nMaxClients 150\n",
        ),
        Example(bad="# mpmtune: ignore[DEP999] old names\nMaxRequestWorkers 150\n"),
        Example(good="# see the manual of mpmtune\nMaxRequestWorkers 150\n"),
    ),
    check=check,
)
