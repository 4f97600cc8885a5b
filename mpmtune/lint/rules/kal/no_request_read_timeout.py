"""A client may take for ever to send its request.

## What it does
Reports a configuration without mod_reqtimeout, and a ``RequestReadTimeout`` that sets
``header=0`` or ``body=0``.

## Why it matters
Reading a request holds a worker under every MPM, event included. A client that sends one byte now
and then holds it as long as it likes: as many of them as there are workers, and nobody else is
served.

## When to ignore it
Behind a proxy that reads the whole request first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.refusals import RefusedError
from mpmtune.httpd.reqtimeout import parse
from mpmtune.httpd.words import split
from mpmtune.lint.fixes import fix, replace_arguments
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

_SOUND = "header=20-40,MinRate=500 body=20,MinRate=500"


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield what lets a request take for ever to arrive."""
    if "reqtimeout_module" not in tree.modules:
        if hits.scope is Scope.WHOLE:
            yield Violation(
                None, "reqtimeout_module is not loaded: a slow client holds a worker for ever"
            )
        return
    for hit in hits:
        try:
            stages = parse(split(hit.args), tree.target.version)
        except RefusedError:
            continue
        endless = [
            name for name in ("header", "body") if name in stages and not stages[name].seconds
        ]
        if endless:
            yield Violation(
                hit,
                f"The {' and the '.join(endless)} of a request may take for ever to arrive",
                fix("Bound them", replace_arguments(hit, _SOUND)),
            )


RULE = Rule(
    code="KAL208",
    name="no-request-read-timeout",
    severity=Severity.WARNING,
    on=("requestreadtimeout",),
    when_absent=True,
    cis=("9.5", "9.6"),
    references=("mod/mod_reqtimeout.html",),
    since="0.1.0",
    examples=(
        Example(
            bad="RequestReadTimeout header=0 body=0\n",
            fixed_unsafely="RequestReadTimeout header=20-40,MinRate=500 body=20,MinRate=500\n",
        ),
        Example(bad="Timeout 60\n", lines=(0,), without=("reqtimeout_module",)),
        Example(
            good="RequestReadTimeout handshake=0 header=20-40,MinRate=500 body=20,MinRate=500\n"
        ),
        Example(good="Timeout 60\n"),
    ),
    check=check,
)
