"""A rewrite rule lets encoded question marks through.

## What it does
Reports the flag ``UnsafeAllow3F`` on a ``RewriteRule``.

## Why it matters
With it, ``/u/secret.txt%3f`` cuts off what a rule puts behind the path: ``/u/$1.php`` becomes
``/u/secret.txt`` (CVE-2024-38474). Without it httpd answers 403 and logs AH10508. A plain ``?`` in
the target needs no flag; httpd 2.4.60 to 2.4.62 asked for it by mistake.

## When to ignore it
Where URLs with ``%3F`` are needed and the rule adds nothing behind what it captures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.rewriting import rule_of
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

_FLAG = "unsafeallow3f"


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the rules with the flag."""
    del tree
    for hit in hits:
        if _FLAG in hit.args.lower() and _FLAG in rule_of(hit).flags:
            yield Violation(
                hit, "UnsafeAllow3F lets %3F in a URL cut off what the rule puts behind it"
            )


_ON = "RewriteEngine On\n"

RULE = Rule(
    code="RWR608",
    name="unsafe-allow-3f-flag",
    severity=Severity.WARNING,
    by_default=False,
    on=("rewriterule",),
    httpd_since=(2, 4, 60),
    references=(
        "rewrite/flags.html#flag_unsafe_allow_3f",
        "https://github.com/apache/httpd/pull/462",
    ),
    since="0.1.0",
    examples=(
        Example(
            bad=_ON + 'RewriteRule "^/u/(\\w+)$" "/u/$1.php" [UnsafeAllow3F,L]\n',
            good=_ON + 'RewriteRule "^/u/(\\w+)$" "/u/$1.php" [L]\n',
            lines=(2,),
            modules=("rewrite_module",),
        ),
        Example(
            good=_ON + 'RewriteRule "^/u/(\\d+)$" "/u.php?UnsafeAllow3F=$1" [L]\n',
            modules=("rewrite_module",),
        ),
    ),
    check=check,
)
