"""A comment suppresses a finding and does not say why.

## What it does
Reports ``# mpmtune: ignore[…]`` and ``# mpmtune: ignore-file[…]`` without a text after the
bracket.

## Why it matters
Nobody can tell later whether the finding was wrong, was accepted for a time, or was only in the
way; so the comment stays for ever.

## When to ignore it
Never: the reason may be as short as a ticket's number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.lint.rule import Example, SuppressionRule
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mpmtune.lint.suppressions import Suppression


def check(suppressions: Sequence[Suppression]) -> Iterator[Violation]:
    """Yield each comment without a reason."""
    for suppression in suppressions:
        if suppression.well_formed and not suppression.reason:
            yield Violation(
                suppression.comment, "The suppression gives no reason: write one after the bracket"
            )


RULE = SuppressionRule(
    code="LNT002",
    name="suppression-without-reason",
    severity=Severity.WARNING,
    since="0.1.0",
    examples=(
        Example(
            bad="# mpmtune: ignore[DEP803]\nMaxClients 150\n",
            good="# mpmtune: ignore[DEP803] until the 2.2 server is gone\nMaxClients 150\n",
        ),
        Example(good="# a reason is asked of mpmtune: comments only\nMaxRequestWorkers 150\n"),
    ),
    check=check,
)
