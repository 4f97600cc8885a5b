"""A module is loaded a second time.

## What it does
Reports a ``LoadModule`` of an identifier that is loaded already.

## Why it matters
httpd skips it and warns at every start and reload (AH01574). Two lines often mean two files that
both think they decide.

## When to ignore it
When both files have to stand alone elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.lint.fixes import fix, remove
from mpmtune.lint.rule import Example, Hits, Rule, ids
from mpmtune.model.config import Fault
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each LoadModule that httpd skips."""
    del tree
    for fault in hits.faults:
        again = fault.occurrence
        made = None if again is None else fix("Remove it", remove(again), safe=True)
        yield Violation(fault, fault.text.removesuffix("."), made)


RULE = Rule(
    code="MOD110",
    name="module-loaded-twice",
    severity=Severity.INFO,
    on=(),
    faults=frozenset({Fault.MODULE_LOADED_TWICE}),
    by_default=False,
    httpd_ids=ids("AH01574"),
    references=("mod/mod_so.html#loadmodule", "mod_so.c: load_module"),
    since="0.1.0",
    examples=(
        Example(
            bad="Timeout 60\nLoadModule dir_module /usr/lib/apache2/modules/mod_dir.so\n",
            fixed="Timeout 60\n",
            lines=(2,),
        ),
        Example(good="LoadModule expires_module /usr/lib/apache2/modules/mod_expires.so\n"),
    ),
    check=check,
)
