"""AddOutputFilterByType stands without mod_filter.

## What it does
Reports ``AddOutputFilterByType`` when ``filter_module`` is not loaded before it.

## Why it matters
The directive was part of the core in 2.2 and belongs to mod_filter since 2.4. Without that module
httpd calls it an invalid command (AH00526) and stops.

## When to ignore it
When the module is loaded by a file that is not here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.lint.loading import load
from mpmtune.lint.rule import Example, Hits, Rule, Scope, ids
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each AddOutputFilterByType without its module."""
    if "filter_module" in tree.modules:
        return
    for hit in hits:
        yield Violation(
            hit,
            "AddOutputFilterByType belongs to mod_filter since 2.4, and it is not loaded",
            load(tree, hit, "filter_module"),
            word=0,
        )


RULE = Rule(
    code="MOD108",
    name="output-filter-by-type-without-mod-filter",
    severity=Severity.ERROR,
    on=("addoutputfilterbytype",),
    by_default=False,
    whole_tree=True,
    httpd_ids=ids("AH00526"),
    references=("mod/mod_filter.html#addoutputfilterbytype", "upgrading.html"),
    since="0.1.0",
    examples=(
        Example(
            bad="AddOutputFilterByType DEFLATE text/html\n",
            fixed_unsafely=(
                "LoadModule filter_module /usr/lib/apache2/modules/mod_filter.so\n"
                "AddOutputFilterByType DEFLATE text/html\n"
            ),
            also=("MOD113",),
            modules=("deflate_module",),
        ),
        Example(
            good="AddOutputFilterByType DEFLATE text/html\n",
            modules=("filter_module", "deflate_module"),
        ),
        Example(good="AddOutputFilterByType DEFLATE text/html\n", scope=Scope.FRAGMENT),
    ),
    check=check,
)
