"""Compression is set to a level that costs much and saves next to nothing.

## What it does
Reports ``DeflateCompressionLevel`` above 6 and ``BrotliCompressionQuality`` above 6.

## Why it matters
Answers are compressed anew for each request. Level 9 takes about twice the processor time of
level 6 and makes them about one percent smaller; Brotli's highest levels take many times more.

## When to ignore it
For files that are compressed once and then cached.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.numbers import atoi
from mpmtune.lint.fixes import fix, replace_word
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

_HIGHEST = 6
_USUAL = {"deflatecompressionlevel": "6", "brotlicompressionquality": "5"}


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the levels above the one that pays."""
    del tree
    for hit in hits:
        level = atoi(hit.args.strip("\"' "))
        if level > _HIGHEST:
            usual = _USUAL[hit.name]
            yield Violation(
                hit,
                f"Level {level} takes much more time than {usual} for about one percent less",
                fix(f"Use {usual}", replace_word(hit, 1, usual)),
                word=1,
            )


RULE = Rule(
    code="PRF506",
    name="expensive-compression-level",
    severity=Severity.INFO,
    by_default=False,
    on=("deflatecompressionlevel", "brotlicompressionquality"),
    references=(
        "mod/mod_deflate.html#deflatecompressionlevel",
        "mod/mod_brotli.html#brotlicompressionquality",
    ),
    since="0.1.0",
    examples=(
        Example(
            bad="DeflateCompressionLevel 9\n",
            fixed_unsafely="DeflateCompressionLevel 6\n",
            modules=("deflate_module",),
        ),
        Example(
            bad="BrotliCompressionQuality 11\n",
            fixed_unsafely="BrotliCompressionQuality 5\n",
            modules=("brotli_module",),
        ),
        Example(good="DeflateCompressionLevel 6\n", modules=("deflate_module",)),
    ),
    check=check,
)
