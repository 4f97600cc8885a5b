"""An MPM directive is written under the name that it had in httpd 2.2.

## What it does
Reports ``MaxClients`` and ``MaxRequestsPerChild``. httpd still takes them, as other names of
``MaxRequestWorkers`` and ``MaxConnectionsPerChild``.

## Why it matters
httpd's own messages, the manual and ``server-status`` use the new names only: whoever searches
the configuration for the directive that a message names does not find it. And when both names
are there, the later line wins, which nobody sees who looks for one of them.

## When to ignore it
In a file that httpd 2.2 must read as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.names import MODERN, manual
from mpmtune.lint.fixes import fix, replace_word
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each directive under an old name."""
    del tree
    for hit in hits:
        modern = MODERN.get(hit.item.name)
        if modern:
            name = manual(modern)
            yield Violation(
                hit,
                f"{hit.item.spelling} is called {name} since httpd 2.4",
                fix(f"Rename to {name}", replace_word(hit, 0, name), safe=True),
                word=0,
            )


RULE = Rule(
    code="DEP803",
    name="old-mpm-directive-names",
    severity=Severity.INFO,
    on=tuple(MODERN.values()),
    references=("upgrading.html", "mod/mpm_common.html#maxrequestworkers"),
    since="0.1.0",
    examples=(
        Example(bad="MaxClients 150\n", fixed="MaxRequestWorkers 150\n"),
        Example(
            bad="MaxRequestWorkers 150\nmaxrequestsperchild 10000\n",
            fixed="MaxRequestWorkers 150\nMaxConnectionsPerChild 10000\n",
            lines=(2,),
        ),
        Example(good="MaxRequestWorkers 150\nMaxConnectionsPerChild 10000\n"),
    ),
    check=check,
)
