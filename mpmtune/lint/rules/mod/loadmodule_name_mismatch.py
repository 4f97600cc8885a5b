"""LoadModule names a structure that its file does not hold.

## What it does
Compares the identifier with the file: ``mod_rewrite.so`` of httpd holds ``rewrite_module`` and
nothing else. Files that httpd does not ship are not judged.

## Why it matters
httpd stops while it reads: it cannot find the module structure in the file.

## When to ignore it
With a file of that name that you built yourself.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from mpmtune.httpd.directives import known_modules
from mpmtune.httpd.words import split
from mpmtune.lint.fixes import fix, replace_word
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each LoadModule whose identifier is not in its file."""
    del tree
    for hit in hits:
        words = split(hit.args)
        held = _held_by(words[1]) if len(words) > 1 else None
        if held is not None and held != words[0]:
            yield Violation(
                hit,
                f"{posixpath.basename(words[1])} holds {held}, not {words[0]}",
                fix(f"Write {held}", replace_word(hit, 1, held), safe=True),
                word=1,
            )


def _held_by(path: str) -> str | None:
    """Give the identifier in a file that httpd ships; None for any other file."""
    name = posixpath.basename(path)
    if not (name.startswith("mod_") and name.endswith(".so")):
        return None
    held = name.removeprefix("mod_").removesuffix(".so") + "_module"
    return held if held in known_modules() else None


RULE = Rule(
    code="MOD111",
    name="loadmodule-name-mismatch",
    severity=Severity.ERROR,
    on=("loadmodule",),
    by_default=False,
    references=("mod/mod_so.html#loadmodule", "mod_so.c: load_module"),
    since="0.1.0",
    examples=(
        Example(
            bad="LoadModule rewrit_module /usr/lib/apache2/modules/mod_rewrite.so\n",
            fixed="LoadModule rewrite_module /usr/lib/apache2/modules/mod_rewrite.so\n",
        ),
        Example(good="LoadModule rewrite_module /usr/lib/apache2/modules/mod_rewrite.so\n"),
    ),
    check=check,
)
