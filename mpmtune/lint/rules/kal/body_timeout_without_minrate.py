"""Every upload has to be over in a fixed time.

## What it does
Reports a ``RequestReadTimeout`` with ``body=N`` and no ``MinRate``.

## Why it matters
Without a rate the time is not extended while data comes in: an upload that takes longer than N
seconds in all is cut off with 408, however fast it is.

## When to ignore it
On a server that takes no uploads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.refusals import RefusedError
from mpmtune.httpd.reqtimeout import parse
from mpmtune.httpd.words import split
from mpmtune.lint.fixes import fix, replace_word
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each body= that no data extends."""
    for hit in hits:
        words = split(hit.args)
        try:
            body = parse(words, tree.target.version).get("body")
        except RefusedError:
            continue
        if body is None or not body.seconds or body.min_rate:
            continue
        number = max(n for n, word in enumerate(words, 1) if word.lower().startswith("body="))
        yield Violation(
            hit,
            f"An upload that takes longer than {body.seconds} s is cut off, however fast it is",
            fix(
                "Extend it while data comes",
                replace_word(hit, number, f"{words[number - 1]},MinRate=500"),
            ),
            word=number,
        )


RULE = Rule(
    code="KAL210",
    name="body-timeout-without-minrate",
    severity=Severity.WARNING,
    on=("requestreadtimeout",),
    cis=("9.6",),
    references=("mod/mod_reqtimeout.html#requestreadtimeout",),
    since="0.1.0",
    examples=(
        Example(
            bad="RequestReadTimeout body=20\n",
            fixed_unsafely="RequestReadTimeout body=20,MinRate=500\n",
        ),
        Example(good="RequestReadTimeout body=20,MinRate=500\n"),
        Example(good="RequestReadTimeout header=20-40,MinRate=500\n"),
    ),
    check=check,
)
