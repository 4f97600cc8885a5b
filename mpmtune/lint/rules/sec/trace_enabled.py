"""The server echoes requests: method TRACE is on.

## What it does
Reports ``TraceEnable On`` and ``extended``. That a whole configuration says nothing of it, and
httpd's own default is on, is a remark only.

## Why it matters
TRACE sends a request back, with the headers that proxies in front put in. Browsers no longer let
scripts send it; what is left are headers that a proxy adds and a client is not meant to see, and
each audit asks for it to be off.

## When to ignore it
Where somebody debugs a chain of proxies with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.lint.fixes import fix, replace_word
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.lint.written_values import word_in
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

_ON = frozenset({"on", "extended"})


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each line that switches it on, or that none switches it off."""
    del tree
    if not hits["traceenable"] and hits.scope is Scope.WHOLE:
        yield Violation(
            None,
            "TRACE is on by httpd's default: clients see the headers that proxies in front put in",
            severity=Severity.INFO,
        )
    last = {id(hit.enclosing): hit for hit in hits}
    for hit in last.values():
        if word_in(hit).lower() in _ON:
            yield Violation(
                hit,
                "TRACE is on: clients see the headers that proxies in front put in",
                fix("Switch it off", replace_word(hit, 1, "Off")),
                word=1,
            )


RULE = Rule(
    code="SEC313",
    name="trace-enabled",
    severity=Severity.WARNING,
    on=("traceenable",),
    when_absent=True,
    cis=("5.8",),
    stig=("V-214257",),
    references=("mod/core.html#traceenable", "http_filters.c: ap_send_http_trace"),
    since="0.1.0",
    examples=(
        Example(bad="TraceEnable On\n", fixed_unsafely="TraceEnable Off\n"),
        Example(
            bad="TraceEnable Off\n<VirtualHost *:8080>\nTraceEnable extended\n</VirtualHost>\n",
            fixed_unsafely="TraceEnable Off\n<VirtualHost *:8080>\nTraceEnable Off\n</VirtualHost>\n",
            lines=(3,),
        ),
        Example(bad="Timeout 60\n", lines=(0,)),
        Example(good="TraceEnable Off\n"),
        Example(good="Timeout 60\n", scope=Scope.FRAGMENT),
    ),
    check=check,
)
