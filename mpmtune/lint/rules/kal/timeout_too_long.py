"""A silent client or backend is waited for too long.

## What it does
Reports a ``Timeout`` above 120 seconds (above 10 in the profile ``cis``). httpd reads it with
``atoi``: ``500ms`` is 500 seconds.

## Why it matters
It bounds each wait for a byte, in both directions, and is the default of ``ProxyTimeout`` and of
the time that a script may take. A handful of dead clients holds that many workers for as long.
Debian ships 300; httpd's own default is 60.

## When to ignore it
Where requests really are silent for minutes: large reports, slow backends. Better give those a
``ProxyTimeout`` of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.numbers import atoi
from mpmtune.httpd.words import split
from mpmtune.lint.fixes import fix, replace_word
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

# From here on milliseconds are meant: keepalive-timeout-unit-mistake says so.
_MISTAKE_SECONDS = 1000
_DEFAULT_SECONDS = 60


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each Timeout above the threshold."""
    del tree
    most = hits.thresholds.timeout_seconds
    for hit in hits:
        words = split(hit.args)
        seconds = atoi(words[0]) if words else 0
        if seconds > most and not (words[0].isdecimal() and seconds >= _MISTAKE_SECONDS):
            enough = min(most, _DEFAULT_SECONDS)
            yield Violation(
                hit,
                f"A silent client holds its worker for {seconds} s",
                fix(f"Set it to {enough} seconds", replace_word(hit, 1, str(enough))),
                word=1,
            )


RULE = Rule(
    code="KAL206",
    name="timeout-too-long",
    severity=Severity.WARNING,
    on=("timeout",),
    cis=("9.1",),
    references=("mod/core.html#timeout", "misc/security_tips.html#dos"),
    since="0.1.0",
    examples=(
        Example(bad="Timeout 300\n", fixed_unsafely="Timeout 60\n"),
        Example(bad="Timeout 500ms\n", fixed_unsafely="Timeout 60\n"),
        Example(good="Timeout 60\n"),
        Example(good="Timeout 120\n"),
    ),
    check=check,
)
