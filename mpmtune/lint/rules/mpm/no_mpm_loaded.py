"""The configuration loads modules, but no MPM.

## What it does
Looks, in a whole configuration, for an MPM that is compiled in or loaded by a ``LoadModule``.

## Why it matters
httpd runs exactly one MPM and refuses to start without one (AH00534). This is what a package
script, or ``a2dismod`` without the ``a2enmod`` that belongs to it, leaves behind: the running
server goes on until its next restart.

## When to ignore it
When the line stands in a file that is not there to be read, such as a directory of links that
the distribution fills.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.lint.rule import Example, Hits, Rule, ids
from mpmtune.lint.values_in_force import active_mpm
from mpmtune.model.config import Fault
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

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
    if active_mpm(tree) is None and not hits.faults:
        yield Violation(
            None,
            "No MPM is loaded, and httpd does not start without one: a LoadModule of"
            " mpm_event_module, mpm_worker_module or mpm_prefork_module is missing",
        )


RULE = Rule(
    code="MPM001",
    name="no-mpm-loaded",
    severity=Severity.ERROR,
    on=("loadmodule",),
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
        Example(good="Timeout 60\n"),
    ),
    check=check,
)
