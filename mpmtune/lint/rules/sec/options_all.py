"""One word switches on listings, scripts and server-side includes together.

## What it does
Reports ``Options All``, unless what else holds at the same place replaces it.

## Why it matters
``All`` is ``Indexes``, ``Includes`` with ``#exec``, ``ExecCGI`` and ``FollowSymLinks``: whoever can
put a file there lists the rest and runs programs, as soon as a module for it is loaded.

## When to ignore it
Never: write down the options that are needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.words import split
from mpmtune.lint.merged_views import merged_view_of
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.lint.surroundings import around
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each line that switches all of them on."""
    for hit in hits:
        if any(word.lower() == "all" for word in split(hit.args)) and _counts(tree, hit):
            yield Violation(
                hit, "All switches on listings, CGI scripts and server-side includes with #exec"
            )


def _counts(tree: Tree, hit: Occurrence) -> bool:
    """Whether the line still has a say once everything that holds there is merged."""
    here = around(merged_view_of(tree), hit)
    return here is None or any(line is hit for line in here.find("options").lines)


def _directory(line: str) -> str:
    return f"<Directory /srv/www/htdocs>\n{line}\n</Directory>\n"


RULE = Rule(
    code="SEC306",
    name="options-all",
    severity=Severity.WARNING,
    on=("options",),
    by_default=False,
    cis=("5.1", "5.2", "5.3"),
    references=("mod/core.html#options", "core.c: set_options"),
    since="0.1.0",
    examples=(
        Example(
            bad=_directory("Options All"), good=_directory("Options FollowSymLinks"), lines=(2,)
        ),
        Example(bad="Options All\n", scope=Scope.HTACCESS, also=("SEC305",)),
        Example(good=_directory("Options All") + _directory("Options None")),
        Example(good=_directory("Options Indexes FollowSymLinks")),
    ),
    check=check,
)
