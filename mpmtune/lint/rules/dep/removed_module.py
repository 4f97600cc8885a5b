"""LoadModule names a module that httpd 2.4 does not have.

## What it does
Reports ``LoadModule`` with the identifier of a module that was dropped or renamed on the way to
2.4: ``authz_default``, ``mem_cache``, ``disk_cache``, ``authn_alias``, and those of 2.0 and 1.3.

## Why it matters
There is no such file, so httpd stops while it reads; or a file of the old httpd is found, and
that one refuses to be loaded.

## When to ignore it
In a file for httpd 2.2 alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.removed import MODULES
from mpmtune.httpd.words import split
from mpmtune.lint.fixes import fix, remove, replace_arguments
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.httpd.removed import RemovedModule
    from mpmtune.model.config import Occurrence, Tree
    from mpmtune.model.finding import Fix


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each LoadModule of a module that is gone."""
    del tree
    loaded = {word for hit in hits for word in split(hit.args)[:1]}
    for hit in hits:
        words = split(hit.args)
        removed = MODULES.get(words[0]) if words else None
        if removed is None:
            continue
        verb = "it is called" if removed.renamed else "its work is done by"
        yield Violation(
            hit,
            f"There is no {words[0]} since httpd {removed.since}: {verb}"
            f" {' and '.join(removed.instead)}",
            _fix(hit, words, removed, loaded),
            word=1,
        )


def _fix(
    hit: Occurrence, words: tuple[str, ...], removed: RemovedModule, loaded: set[str]
) -> Fix | None:
    old, new = words[0], removed.instead[0]
    file = words[-1].replace(_stem(old), _stem(new))
    if not removed.renamed or new in loaded or file == words[-1]:
        return fix(f"Remove {old}", remove(hit))
    return fix(f"Load {new}", replace_arguments(hit, f"{new} {file}"))


def _stem(identifier: str) -> str:
    return f"mod_{identifier.removesuffix('_module')}"


RULE = Rule(
    code="DEP807",
    name="removed-module",
    severity=Severity.ERROR,
    by_default=False,
    on=("loadmodule",),
    references=("upgrading.html", "mod/mod_so.html#loadmodule"),
    since="0.1.0",
    examples=(
        Example(
            bad="LoadModule authz_default_module modules/mod_authz_default.so\nTimeout 60\n",
            fixed_unsafely="Timeout 60\n",
        ),
        Example(
            bad="LoadModule disk_cache_module modules/mod_disk_cache.so\n",
            fixed_unsafely="LoadModule cache_disk_module modules/mod_cache_disk.so\n",
            scope=Scope.FRAGMENT,
        ),
        Example(
            good="LoadModule authz_user_module modules/mod_authz_user.so\n",
        ),
    ),
    check=check,
)
