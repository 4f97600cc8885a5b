"""The configuration loads modules, but no MPM.

## What it does
Looks, in a whole configuration that loads modules, for an MPM that is compiled in or loaded. It is
silent where a file could not be read, or an ``IncludeOptional`` for modules finds none: the line
may stand there.

## Why it matters
httpd runs exactly one MPM and refuses to start without one (AH00534). This is what a package
script, or ``a2dismod`` without the ``a2enmod`` that belongs to it, leaves behind: the running
server goes on until its next restart.

## When to ignore it
Where the line is put in when the server is installed.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from mpmtune.lint.rule import Example, Hits, Rule, ids
from mpmtune.lint.values_in_force import active_mpm
from mpmtune.model.config import Fault
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree

# What a file that could not be read says is not known.
_NOT_READ = frozenset(
    {
        Fault.INCLUDE_NO_MATCH,
        Fault.INCLUDE_UNREADABLE,
        Fault.INCLUDE_OUTSIDE_ROOT,
        Fault.INCLUDE_DEPTH,
    }
)


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the absence of every MPM."""
    if active_mpm(tree) is None and not hits.faults and not _may_be_elsewhere(tree, hits):
        yield Violation(
            None,
            "No MPM is loaded, and httpd does not start without one: a LoadModule of"
            " mpm_event_module, mpm_worker_module or mpm_prefork_module is missing",
        )


def _may_be_elsewhere(tree: Tree, hits: Hits) -> bool:
    """Whether there is no LoadModule at all, or files of modules were looked for and not found."""
    wanted = [hit for hit in hits["includeoptional"] if "mod" in hit.args.lower()]
    if not hits["loadmodule"] or not wanted:
        return not hits["loadmodule"]
    seen = chain.from_iterable(tree.by_name.values())
    origins = {_place(one.origin.via) for one in seen if one.origin is not None}
    return any(_place(hit) not in origins for hit in wanted)


def _place(line: Occurrence) -> tuple[str, int]:
    return line.source.path, line.item.start


RULE = Rule(
    code="MPM001",
    name="no-mpm-loaded",
    severity=Severity.ERROR,
    on=("loadmodule", "includeoptional"),
    faults=_NOT_READ,
    jointly=True,
    whole_tree=True,
    httpd_ids=ids("AH00534"),
    references=("mpm.html", "core.c: core_check_config", "config.c: ap_read_config"),
    since="0.1.0",
    examples=(
        Example(bad="Timeout 60\n", lines=(0,), mpm=None),
        Example(
            bad="#LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so\n",
            good="LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so\n",
            lines=(0,),
            mpm=None,
        ),
        Example(
            bad="IncludeOptional mods-enabled/*.load\n",
            lines=(0,),
            mpm=None,
            files=(
                (
                    "mods-enabled/env.load",
                    "LoadModule env_module /usr/lib/apache2/modules/mod_env.so\n",
                ),
            ),
        ),
        Example(good="Timeout 60\n"),
    ),
    check=check,
)
