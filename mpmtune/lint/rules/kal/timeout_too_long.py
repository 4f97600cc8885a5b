"""A silent client or backend holds a worker for minutes.

## What it does
Reports a ``Timeout`` of more than 120 seconds; in the profile ``cis``, of more than 10,
and in ``stig``, of more than 60.

## Why it matters
For so long httpd waits for each packet of a client, and for a backend and a CGI script that have
no time of their own. A few hundred connections that send nothing, or one backend that hangs, then
hold all workers.

## When to ignore it
Where a script or an upload needs the time, and gets it nowhere else: ``ProxyTimeout`` and
``RequestReadTimeout`` give it to those alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.lint.fixes import fix, replace_word
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.lint.written_values import number_of
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

_BUILT_IN = 60


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each Timeout that is too long."""
    del tree
    most = hits.thresholds.timeout_seconds
    wanted = str(min(_BUILT_IN, most))
    for hit in hits:
        seconds = number_of(hit)
        if seconds is not None and seconds > most:
            yield Violation(
                hit,
                f"Timeout {seconds} lets a silent client or backend hold a worker for"
                f" {seconds} seconds",
                fix(f"Set it to {wanted} seconds", replace_word(hit, 1, wanted)),
                word=1,
            )


RULE = Rule(
    code="KAL206",
    name="timeout-too-long",
    severity=Severity.WARNING,
    on=("timeout",),
    cis=("9.1",),
    stig=("V-214255",),
    references=("mod/core.html#timeout", "misc/security_tips.html#dos"),
    since="0.1.0",
    examples=(
        Example(bad="Timeout 300\n", fixed_unsafely="Timeout 60\n"),
        Example(
            bad="<VirtualHost *:80>\nTimeOut 600\n</VirtualHost>\n",
            fixed_unsafely="<VirtualHost *:80>\nTimeOut 60\n</VirtualHost>\n",
            lines=(2,),
        ),
        Example(good="Timeout 120\n"),
        Example(good="Define WAIT 60\nTimeout ${WAIT}\n"),
    ),
    check=check,
)
