"""One more slash in a URL, and a pattern no longer finds it.

## What it does
Reports ``MergeSlashes Off``, as a remark where no pattern is matched against the URL.

## Why it matters
``<LocationMatch "^/files/private">`` and a ``RewriteRule`` for it are not asked about
``/files//private``, which leads to the same files (CVE-2019-0220). Slashes at the very start are
one in any case, and a plain ``<Location>`` and ``<Directory>`` hold all the same.

## When to ignore it
Where an application tells ``//`` from ``/``, and no pattern guards anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.words import arguments
from mpmtune.lint.fixes import fix, remove
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.lint.written_values import word_in
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree

_PATTERNS = ("<locationmatch", "<location", "rewriterule", "redirectmatch", "proxypassmatch")


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each line that keeps slashes apart."""
    del tree
    matched = any(_is_pattern(hit) for name in _PATTERNS for hit in hits[name])
    for hit in hits["mergeslashes"]:
        if word_in(hit).lower() == "off":
            yield Violation(
                hit,
                "/files//private is not found by a pattern for ^/files/private, and leads to the same"
                " files",
                fix("Merge slashes, as httpd does by itself", remove(hit)),
                severity=None if matched else Severity.INFO,
            )


def _is_pattern(hit: Occurrence) -> bool:
    return hit.name != "<location" or arguments(hit.item.name, hit.item.args)[:1] == ("~",)


_GUARDED = '<LocationMatch "^/adm">\nRequire all denied\n</LocationMatch>\n'

RULE = Rule(
    code="SEC332",
    name="merge-slashes-off",
    severity=Severity.WARNING,
    on=("mergeslashes", *_PATTERNS),
    by_default=False,
    references=(
        "mod/core.html#mergeslashes",
        "https://nvd.nist.gov/vuln/detail/CVE-2019-0220",
    ),
    since="0.1.0",
    httpd_since=(2, 4, 39),
    examples=(
        Example(bad=f"{_GUARDED}MergeSlashes Off\n", fixed_unsafely=_GUARDED, lines=(4,)),
        Example(
            bad="<Location /adm>\n</Location>\nMergeSlashes Off\n",
            lines=(3,),
            fixed_unsafely="<Location /adm>\n</Location>\n",
        ),
        Example(good="MergeSlashes On\n"),
        Example(good=_GUARDED),
    ),
    check=check,
)
