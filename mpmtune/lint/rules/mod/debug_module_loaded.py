"""A module for debugging or for teaching is loaded.

## What it does
Reports ``LoadModule`` of dumpio, echo, bucketeer, case_filter, case_filter_in, data, reflector,
dialup, the example modules and the optional-hook examples.

## Why it matters
They serve httpd's own developers. mod_dumpio writes every byte into the error log, passwords too;
mod_reflector sends request bodies back; mod_echo answers to anything.

## When to ignore it
While you debug with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.words import split
from mpmtune.lint.fixes import fix, remove
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

_DEBUG = frozenset(
    f"{name}_module"
    for name in [
        "dumpio",
        "echo",
        "bucketeer",
        "case_filter",
        "case_filter_in",
        "data",
        "reflector",
        "dialup",
        "example_hooks",
        "example_ipc",
        "optional_fn_export",
        "optional_fn_import",
        "optional_hook_export",
        "optional_hook_import",
    ]
)


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each LoadModule of a module that is no use in production."""
    del tree
    for hit in hits:
        words = split(hit.args)
        if words and words[0] in _DEBUG:
            yield Violation(
                hit,
                f"{words[0]} is there to debug httpd or to show how a module is written",
                fix("Remove it", remove(hit)),
                word=1,
            )


RULE = Rule(
    code="MOD115",
    name="debug-module-loaded",
    severity=Severity.WARNING,
    on=("loadmodule",),
    by_default=False,
    cis=("2.1",),
    stig=("V-214240",),
    references=("mod/mod_dumpio.html", "mod/mod_reflector.html"),
    since="0.1.0",
    examples=(
        Example(
            bad="Timeout 60\nLoadModule dumpio_module /usr/lib/apache2/modules/mod_dumpio.so\n",
            fixed_unsafely="Timeout 60\n",
            lines=(2,),
        ),
        Example(good="LoadModule status_module /usr/lib/apache2/modules/mod_status.so\n"),
    ),
    check=check,
)
