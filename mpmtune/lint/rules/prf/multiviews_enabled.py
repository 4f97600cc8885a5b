"""httpd reads a whole directory to guess which file a URL means.

## What it does
Reports ``MultiViews`` among ``Options`` when mod_negotiation is loaded.

## Why it matters
For ``/page`` without a file of that name httpd reads the directory and looks at all files
``page.*``. It also answers before mod_rewrite does: ``RewriteRule ^page$`` never sees a path that
``page.php`` has taken.

## When to ignore it
Where languages or formats are negotiated. A type map does it without reading the directory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.words import split
from mpmtune.lint.fixes import fix, replace_arguments
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

_ON = frozenset({"multiviews", "+multiviews"})


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the lines that switch it on."""
    if "negotiation_module" not in tree.modules:
        return
    for hit in hits:
        words = split(hit.args)
        kept = [word for word in words if word.lower() not in _ON]
        if len(kept) < len(words):
            instead = "-MultiViews" if words[0].startswith(("+", "-")) else "None"
            yield Violation(
                hit,
                "For names without a file, httpd reads the directory at each request",
                fix("Take MultiViews away", replace_arguments(hit, " ".join(kept) or instead)),
            )


def _inside(options: str) -> str:
    return f"<Directory /srv/www/htdocs>\nOptions {options}\n</Directory>\n"


RULE = Rule(
    code="PRF504",
    name="multiviews-enabled",
    severity=Severity.INFO,
    by_default=False,
    on=("options",),
    references=("content-negotiation.html#multiviews", "misc/perf-tuning.html#negotiate"),
    since="0.1.0",
    examples=(
        Example(
            bad=_inside("FollowSymLinks MultiViews"),
            fixed_unsafely=_inside("FollowSymLinks"),
            lines=(2,),
            modules=("negotiation_module",),
        ),
        Example(
            bad=_inside("+multiviews"),
            fixed_unsafely=_inside("-MultiViews"),
            lines=(2,),
            modules=("negotiation_module",),
        ),
        Example(
            bad=_inside("MultiViews"),
            fixed_unsafely=_inside("None"),
            lines=(2,),
            modules=("negotiation_module",),
        ),
        Example(good=_inside("-MultiViews"), modules=("negotiation_module",)),
        Example(good=_inside("MultiViews")),
    ),
    check=check,
)
