"""MaxRequestWorkers is above ServerLimit under prefork.

## What it does
Compares the two under prefork, where each worker is a child, built-in values included: without a
``ServerLimit`` there are at most 256 children.

## Why it matters
httpd lowers ``MaxRequestWorkers`` when it starts, says so once and serves fewer requests at a
time than the file promises. ``ServerLimit`` must be raised with it, and takes a stop and a start:
a reload keeps the old one.

## When to ignore it
Never in a file that is meant to be read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.corrections import SERVER_LIMIT_MAX
from mpmtune.lint.mpm_limits import clamps
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.model.finding import Severity, Violation
from mpmtune.model.httpd import Mpm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

_IDS = {Mpm.PREFORK: ("AH00180", "AH00181")}


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the MaxRequestWorkers that ServerLimit cuts off."""
    for limits, clamp in clamps(tree, hits, _IDS):
        fixable = limits.line("MaxRequestWorkers") and clamp.before <= SERVER_LIMIT_MAX[Mpm.PREFORK]
        yield Violation(
            clamp.at,
            f"{limits.named('MaxRequestWorkers', clamp.before)} is above"
            f" {limits.named('ServerLimit')}: prefork runs {clamp.after}",
            limits.setting("ServerLimit", clamp.before, clamp.at) if fixable else None,
            related=limits.lines("ServerLimit"),
        )


RULE = Rule(
    code="MPM003",
    name="prefork-workers-exceed-server-limit",
    severity=Severity.ERROR,
    on=("maxrequestworkers", "serverlimit"),
    mpms=frozenset(_IDS),
    jointly=True,
    httpd_ids=_IDS,
    references=("mod/mpm_common.html#serverlimit", "prefork.c: prefork_check_config"),
    since="0.1.0",
    examples=(
        Example(
            bad="MaxRequestWorkers 400\n",
            fixed_unsafely="ServerLimit 400\nMaxRequestWorkers 400\n",
            mpm=Mpm.PREFORK,
        ),
        Example(
            bad="ServerLimit 100\nMaxClients 150\n",
            fixed_unsafely="ServerLimit 150\nMaxClients 150\n",
            lines=(2,),
            mpm=Mpm.PREFORK,
        ),
        Example(
            bad="ServerLimit 50\n",
            good="ServerLimit 50\nMaxRequestWorkers 50\n",
            mpm=Mpm.PREFORK,
        ),
        Example(good="ServerLimit 400\nMaxRequestWorkers 400\n", mpm=Mpm.PREFORK),
        Example(
            good="<IfModule mpm_prefork_module>\nMaxRequestWorkers 400\n</IfModule>\n"
            "<IfModule mpm_event_module>\nMaxRequestWorkers 400\n</IfModule>\n"
        ),
        Example(good="ServerLimit ${SERVERS}\nMaxRequestWorkers 400\n", scope=Scope.FRAGMENT),
    ),
    check=check,
)
