"""The error log is set to the level of debugging.

## What it does
Reports ``LogLevel`` with ``debug`` or ``trace1`` to ``trace8``, for all modules or for one; up to
``trace2`` for one module it is only an info.

## Why it matters
httpd writes dozens of lines for each request: the disk fills, requests wait for it, and the log
holds what clients send.

## When to ignore it
While a fault is being looked for; ``LogLevel`` in a ``<Location>`` keeps it to some requests.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mpmtune.httpd.words import split
from mpmtune.lint.fixes import fix, replace_arguments
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mpmtune.model.config import Tree

_LOUD = re.compile(r"(?:[\w.]+:)?(?:debug|trace[1-8])", re.IGNORECASE)
# The manual of mod_rewrite: more than trace2 is for debugging only.
_BEARABLE = re.compile(r"[\w.]+:(?:debug|trace[12])", re.IGNORECASE)


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the lines with such a level."""
    del tree
    for hit in hits:
        words = split(hit.args)
        loud = [word for word in words if _LOUD.fullmatch(word)]
        if loud:
            yield Violation(
                hit,
                "Each request writes many lines to the error log",
                fix("Log warnings", replace_arguments(hit, _quiet(words))),
                severity=Severity.INFO if all(map(_BEARABLE.fullmatch, loud)) else None,
            )


def _quiet(words: Sequence[str]) -> str:
    """Put the general level to warn, and leave modules out that only follow it."""
    quiet = ["warn" if _LOUD.fullmatch(word) and ":" not in word else word for word in words]
    return " ".join(word for word in quiet if not _LOUD.fullmatch(word)) or "warn"


RULE = Rule(
    code="PRF505",
    name="debug-logging",
    severity=Severity.WARNING,
    on=("loglevel",),
    cis=("6.1",),
    references=("mod/core.html#loglevel", "mod/mod_rewrite.html#logging"),
    since="0.1.0",
    examples=(
        Example(
            bad="LogLevel warn rewrite:trace5\n",
            fixed_unsafely="LogLevel warn\n",
            modules=("rewrite_module",),
        ),
        Example(
            bad="LogLevel Debug core:info\n",
            fixed_unsafely="LogLevel warn core:info\n",
        ),
        Example(
            bad="<Location /x>\nLogLevel alias:trace1\n</Location>\n",
            fixed_unsafely="<Location /x>\nLogLevel warn\n</Location>\n",
            lines=(2,),
        ),
        Example(good="LogLevel warn core:info\n"),
    ),
    check=check,
)
