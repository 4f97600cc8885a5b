"""Rewrite rules stand in a section for locations or files.

## What it does
Reports ``RewriteRule``, ``RewriteCond`` and ``RewriteEngine On`` in ``<Location>``,
``<LocationMatch>``, ``<Files>`` and ``<FilesMatch>``.

## Why it matters
The manual calls it unsupported. httpd runs such rules after it has found the file, and compares
with the whole file name: ``^x`` matches in a ``<Directory>`` and never here.

## When to ignore it
For a rule that looks at no path, such as ``RewriteRule ^ - [F]`` below conditions.
``RewriteEngine Off`` is not reported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

_UNSUPPORTED = frozenset({"<location", "<locationmatch", "<files", "<filesmatch"})


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the first line of mod_rewrite in each such section."""
    del tree
    seen: set[int] = set()
    for hit in hits:
        around = hit.enclosing
        off = hit.name == "rewriteengine" and hit.args.strip("\"' ").lower() != "on"
        if around is None or around.name not in _UNSUPPORTED or off or id(around) in seen:
            continue
        seen.add(id(around))
        yield Violation(
            hit,
            "Here mod_rewrite compares with the whole file name; the manual calls it unsupported",
        )


_ON = "RewriteEngine On\n"

RULE = Rule(
    code="RWR612",
    name="rewrite-in-location",
    severity=Severity.WARNING,
    by_default=False,
    on=("rewriteengine", "rewriterule", "rewritecond"),
    references=("mod/mod_rewrite.html#rewriterule", "mod_rewrite.c: hook_fixup"),
    since="0.1.0",
    examples=(
        Example(
            bad="<Location /a>\n" + _ON + 'RewriteRule "^x$" "/b" [R]\n</Location>\n',
            good=_ON + 'RewriteRule "^/a/x$" "/b" [R]\n',
            lines=(2,),
            modules=("rewrite_module",),
        ),
        Example(
            bad=_ON + '<FilesMatch "\\.php$">\nRewriteRule "^" "-" [F]\n</FilesMatch>\n',
            lines=(3,),
            modules=("rewrite_module",),
        ),
        Example(
            good="<Location /.well-known>\nRewriteEngine Off\n</Location>\n"
            "<Directory /srv/www/htdocs>\n" + _ON + 'RewriteRule "^x$" "/b" [R]\n</Directory>\n',
            modules=("rewrite_module",),
        ),
    ),
    check=check,
)
