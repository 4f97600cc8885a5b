"""Include names a file that is not there, or a pattern that nothing matches.

## What it does
Reports ``Include`` where httpd finds no file, and a file that it cannot read.
``IncludeOptional`` is silent about a file that is missing, and so is this rule.

## Why it matters
httpd does not start. Since 2.4 this holds for patterns too: an empty directory of snippets, as it
is before the first one is put there, stops the server.

## When to ignore it
When the file comes into being on the server only; there, ``IncludeOptional`` says the same to
httpd.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.lint.fixes import fix, replace_word
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.model.config import Fault
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

_MISSING = ("No such file or directory", "failing")


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each Include that httpd cannot follow, in its own words."""
    del tree
    for fault in hits.faults:
        hit = fault.occurrence
        assert hit is not None  # the reader names the Include
        missing = fault.text.endswith(_MISSING) and hit.name == "include"
        text = fault.text.removeprefix("Include/IncludeOptional: ").removesuffix(", failing")
        yield Violation(
            hit,
            text,
            fix("Use IncludeOptional", replace_word(hit, 0, "IncludeOptional"))
            if missing
            else None,
            word=1,
        )


RULE = Rule(
    code="SYN908",
    name="include-matches-nothing",
    severity=Severity.ERROR,
    on=(),
    faults=frozenset({Fault.INCLUDE_NO_MATCH, Fault.INCLUDE_UNREADABLE}),
    whole_tree=True,
    references=("mod/core.html#include", "util.c: ap_dir_fnmatch"),
    since="0.1.0",
    examples=(
        Example(
            bad="Include /srv/www/nowhere/*.conf\n",
            fixed_unsafely="IncludeOptional /srv/www/nowhere/*.conf\n",
        ),
        Example(
            bad="Timeout 60\nInclude extra/absent.conf\n",
            fixed_unsafely="Timeout 60\nIncludeOptional extra/absent.conf\n",
            lines=(2,),
        ),
        Example(
            good="Include extra/*.conf\nIncludeOptional extra/[0-9]*.conf\n",
            files=(("extra/timeout.conf", "Timeout 60\n"),),
        ),
        Example(good="Include sites-enabled/\n", scope=Scope.FRAGMENT),
    ),
    check=check,
)
