"""ServerLimit is above what httpd was compiled for.

## What it does
Compares ``ServerLimit`` with 20000 under event and worker and with 200000 under prefork.

## Why it matters
httpd works with the largest number it was compiled for and says so once. Nobody runs as many
children: such a number was meant for something else, or has a digit too many, and shared memory
is set aside for each of them.

## When to ignore it
Never.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.lint.mpm_limits import clamps
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.finding import Severity, Violation
from mpmtune.model.httpd import Mpm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

_IDS = {
    Mpm.PREFORK: ("AH00175", "AH00176"),
    Mpm.WORKER: ("AH00300", "AH00301"),
    Mpm.EVENT: ("AH00497", "AH00498"),
}


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the ServerLimit that is lowered."""
    for limits, clamp in clamps(tree, hits, _IDS):
        yield Violation(
            clamp.at,
            f"ServerLimit {clamp.before} is more than {limits.mpm.value} was compiled for: httpd"
            f" works with {clamp.after}",
            word=1,
        )


RULE = Rule(
    code="MPM008",
    name="server-limit-above-compile-time-max",
    severity=Severity.ERROR,
    on=("serverlimit",),
    jointly=True,
    httpd_ids=_IDS,
    references=("mod/mpm_common.html#serverlimit", "event.c: MAX_SERVER_LIMIT"),
    since="0.1.0",
    examples=(
        Example(bad="ServerLimit 30000\nMaxRequestWorkers 400\n"),
        Example(bad="ServerLimit 20001\nMaxRequestWorkers 400\n", mpm=Mpm.WORKER),
        Example(bad="ServerLimit 200001\nMaxRequestWorkers 400\n", mpm=Mpm.PREFORK),
        Example(good="ServerLimit 20000\nMaxRequestWorkers 400\n"),
        Example(good="ServerLimit 30000\nMaxRequestWorkers 400\n", mpm=Mpm.PREFORK),
    ),
    check=check,
)
