"""The main server has no ServerName.

## What it does
Reports a configuration without a ``ServerName`` outside of all virtual hosts.

## Why it matters
At each start and reload httpd asks the system for the machine's full name, and where DNS or
``/etc/hosts`` has none it says AH00558 and takes an address. A slow resolver makes a slow start.

## When to ignore it
Where the machine's name is set up well, and meant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the absence."""
    del tree
    if hits.last("servername") is None:
        yield Violation(
            None,
            "There is no ServerName outside of the virtual hosts: httpd asks the resolver for one"
            " at each start (AH00558)",
        )


RULE = Rule(
    code="VHO702",
    name="global-servername-missing",
    severity=Severity.INFO,
    on=("servername",),
    when_absent=True,
    whole_tree=True,
    references=("mod/core.html#servername", "util.c: ap_get_local_host"),
    since="0.1.0",
    examples=(
        Example(bad="KeepAlive On\n", good="ServerName localhost\nKeepAlive On\n", lines=(0,)),
        Example(bad="<VirtualHost *:80>\nServerName www.example.com\n</VirtualHost>\n", lines=(0,)),
        Example(good="KeepAlive On\n", scope=Scope.FRAGMENT),
    ),
    check=check,
)
