"""The only limits that are written are those of an MPM that is not active.

## What it does
Looks into ``<IfModule>`` of another MPM than the active one: if limits stand there that every MPM
has, such as ``MaxRequestWorkers``, and none are in force, the block is reported.

## Why it matters
httpd skips the block without a word and runs on its built-in numbers. This is how a limit is
raised and nothing changes, often since an upgrade brought another MPM.

## When to ignore it
Where the MPM shall be switched soon, and the built-in numbers do until then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.words import arguments
from mpmtune.lint.rule import Example, Hits, Over, Rule
from mpmtune.lint.values_in_force import active_mpm
from mpmtune.model.finding import Severity, Violation
from mpmtune.model.httpd import Mpm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree

# What every MPM has, so that a line in the wrong block may have been meant for the active one.
_COMMON = ("maxrequestworkers", "serverlimit", "startservers", "maxconnectionsperchild")
_OWN = (
    "threadlimit",
    "threadsperchild",
    "minspareservers",
    "maxspareservers",
    "minsparethreads",
    "maxsparethreads",
)
# <IfModule> knows a module by its identifier, and by the name of its source file.
_MPM_BY_NAME = {name: mpm for mpm in Mpm for name in (mpm.module, f"{mpm.value}.c")}


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each block for another MPM when no limit is in force."""
    active = active_mpm(tree)
    if active is None or any(tree.by_name.get(name) for name in (*_COMMON, *_OWN)):
        return
    blocks = {id(block): (block, mpm) for hit in hits for block, mpm in _blocks(hit)}
    for block, mpm in blocks.values():
        if mpm is not active:
            yield Violation(
                block,
                f"{active.value} is the active MPM: these limits for {mpm.value} are skipped, and"
                f" {active.value} runs on its built-in ones",
            )


def _blocks(hit: Occurrence) -> Iterator[tuple[Occurrence, Mpm]]:
    for section in hit.sections():
        if section.name == "<ifmodule":
            words = arguments(section.name, section.args)
            mpm = _MPM_BY_NAME.get(words[0]) if words else None
            if mpm is not None:
                yield section, mpm


RULE = Rule(
    code="MPM023",
    name="tuning-for-inactive-mpm",
    severity=Severity.WARNING,
    on=_COMMON,
    over=Over.WRITTEN,
    jointly=True,
    whole_tree=True,
    references=("mod/core.html#ifmodule", "mpm.html"),
    since="0.1.0",
    examples=(
        Example(
            bad="<IfModule mpm_prefork_module>\nMaxRequestWorkers 1000\n</IfModule>\n",
            good="<IfModule mpm_event_module>\nServerLimit 80\nMaxRequestWorkers 1000\n"
            "</IfModule>\n",
        ),
        Example(
            bad="Timeout 60\n<IfModule prefork.c>\nStartServers 8\nMaxClients 256\n</IfModule>\n"
            "<IfModule worker.c>\nMaxClients 300\n</IfModule>\n",
            lines=(2, 6),
        ),
        Example(
            good="<IfModule mpm_prefork_module>\nMaxRequestWorkers 250\n</IfModule>\n"
            "<IfModule mpm_worker_module>\nMaxRequestWorkers 400\n</IfModule>\n"
            "<IfModule mpm_event_module>\nMaxRequestWorkers 400\n</IfModule>\n",
        ),
        Example(good="<IfModule mpm_prefork_module>\nTimeout 60\n</IfModule>\n"),
        Example(good="<IfModule mpm_prefork_module>\nMinSpareServers 5\n</IfModule>\n"),
    ),
    check=check,
)
