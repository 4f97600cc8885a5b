"""A single request may ask for a file in any number of pieces.

## What it does
Reports ``MaxRanges`` of more than 200 or ``unlimited``, and ``MaxRangeOverlaps`` or
``MaxRangeReversals`` that are ``unlimited``.

## Why it matters
httpd makes each piece of the answer by itself. With ranges that overlap, one small request costs
as much memory and time as thousands (CVE-2011-3192); the built-in limits of 200 ranges and 20
overlaps ended that.

## When to ignore it
Where a trusted client is known to ask for hundreds of ranges at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.lint.fixes import fix, remove
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.lint.written_values import word_in
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

_BUILT_IN = 200


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each limit that is none."""
    del tree
    for hit in hits:
        given = word_in(hit).lower()
        many = hit.name == "maxranges" and given.isdecimal() and int(given) > _BUILT_IN
        if many or given == "unlimited":
            yield Violation(
                hit,
                f"{hit.item.spelling} {given} lets one request ask for a file in any number of"
                " pieces",
                fix("Leave the limit that httpd has", remove(hit)),
                word=1,
            )


RULE = Rule(
    code="SEC340",
    name="range-limits-removed",
    severity=Severity.WARNING,
    on=("maxranges", "maxrangeoverlaps", "maxrangereversals"),
    by_default=False,
    references=("mod/core.html#maxranges", "https://nvd.nist.gov/vuln/detail/CVE-2011-3192"),
    since="0.1.0",
    examples=(
        Example(bad="Timeout 60\nMaxRanges unlimited\n", fixed_unsafely="Timeout 60\n", lines=(2,)),
        Example(
            bad="Timeout 60\nMaxRanges 5000\nMaxRangeOverlaps unlimited\n",
            fixed_unsafely="Timeout 60\n",
            lines=(2, 3),
        ),
        Example(good="MaxRanges 200\nMaxRangeOverlaps 20\nMaxRangeReversals 50\n"),
        Example(good="MaxRanges none\n"),
    ),
    check=check,
)
