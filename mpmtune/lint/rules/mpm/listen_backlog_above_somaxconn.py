"""ListenBacklog is above what the kernel allows.

## What it does
Compares a written ``ListenBacklog`` with ``net.core.somaxconn`` of the machine.

## Why it matters
The kernel cuts the queue of waiting connections to its own limit and says nothing. A burst that
the number in the file would hold is refused.

## When to ignore it
Where the kernel's limit will be raised before httpd starts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.lint.rule import Example, ExampleHost, Hits, HostRule
from mpmtune.lint.written_values import number_of
from mpmtune.model.finding import Severity, Violation
from mpmtune.model.quantity import Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree
    from mpmtune.model.facts import Facts


def check(tree: Tree, hits: Hits, facts: Facts) -> Iterator[Violation]:
    """Yield the ListenBacklog that the kernel cuts."""
    del tree
    line = hits.last("listenbacklog")
    backlog, cap = number_of(line), facts.machine.somaxconn
    if line is None or backlog is None or not isinstance(cap, Quantity):
        return
    if backlog > cap.value:
        yield Violation(
            line,
            f"ListenBacklog {backlog} is above net.core.somaxconn: the kernel queues"
            f" {cap.whole} connections",
            word=1,
        )


RULE = HostRule(
    code="MPM029",
    name="listen-backlog-above-somaxconn",
    severity=Severity.INFO,
    on=("listenbacklog",),
    references=("mod/mpm_common.html#listenbacklog", "listen.c: ap_setup_listeners"),
    since="0.1.0",
    examples=(
        Example(
            bad="ListenBacklog 20000\n",
            good="ListenBacklog 1024\n",
            host=ExampleHost(somaxconn=4096),
        ),
        Example(bad="ListenBacklog 511\n", host=ExampleHost(somaxconn=128)),
        Example(good="ListenBacklog 4096\n", host=ExampleHost(somaxconn=4096)),
    ),
    check=check,
)
