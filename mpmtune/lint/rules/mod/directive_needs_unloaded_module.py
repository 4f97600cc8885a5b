"""A directive belongs to a module that is not loaded.

## What it does
Reports a directive that httpd has, in a module that is neither loaded nor compiled in where the
directive stands.

## Why it matters
httpd calls it an invalid command (AH00526) and does not start, or does not survive the next
reload. After a module was disabled this is the usual surprise.

## When to ignore it
When the module is loaded by a file that is not here; or put the directive into ``<IfModule>``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.directives import find_all
from mpmtune.httpd.targets import TARGETS
from mpmtune.lint.rule import Example, Hits, Rule, Scope, ids
from mpmtune.model.config import Fault
from mpmtune.model.finding import Severity, Violation
from mpmtune.model.httpd import Mpm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree

_MPMS = frozenset(mpm.module for mpm in Mpm)


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the directives whose module is known and not loaded."""
    del tree
    for hit in filter(None, (fault.occurrence for fault in hits.faults)):
        modules = dict.fromkeys(module for row in find_all(hit.name) for module in row.module_ids)
        if modules and not _MPMS.intersection(modules):
            yield _violation(hit, tuple(modules))


def _violation(hit: Occurrence, modules: tuple[str, ...]) -> Violation:
    """Speak more softly of a module that another distribution than the assumed one compiles in."""
    message = f"{hit.item.spelling.lstrip('<')} needs {' or '.join(modules)}, which is not loaded"
    if not any(module in target.static for target in TARGETS.values() for module in modules):
        return Violation(hit, message, word=0)
    softly = f"{message}; where it is compiled in, say so with --target"
    return Violation(hit, softly, word=0, severity=Severity.WARNING)


RULE = Rule(
    code="MOD113",
    name="directive-needs-unloaded-module",
    severity=Severity.ERROR,
    on=(),
    faults=frozenset({Fault.UNKNOWN_COMMAND}),
    whole_tree=True,
    httpd_ids=ids("AH00526"),
    references=("mod/mod_so.html#loadmodule", "config.c: invoke_cmd"),
    since="0.1.0",
    examples=(
        Example(bad="ExpiresActive On\n"),
        Example(bad="Timeout 60\nSSLEngine Off\n", lines=(2,)),
        Example(good="<IfModule mod_expires.c>\nExpiresActive On\n</IfModule>\n"),
        Example(good="ExpiresActive On\n", modules=("expires_module",)),
        Example(good="ExpiresActive On\n", scope=Scope.FRAGMENT),
    ),
    check=check,
)
