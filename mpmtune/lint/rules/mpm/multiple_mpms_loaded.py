"""Two different MPMs are loaded.

## What it does
Reports the second ``LoadModule`` of an MPM in force, whether the first is written or compiled in.

## Why it matters
httpd refuses to start: AH00534, more than one MPM loaded. It happens where a package brings its
own line beside one that was written by hand, or where a link to the old MPM was left behind.

## When to ignore it
Never.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.words import split
from mpmtune.lint.rule import Example, Hits, Rule, Scope, ids
from mpmtune.model.finding import Severity, Violation
from mpmtune.model.httpd import Linkage, Mpm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree

_MPMS = frozenset(mpm.module for mpm in Mpm)


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each LoadModule of an MPM after the first one."""
    loaded: dict[str, Occurrence | None] = {}
    if hits.scope is Scope.WHOLE:
        static = {m.name for m in tree.modules.values() if m.linkage is Linkage.STATIC}
        loaded = dict.fromkeys(static & _MPMS)
    for hit in hits:
        module = next(iter(split(hit.args)), "")
        if module not in _MPMS or module in loaded:
            continue
        if loaded:
            first, line = next(iter(loaded.items()))
            yield Violation(
                hit,
                f"{module} is loaded beside {first}: httpd runs one MPM and starts with no two",
                related=(line,) if line else (),
            )
        loaded[module] = hit


RULE = Rule(
    code="MPM002",
    name="multiple-mpms-loaded",
    severity=Severity.ERROR,
    on=("loadmodule",),
    httpd_ids=ids("AH00534"),
    references=("mpm.html", "core.c: core_check_config"),
    since="0.1.0",
    examples=(
        Example(bad="LoadModule mpm_prefork_module /usr/lib/apache2/modules/mod_mpm_prefork.so\n"),
        Example(
            bad="LoadModule mpm_prefork_module modules/mod_mpm_prefork.so\n"
            "LoadModule mpm_event_module modules/mod_mpm_event.so\n",
            good="#LoadModule mpm_prefork_module modules/mod_mpm_prefork.so\n"
            "LoadModule mpm_event_module modules/mod_mpm_event.so\n",
            lines=(2,),
            mpm=None,
        ),
        Example(
            bad="LoadModule mpm_prefork_module modules/mod_mpm_prefork.so\n"
            "LoadModule mpm_worker_module modules/mod_mpm_worker.so\n",
            lines=(2,),
            scope=Scope.FRAGMENT,
        ),
        Example(
            good="<IfModule !mpm_event_module>\n"
            "LoadModule mpm_prefork_module /usr/lib/apache2/modules/mod_mpm_prefork.so\n"
            "</IfModule>\n"
        ),
    ),
    check=check,
)
