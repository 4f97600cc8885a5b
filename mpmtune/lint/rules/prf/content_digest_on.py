"""httpd works out a checksum of every file at every request.

## What it does
Reports ``ContentDigest On``.

## Why it matters
Each static file is read once more and put through MD5 for a header, ``Content-MD5``, that no
browser looks at and that the HTTP standard dropped in 2014.

## When to ignore it
Where a client of yours checks that header.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.lint.fixes import fix, replace_word
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the lines that switch it on."""
    del tree
    for hit in hits:
        if hit.args.strip("\"' ").lower() == "on":
            yield Violation(
                hit,
                "Every file is read and hashed once more for each request",
                fix("Switch it off", replace_word(hit, 1, "Off")),
            )


RULE = Rule(
    code="PRF509",
    name="content-digest-on",
    severity=Severity.INFO,
    by_default=False,
    on=("contentdigest",),
    references=("mod/core.html#contentdigest", "https://www.rfc-editor.org/rfc/rfc7231#appendix-B"),
    since="0.1.0",
    examples=(
        Example(bad="ContentDigest On\n", fixed_unsafely="ContentDigest Off\n"),
        Example(good="ContentDigest Off\n"),
    ),
    check=check,
)
