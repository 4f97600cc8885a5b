"""Requests would be served by root.

## What it does
Reports ``User root`` and a ``User`` that is number 0.

## Why it matters
httpd refuses to start, unless it was built with ``BIG_SECURITY_HOLE``; then each flaw in any
module, script or configuration is a flaw of the whole machine.

## When to ignore it
Never.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.numbers import atoi
from mpmtune.lint.fixes import fix, replace_word
from mpmtune.lint.rule import Example, Hits, Rule, ids
from mpmtune.lint.written_values import word_in
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each User that is root."""
    usual = tree.target.environment.get("APACHE_RUN_USER")
    for hit in hits:
        word = word_in(hit)
        if word == "root" or (word.startswith("#") and atoi(word[1:]) == 0):
            yield Violation(
                hit,
                "httpd refuses to serve requests as root",
                fix(f"Run as {usual}", replace_word(hit, 1, usual)) if usual else None,
                word=1,
            )


RULE = Rule(
    code="SEC338",
    name="server-runs-as-root",
    severity=Severity.ERROR,
    on=("user",),
    cis=("3.1",),
    httpd_ids=ids("AH00526"),
    references=("mod/mod_unixd.html#user", "mod_unixd.c: unixd_set_user"),
    since="0.1.0",
    examples=(
        Example(bad="User root\n", fixed_unsafely="User www-data\n"),
        Example(bad='User "#0"\n', fixed_unsafely="User www-data\n"),
        Example(good="User www-data\n"),
        Example(good='User "#33"\n'),
    ),
    check=check,
)
