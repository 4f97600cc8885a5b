"""Connections are closed after each request.

## What it does
Reports ``KeepAlive Off`` at server level and in virtual hosts. Under prefork with fewer than 50
workers it is only an information: there an idle connection holds a scarce worker.

## Why it matters
A page is many requests. Each then pays for a connection of its own, and for a TLS handshake:
three round trips before the first byte. Under event an open, idle connection costs memory and no
worker.

## When to ignore it
For a server of one-shot requests from programs, or behind a proxy that keeps its own connections.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.numbers import parse_flag
from mpmtune.httpd.words import split
from mpmtune.lint.fixes import fix, replace_word
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.lint.values_in_force import active_mpm, values_of
from mpmtune.model.finding import Severity, Violation
from mpmtune.model.server import Mpm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

_FEW_WORKERS = 50


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each KeepAlive Off."""
    for hit in hits:
        words = split(hit.args)
        if words and parse_flag(words[0]) is False:
            yield Violation(
                hit,
                "Every request pays for a connection of its own",
                fix("Turn it on", replace_word(hit, 1, "On")),
                word=1,
                severity=Severity.INFO if _workers_are_scarce(tree) else None,
            )


def _workers_are_scarce(tree: Tree) -> bool:
    if active_mpm(tree) is not Mpm.PREFORK:
        return False
    return values_of(tree).corrected.effective["MaxRequestWorkers"] < _FEW_WORKERS


RULE = Rule(
    code="KAL201",
    name="keepalive-off",
    severity=Severity.WARNING,
    on=("keepalive",),
    cis=("9.2",),
    references=("mod/core.html#keepalive",),
    since="0.1.0",
    examples=(
        Example(bad="KeepAlive Off\n", fixed_unsafely="KeepAlive On\n"),
        Example(
            bad="MaxRequestWorkers 20\nServerLimit 20\nKeepAlive Off\n",
            fixed_unsafely="MaxRequestWorkers 20\nServerLimit 20\nKeepAlive On\n",
            lines=(3,),
            mpm=Mpm.PREFORK,
        ),
        Example(good="KeepAlive On\nKeepAliveTimeout 5\n"),
    ),
    check=check,
)
