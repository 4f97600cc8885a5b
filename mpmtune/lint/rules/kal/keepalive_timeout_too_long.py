"""An idle connection is kept for long.

## What it does
Reports a ``KeepAliveTimeout`` of more than 15 seconds, and of more than 5 under prefork and
worker; the profile ``cis`` allows 15 under each. A server with ``KeepAlive Off`` is left alone.

## Why it matters
Under prefork and worker a client that has its page still holds a process or a thread until the
time is over: a hundred readers are a hundred busy workers. Under event it holds a connection,
which costs memory and counts against ``AsyncRequestWorkerFactor``.

## When to ignore it
Where clients come back after a longer pause, and event has the connections to spare.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.lint.fixes import fix, replace_word
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.lint.values_in_force import active_mpm
from mpmtune.lint.written_values import number_of, value_of, word_in
from mpmtune.model.finding import Severity, Violation
from mpmtune.model.httpd import Mpm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

_USUAL = "5"


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each KeepAliveTimeout that is too long for the MPM."""
    mpm = active_mpm(tree)
    switch = hits.last("keepalive")
    if mpm is None or (switch is not None and value_of(switch) == "Off"):
        return
    most = hits.thresholds.keep_alive_timeout_seconds
    held = "a connection"
    if mpm is not Mpm.EVENT:
        most = hits.thresholds.keep_alive_timeout_seconds_held
        # A fragment is read for each MPM, and what is said must hold for all.
        held = f"a worker of {mpm.value}" if hits.scope is Scope.WHOLE else held
    for hit in hits["keepalivetimeout"]:
        seconds = number_of(hit)
        if seconds is not None and seconds > most:
            yield Violation(
                hit,
                f"KeepAliveTimeout {word_in(hit)} lets an idle client hold {held} for long",
                fix(f"Set it to {_USUAL} seconds", replace_word(hit, 1, _USUAL)),
                word=1,
            )


RULE = Rule(
    code="KAL202",
    name="keepalive-timeout-too-long",
    severity=Severity.WARNING,
    on=("keepalivetimeout", "keepalive"),
    cis=("9.4",),
    references=("mod/core.html#keepalivetimeout", "misc/perf-tuning.html"),
    since="0.1.0",
    examples=(
        Example(
            bad="KeepAliveTimeout 60\n",
            fixed_unsafely="KeepAliveTimeout 5\n",
            mpm=Mpm.PREFORK,
        ),
        Example(
            bad="<VirtualHost *:80>\nKeepAliveTimeout 1min\n</VirtualHost>\n",
            fixed_unsafely="<VirtualHost *:80>\nKeepAliveTimeout 5\n</VirtualHost>\n",
            lines=(2,),
        ),
        Example(
            bad="KeepAliveTimeout 10\n",
            fixed_unsafely="KeepAliveTimeout 5\n",
            mpm=Mpm.WORKER,
        ),
        Example(good="KeepAliveTimeout 15\n"),
        Example(good="KeepAliveTimeout 5000ms\n", mpm=Mpm.PREFORK),
        Example(good="KeepAliveTimeout 10\n", scope=Scope.FRAGMENT),
    ),
    check=check,
)
