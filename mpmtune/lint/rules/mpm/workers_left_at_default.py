"""No line says how many requests the server handles at once.

## What it does
Reports a configuration without ``MaxRequestWorkers``.

## Why it matters
The built-in number, 400 under worker and event and 256 under prefork, was chosen when httpd was
compiled. It knows neither the memory of the machine nor what its backends can bear, and is the
limit that a server meets first.

## When to ignore it
Where 400, or 256, is what was wanted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.lint.mpm_limits import Limits
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.finding import Severity, Violation
from mpmtune.model.httpd import Mpm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the absence of MaxRequestWorkers."""
    limits = Limits.of(tree, hits)
    if limits is not None and limits.line("MaxRequestWorkers") is None:
        yield Violation(
            None,
            f"Nothing sets MaxRequestWorkers: {limits.mpm.value} takes its built-in"
            f" {limits['MaxRequestWorkers']}, whatever this machine can do",
        )


RULE = Rule(
    code="MPM031",
    name="workers-left-at-default",
    severity=Severity.INFO,
    by_default=False,
    on=("maxrequestworkers", "threadsperchild", "serverlimit", "threadlimit"),
    when_absent=True,
    whole_tree=True,
    jointly=True,
    references=("mod/mpm_common.html#maxrequestworkers",),
    since="0.1.0",
    examples=(
        Example(
            bad="KeepAlive On\n",
            good="KeepAlive On\nServerLimit 40\nMaxRequestWorkers 400\n",
            lines=(0,),
        ),
        Example(
            bad="<IfModule mpm_event_module>\nMaxRequestWorkers 400\n</IfModule>\n",
            lines=(0,),
            also=("MPM023",),
            mpm=Mpm.PREFORK,
        ),
        Example(good="MaxClients 256\n", mpm=Mpm.PREFORK),
    ),
    check=check,
)
