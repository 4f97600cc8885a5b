"""NameVirtualHost is written, which httpd 2.4 ignores.

## What it does
Reports ``NameVirtualHost``. Since 2.4 several ``<VirtualHost>`` with one address are told apart
by name without being asked to.

## Why it matters
httpd prints a warning about it whenever it reads its configuration, and the line suggests that
name-based hosts depend on it.

## When to ignore it
In a file that httpd 2.2 must read as well; there, put it into ``<IfVersion < 2.4>``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.lint.fixes import fix, remove
from mpmtune.lint.rule import Example, Hits, Rule, ids
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each NameVirtualHost."""
    del tree
    for hit in hits:
        yield Violation(
            hit,
            "NameVirtualHost does nothing since httpd 2.4: hosts with one address are told apart"
            " by name anyway",
            fix("Remove NameVirtualHost", remove(hit), safe=True),
        )


RULE = Rule(
    code="DEP804",
    name="namevirtualhost",
    severity=Severity.WARNING,
    on=("namevirtualhost",),
    httpd_ids=ids("AH00548"),
    references=("upgrading.html", "core.c: set_name_virtual_host"),
    since="0.1.0",
    examples=(
        Example(
            bad="NameVirtualHost *:80\nServerSignature Off\n",
            fixed="ServerSignature Off\n",
        ),
        Example(
            bad="ServerSignature Off\n  NameVirtualHost 192.0.2.1\n",
            fixed="ServerSignature Off\n",
            lines=(2,),
        ),
        Example(
            good="<IfVersion < 2.4>\nNameVirtualHost *:80\n</IfVersion>\nServerSignature Off\n",
        ),
    ),
    check=check,
)
