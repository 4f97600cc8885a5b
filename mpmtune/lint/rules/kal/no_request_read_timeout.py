"""A client may take for ever to send its request.

## What it does
Reports a whole configuration without mod_reqtimeout, and a ``RequestReadTimeout`` that switches
``header`` or ``body`` off.

## Why it matters
Reading a request holds a worker under every MPM, event included. Whoever opens as many
connections as there are workers and sends one byte now and then takes the server down alone.

## When to ignore it
Where a proxy in front of httpd reads the whole request first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.reqtimeout import defaults
from mpmtune.lint.fixes import fix, replace_word
from mpmtune.lint.read_timeouts import stages_in_force
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

_MATTERS = ("header", "body")


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the absence of mod_reqtimeout, or each stage that has no limit."""
    version = tree.target.version
    if "reqtimeout_module" not in tree.modules:
        if hits.scope is Scope.WHOLE:
            yield Violation(
                None, "mod_reqtimeout is not loaded: a slow client holds its worker for ever"
            )
        return
    for line, word, name, stage in stages_in_force(hits["requestreadtimeout"], version):
        if name in _MATTERS and not stage.seconds:
            usual = f"{name}={defaults(version)[name]}"
            yield Violation(
                line,
                f"{name}=0 is no limit: a client that sends its {name} slowly holds a worker for"
                " ever",
                fix(f"Set {usual}, httpd's own limit", replace_word(line, word, usual)),
                word=word,
            )


RULE = Rule(
    code="KAL208",
    name="no-request-read-timeout",
    severity=Severity.WARNING,
    on=("requestreadtimeout",),
    when_absent=True,
    cis=("9.5", "9.6"),
    stig=("V-214258",),
    references=("mod/mod_reqtimeout.html", "misc/security_tips.html#dos"),
    since="0.1.0",
    examples=(
        Example(
            bad="RequestReadTimeout header=0 body=20,MinRate=500\n",
            fixed_unsafely="RequestReadTimeout header=20-40,MinRate=500 body=20,MinRate=500\n",
        ),
        Example(
            bad="RequestReadTimeout body=20,MinRate=500\nRequestReadTimeout body=0\n",
            fixed_unsafely="RequestReadTimeout body=20,MinRate=500\n"
            "RequestReadTimeout body=20,MinRate=500\n",
            lines=(2,),
        ),
        Example(bad="Timeout 60\n", lines=(0,), without=("reqtimeout_module",)),
        Example(good="Timeout 60\n"),
        Example(
            good="RequestReadTimeout handshake=0 header=20-40,MinRate=500 body=20,MinRate=500\n"
        ),
        Example(good="RequestReadTimeout header=0\nRequestReadTimeout header=20\n"),
        Example(good="Timeout 60\n", scope=Scope.FRAGMENT),
    ),
    check=check,
)
