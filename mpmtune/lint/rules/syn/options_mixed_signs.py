"""Options mixes words with a sign and words without one.

## What it does
Reports ``Options`` in which some words begin with ``+`` or ``-`` and others do not. After a
leading ``None`` or ``All`` httpd lets signs follow, and so does this rule.

## Why it matters
httpd 2.4 refuses the line and does not start; 2.2 took it, and what it meant depended on the
order: words without a sign forget all that was inherited.

The fix puts a ``+`` before each word, which keeps what is inherited. Where the words without a
sign were meant to replace that, take the signs away instead.

## When to ignore it
Never.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.options import MIXED_SIGNS, plainly_right, refusal
from mpmtune.httpd.words import split
from mpmtune.lint.fixes import fix, replace_word
from mpmtune.lint.rule import Example, Hits, Rule, Scope, ids
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree
    from mpmtune.model.finding import Fix


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each Options that mixes signs."""
    del tree
    for hit in hits:
        if plainly_right(hit.args):
            continue
        words = split(hit.args)
        if refusal(words) == MIXED_SIGNS:
            yield Violation(
                hit,
                "Either all words of Options have a sign or none has: httpd refuses the mixture",
                _fix(hit, words),
            )


def _fix(hit: Occurrence, words: tuple[str, ...]) -> Fix | None:
    unsigned = [n for n, word in enumerate(words, start=1) if word[:1] not in {"+", "-"}]
    signed = [f"+{word}" if n in unsigned else word for n, word in enumerate(words, start=1)]
    if refusal(signed):
        return None
    edits = (replace_word(hit, n, f"+{words[n - 1]}") for n in unsigned)
    return fix("Put a + before each word", *edits)


def _directory(options: str) -> str:
    return f"<Directory /srv/www/htdocs>\n{options}\n</Directory>\n"


RULE = Rule(
    code="SYN905",
    name="options-mixed-signs",
    severity=Severity.ERROR,
    on=("options",),
    httpd_ids=ids("AH00526"),
    references=("mod/core.html#options", "core.c: set_options"),
    since="0.1.0",
    examples=(
        Example(
            bad=_directory("Options +Indexes FollowSymLinks"),
            fixed_unsafely=_directory("Options +Indexes +FollowSymLinks"),
            lines=(2,),
        ),
        Example(
            bad="Options FollowSymLinks -MultiViews\n",
            fixed_unsafely="Options +FollowSymLinks -MultiViews\n",
            scope=Scope.HTACCESS,
        ),
        Example(good=_directory("Options All -Indexes")),
        Example(good=_directory("Options None +FollowSymLinks")),
    ),
    check=check,
)
