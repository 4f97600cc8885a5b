"""Idle connections are kept for long.

## What it does
Reports a ``KeepAliveTimeout`` above 15 seconds, and above 5 seconds under prefork and worker.

## Why it matters
Under prefork and worker each idle client holds a process or a thread for that time, and nobody
else is served by it. Under event it holds memory and a place among the connections that a child
takes.

## When to ignore it
Where clients really come back after a minute, under event, with connections to spare.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.numbers import parse_timeout
from mpmtune.httpd.words import split
from mpmtune.lint.fixes import fix, replace_word
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.lint.values_in_force import active_mpm
from mpmtune.model.finding import Severity, Violation
from mpmtune.model.server import Mpm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

_SECOND = 1_000_000
# From here on milliseconds are meant: keepalive-timeout-unit-mistake says so.
_MISTAKE_SECONDS = 1000
_ENOUGH = "5"


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each KeepAliveTimeout above what the MPM bears."""
    held = active_mpm(tree) in {Mpm.PREFORK, Mpm.WORKER}
    limits = hits.thresholds
    most = limits.keep_alive_timeout_seconds_held if held else limits.keep_alive_timeout_seconds
    for hit in hits:
        words = split(hit.args)
        microseconds = parse_timeout(words[0]) if words else None
        if microseconds is None:
            continue
        seconds = microseconds // _SECOND
        if most < seconds and not (words[0].isdecimal() and seconds >= _MISTAKE_SECONDS):
            holds = "holds a worker" if held else "is kept"
            yield Violation(
                hit,
                f"An idle connection {holds} for {seconds} s; {most} s are enough",
                fix(f"Set it to {_ENOUGH} seconds", replace_word(hit, 1, _ENOUGH)),
                word=1,
            )


RULE = Rule(
    code="KAL202",
    name="keepalive-timeout-too-long",
    severity=Severity.WARNING,
    on=("keepalivetimeout",),
    cis=("9.4",),
    references=("mod/core.html#keepalivetimeout", "misc/perf-tuning.html"),
    since="0.1.0",
    examples=(
        Example(
            bad="KeepAliveTimeout 60\n",
            fixed_unsafely="KeepAliveTimeout 5\n",
            mpm=Mpm.PREFORK,
        ),
        Example(bad="KeepAliveTimeout 6s\n", fixed_unsafely="KeepAliveTimeout 5\n", mpm=Mpm.WORKER),
        Example(bad="KeepAliveTimeout 1min\n", fixed_unsafely="KeepAliveTimeout 5\n"),
        Example(good="KeepAliveTimeout 15\n"),
        Example(good="KeepAliveTimeout 500ms\n", mpm=Mpm.PREFORK),
    ),
    check=check,
)
