"""A section is kept for httpd 2.2 and can never be true under 2.4.

## What it does
Reports ``<IfModule !mod_authz_core.c>`` where mod_authz_core is loaded, and ``<IfVersion>`` with
a condition that no 2.4 meets, such as ``< 2.4``.

## Why it matters
Whoever changes the configuration has to change both halves, or wonders later which one counts.
What stands in the dead half is checked by nobody.

## When to ignore it
As long as httpd 2.2 reads the same file.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mpmtune.httpd.words import arguments
from mpmtune.lint.fixes import fix, remove
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.lint.section_ends import closing_of
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree
    from mpmtune.model.finding import Fix

_FIRST = (2, 4, 0)
_VERSION = re.compile(r"(\d{1,4})(?:\.(\d{1,4}))?(?:\.(\d{1,4}))?")
_OPERATOR_AND_VERSION = 2


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each section that no 2.4 enters."""
    for hit in hits:
        words = arguments(hit.name, hit.args)
        if hit.name == "<ifversion":
            dead = _is_before_2_4(words)
        else:
            negated = bool(words) and words[0] in {"!mod_authz_core.c", "!authz_core_module"}
            dead = negated and "authz_core_module" in tree.modules
        if dead:
            yield Violation(
                hit,
                f"{hit.item.spelling} {hit.args} is never true under httpd 2.4: what it holds is"
                " for 2.2",
                _fix(hit),
            )


def _is_before_2_4(words: tuple[str, ...]) -> bool:
    """Whether no 2.4 meets the condition of an <IfVersion>."""
    operator, version = words if len(words) == _OPERATOR_AND_VERSION else ("=", *words[:1], "")[:2]
    match = _VERSION.fullmatch(version)
    if match is None:
        return False
    wanted = tuple(int(part or 0) for part in match.groups())
    if operator in {"<", "!>="}:
        return wanted <= _FIRST
    return operator in {"<=", "=", "==", "!>"} and wanted < _FIRST


def _fix(hit: Occurrence) -> Fix | None:
    opening, closing = remove(hit), closing_of(hit)
    if opening is None or closing is None:
        return None
    return fix("Remove the section", opening._replace(end=closing.end))


RULE = Rule(
    code="DEP811",
    name="dead-2.2-compat-block",
    severity=Severity.INFO,
    by_default=False,
    on=("<ifmodule", "<ifversion"),
    references=("upgrading.html", "mod/mod_version.html#ifversion", "mod/core.html#ifmodule"),
    since="0.1.0",
    examples=(
        Example(
            bad="<IfVersion < 2.4>\nKeepAlive Off\n</IfVersion>\nKeepAlive On\n",
            fixed_unsafely="KeepAlive On\n",
        ),
        Example(
            bad="<Directory /srv/www/htdocs>\n  <IfModule !mod_authz_core.c>\n"
            "    Order allow,deny\n    Allow from all\n  </IfModule>\n"
            "  Require all granted\n</Directory>\n",
            fixed_unsafely="<Directory /srv/www/htdocs>\n  Require all granted\n</Directory>\n",
            lines=(2,),
        ),
        Example(
            good="<IfVersion >= 2.4.41>\nServerSignature Off\n</IfVersion>\n"
            "<IfVersion < 2.4.50>\nTraceEnable Off\n</IfVersion>\n"
            "<IfModule !mod_ssl.c>\nServerTokens Prod\n</IfModule>\n"
        ),
    ),
    check=check,
)
