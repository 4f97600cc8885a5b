"""A time-out in seconds looks as if milliseconds were meant.

## What it does
Reports ``KeepAliveTimeout``, ``Timeout`` and ``ProxyTimeout`` with a bare number of 1000 or more.

## Why it matters
A bare number counts seconds: 5000 is 83 minutes. Each idle or dead client holds its place for as
long.

## When to ignore it
Never for KeepAliveTimeout; for ``Timeout`` and ``ProxyTimeout`` when a backend really works for a
quarter of an hour.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.words import split
from mpmtune.lint.fixes import fix, replace_word
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree
    from mpmtune.model.finding import Fix

_SUSPICIOUS = 1000
_MINUTE = 60
_MILLISECONDS = 1000


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the time-outs of a quarter of an hour and more, written without a unit."""
    del tree
    for hit in hits:
        words = split(hit.args)
        if len(words) == 1 and words[0].isdecimal() and int(words[0][:18]) >= _SUSPICIOUS:
            yield Violation(
                hit,
                f"{words[0]} counts seconds: that is {int(words[0][:18]) // _MINUTE} minutes",
                _fix(hit, words[0]),
                word=1,
            )


def _fix(hit: Occurrence, number: str) -> Fix | None:
    """Take the number for milliseconds; Timeout knows no unit, so only whole seconds will do."""
    if hit.name != "timeout":
        return fix("Say that it is milliseconds", replace_word(hit, 1, f"{number}ms"))
    seconds, rest = divmod(int(number[:18]), _MILLISECONDS)
    if rest:
        return None
    return fix(f"Set it to {seconds} seconds", replace_word(hit, 1, str(seconds)))


RULE = Rule(
    code="KAL203",
    name="keepalive-timeout-unit-mistake",
    severity=Severity.ERROR,
    on=("keepalivetimeout", "timeout", "proxytimeout"),
    references=("mod/core.html#keepalivetimeout", "util.c: ap_timeout_parameter_parse"),
    since="0.1.0",
    examples=(
        Example(bad="KeepAliveTimeout 5000\n", fixed_unsafely="KeepAliveTimeout 5000ms\n"),
        Example(bad="Timeout 60000\n", fixed_unsafely="Timeout 60\n"),
        Example(good="KeepAliveTimeout 5000ms\n"),
        Example(good="Timeout 60\n"),
    ),
    check=check,
)
