"""The time for a request's body does not grow with the body.

## What it does
Reports ``body=`` of ``RequestReadTimeout`` with seconds and without ``MinRate=``.

## Why it matters
The seconds are for the whole body then: an upload that goes on steadily is cut off with 408 when
they are over, however large it is. With a rate each so many bytes give it another second.

## When to ignore it
Where no body is large.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.lint.fixes import fix, replace_word
from mpmtune.lint.read_timeouts import stages_in_force
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each body stage with a fixed time."""
    stages = stages_in_force(hits["requestreadtimeout"], tree.target.version)
    for line, word, name, stage in stages:
        if name == "body" and stage.seconds and not stage.min_rate:
            usual = f"body={stage.seconds},MinRate=500"
            yield Violation(
                line,
                f"body={stage.seconds} cuts off each upload that takes longer, however steady it"
                " is",
                fix(f"Set {usual}", replace_word(line, word, usual)),
                word=word,
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
        Example(
            bad="RequestReadTimeout header=20-40,MinRate=500 Body=30\n",
            fixed_unsafely="RequestReadTimeout header=20-40,MinRate=500 body=30,MinRate=500\n",
        ),
        Example(good="RequestReadTimeout body=20,MinRate=500\n"),
        Example(good="RequestReadTimeout header=20\n"),
    ),
    check=check,
)
