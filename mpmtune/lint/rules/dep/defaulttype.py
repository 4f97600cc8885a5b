"""DefaultType names a media type, which httpd 2.4 ignores.

## What it does
Reports ``DefaultType`` with anything but ``none``. httpd 2.4 knows the directive only so that it
need not refuse old files.

## Why it matters
Files without a known suffix are sent without a ``Content-Type``, whatever the line says. At
server level httpd prints a warning about it; inside a ``<VirtualHost>`` it says nothing.

## When to ignore it
In a file that httpd 2.2 must read as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.words import split
from mpmtune.lint.fixes import fix, remove
from mpmtune.lint.rule import Example, Hits, Rule, ids
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each DefaultType that asks for a type."""
    del tree
    for hit in hits:
        kind = split(hit.args)[:1]
        if kind and kind[0].lower() != "none":
            yield Violation(
                hit,
                f"httpd 2.4 ignores DefaultType {kind[0]}: for one kind of files use AddType or"
                " ForceType",
                fix("Remove DefaultType", remove(hit), safe=True),
            )


RULE = Rule(
    code="DEP805",
    name="defaulttype",
    severity=Severity.WARNING,
    on=("defaulttype",),
    httpd_ids=ids("AH00117"),
    references=("mod/core.html#defaulttype", "core.c: set_default_type"),
    since="0.1.0",
    examples=(
        Example(
            bad="DefaultType text/plain\nServerSignature Off\n",
            good="ForceType text/plain\nServerSignature Off\n",
            fixed="ServerSignature Off\n",
        ),
        Example(good="DefaultType None\n"),
    ),
    check=check,
)
