"""A file begins with the byte order mark of UTF-8.

## What it does
Reports files whose first three bytes are EF BB BF, which some editors write before any text.

## Why it matters
httpd does not know the mark: the bytes become a part of the first word, even before a ``#``. The
word then is an unknown directive, and httpd does not start. The mark is invisible in an editor.

## When to ignore it
Never.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.lint.fixes import fix
from mpmtune.lint.rule import TEXT, Example, Hits, Rule, ids
from mpmtune.lint.typography import BYTE_ORDER_MARK
from mpmtune.model.finding import Edit, Passage, Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each file that begins with the mark."""
    del hits
    length = len(BYTE_ORDER_MARK)
    for source in tree.sources:
        if source.text.startswith(BYTE_ORDER_MARK):
            yield Violation(
                Passage(source, 0, length),
                "A byte order mark begins the file: httpd takes it for a part of the first word",
                fix("Remove the mark", Edit(source, 0, length, ""), safe=True),
            )


RULE = Rule(
    code="SYN912",
    name="byte-order-mark",
    severity=Severity.ERROR,
    by_default=False,
    on=TEXT,
    httpd_ids=ids("AH00526"),
    references=("configuring.html#syntax", "util.c: ap_cfg_getline"),
    since="0.1.0",
    examples=(
        Example(bad="\ufeffKeepAlive On\n", fixed="KeepAlive On\n", also=("SYN902",)),
        Example(
            bad="\ufeff# keep connections\nKeepAlive On\n",
            fixed="# keep connections\nKeepAlive On\n",
            also=("SYN902",),
        ),
        Example(good="# \ufeffnot at the beginning\nKeepAlive On\n"),
    ),
    check=check,
)
