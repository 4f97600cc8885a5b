"""ETag headers tell the inode numbers of files.

## What it does
Reports ``FileETag`` with ``INode`` or ``All``.

## Why it matters
The number tells clients how files lie on the disk, and differs between the servers of a farm: a
cache then takes the same file for another one with each server that it asks.

## When to ignore it
Where old clients hold ETags that must go on to match.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.words import split
from mpmtune.lint.fixes import fix, replace_arguments
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree
    from mpmtune.model.finding import Fix

_LEAKING = frozenset({"inode", "+inode", "all"})


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each line that puts the inode in."""
    del tree
    for hit in hits:
        if any(word.lower() in _LEAKING for word in split(hit.args)):
            yield Violation(
                hit,
                "ETags hold the inode: it is told to clients, and differs between servers of a farm",
                _fix(hit),
            )


def _fix(hit: Occurrence) -> Fix | None:
    kept = []
    for word in split(hit.args):
        if word.lower() == "+inode":
            kept.append("-INode")
        elif word.lower() not in _LEAKING:
            kept.append(word)
    return fix("Leave the inode out", replace_arguments(hit, " ".join(kept) or "MTime Size"))


RULE = Rule(
    code="SEC319",
    name="etag-leaks-inode",
    severity=Severity.INFO,
    on=("fileetag",),
    by_default=False,
    cis=("8.4",),
    references=("mod/core.html#fileetag",),
    since="0.1.0",
    examples=(
        Example(bad="FileETag All\n", fixed_unsafely="FileETag MTime Size\n"),
        Example(bad="FileETag INode MTime\n", fixed_unsafely="FileETag MTime\n"),
        Example(
            bad="<Directory /srv/www/htdocs>\nFileETag +INode\n</Directory>\n",
            fixed_unsafely="<Directory /srv/www/htdocs>\nFileETag -INode\n</Directory>\n",
            lines=(2,),
        ),
        Example(good="FileETag MTime Size\n"),
        Example(good="FileETag -INode\n"),
        Example(good="FileETag None\n"),
    ),
    check=check,
)
