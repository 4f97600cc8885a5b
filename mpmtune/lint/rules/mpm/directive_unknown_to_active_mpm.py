"""A directive of another MPM stands outside of every IfModule.

## What it does
Reports directives that some MPMs have and the active one does not, such as ``ThreadsPerChild``
under prefork and ``MinSpareServers`` under event.

## Why it matters
To httpd such a line is an unknown command: it refuses the whole configuration. After a switch of
the MPM the server does not come up again.

## When to ignore it
Never: within ``<IfModule>`` the line does no harm.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.directives import find_all
from mpmtune.lint.fixes import fix, insert_after, insert_before
from mpmtune.lint.rule import Example, Hits, Rule, Scope, ids
from mpmtune.lint.values_in_force import active_mpm
from mpmtune.model.config import Fault
from mpmtune.model.finding import Severity, Violation
from mpmtune.model.httpd import Mpm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

_ONE = 1


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the directives that only other MPMs have."""
    active = active_mpm(tree)
    for fault in hits.faults:
        line = fault.occurrence
        owners = _owners(line.name) if line is not None else ()
        if line is None or not owners or active in {None, *owners}:
            continue
        alone = len(owners) == _ONE
        condition = owners[0].module if alone else f"!{Mpm.PREFORK.module}"
        yield Violation(
            line,
            f"{line.item.spelling} is a directive of {' and '.join(o.value for o in owners)} and"
            f" unknown to {active.value if active else ''}: httpd refuses the configuration",
            fix(
                f"Put it into <IfModule {condition}>",
                insert_before(line, f"<IfModule {condition}>"),
                insert_after(line, "</IfModule>"),
                safe=True,
            ),
            word=0,
        )


def _owners(name: str) -> tuple[Mpm, ...]:
    """Give the MPMs that alone have a directive."""
    homes = {module for row in find_all(name) for module in row.modules}
    owners = tuple(mpm for mpm in Mpm if mpm.value in homes)
    return owners if len(owners) == len(homes) else ()


RULE = Rule(
    code="MPM022",
    name="directive-unknown-to-active-mpm",
    severity=Severity.ERROR,
    on=(),
    faults=frozenset({Fault.UNKNOWN_COMMAND}),
    httpd_ids=ids("AH00526"),
    references=("mod/core.html#ifmodule", "mod/mpm_common.html"),
    since="0.1.0",
    examples=(
        Example(
            bad="ThreadsPerChild 25\nMaxRequestWorkers 50\n",
            fixed="<IfModule !mpm_prefork_module>\nThreadsPerChild 25\n</IfModule>\n"
            "MaxRequestWorkers 50\n",
            mpm=Mpm.PREFORK,
        ),
        Example(
            bad="StartServers 3\n    MinSpareServers 5\nMaxConnectionsPerChild 0\n",
            fixed="StartServers 3\n    <IfModule mpm_prefork_module>\n    MinSpareServers 5\n"
            "    </IfModule>\nMaxConnectionsPerChild 0\n",
            lines=(2,),
        ),
        Example(
            bad="AsyncRequestWorkerFactor 2\n",
            fixed="<IfModule mpm_event_module>\nAsyncRequestWorkerFactor 2\n</IfModule>\n",
            mpm=Mpm.WORKER,
        ),
        Example(
            good="StartServers 5\n<IfModule worker.c>\nThreadsPerChild 25\n</IfModule>\n"
            "<IfModule mpm_event_module>\nAsyncRequestWorkerFactor 2\n</IfModule>\n",
            mpm=Mpm.PREFORK,
        ),
        Example(good="ThreadsPerChild 25\n", scope=Scope.FRAGMENT),
    ),
    check=check,
)
