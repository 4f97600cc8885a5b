"""httpd asks the DNS for the name of every client.

## What it does
Reports ``HostnameLookups On`` and ``Double``.

## Why it matters
Each connection waits for a resolver, and a slow one holds workers. The names are for logs only;
``logresolve`` finds them later.

## When to ignore it
Where the names must be in the log at once, and the resolver is on the machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.lint.fixes import fix, replace_word
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the lines that switch it on."""
    del tree
    for hit in hits:
        if hit.args.strip("\"' ").lower() in {"on", "double"}:
            yield Violation(
                hit,
                "Every connection waits for the name of its client",
                fix("Switch it off", replace_word(hit, 1, "Off")),
            )


RULE = Rule(
    code="PRF501",
    name="hostname-lookups-on",
    severity=Severity.WARNING,
    on=("hostnamelookups",),
    references=("misc/perf-tuning.html#dns", "mod/core.html#hostnamelookups"),
    since="0.1.0",
    examples=(
        Example(bad="HostnameLookups On\n", fixed_unsafely="HostnameLookups Off\n"),
        Example(
            bad="<Directory /srv/www/htdocs>\nHostnameLookups Double\n</Directory>\n",
            fixed_unsafely="<Directory /srv/www/htdocs>\nHostnameLookups Off\n</Directory>\n",
            lines=(2,),
        ),
        Example(good="HostnameLookups Off\n"),
    ),
    check=check,
)
