"""A name is written that no directive of httpd has.

## What it does
Reports a name that is in no module that comes with httpd, when no other module is loaded that
could have it. The fix writes the one directive that is a letter away.

In a fragment, or a ``.htaccess`` that is read alone, names that look like those of a known
third-party module are passed over, and one that resembles nothing is a warning: it may belong to a
module that is not known here.

## Why it matters
httpd calls it an invalid command and does not start. In a ``.htaccess`` every request below it is
answered with status 500.

## When to ignore it
When a module that httpd does not ship has the directive and is compiled in, so that no
``LoadModule`` tells of it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from mpmtune.httpd.directives import by_name, find_all
from mpmtune.httpd.foreign import module_of
from mpmtune.httpd.names import manual
from mpmtune.httpd.removed import DIRECTIVES
from mpmtune.lint.fixes import fix, replace_word
from mpmtune.lint.rule import Example, Hits, Rule, Scope, ids
from mpmtune.lint.section_ends import closing_of
from mpmtune.lint.spelling import Lexicon
from mpmtune.lint.typography import BYTE_ORDER_MARK, typographic
from mpmtune.model.config import Fault
from mpmtune.model.finding import Edit, Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree
    from mpmtune.model.finding import Fix

_PHP = ("php_value", "php_flag", "php_admin_value", "php_admin_flag")  # MOD116


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the names that are in no module's table."""
    del tree
    whole = hits.scope is Scope.WHOLE or hits.overrides is not None
    for fault in hits.faults:
        hit = fault.occurrence
        if hit is None or _told_elsewhere(hit):
            continue
        foreign, meant = module_of(hit.name), _lexicon().meant(hit.name)
        if foreign and not whole:
            continue
        yield Violation(
            hit,
            _said(_shown(hit.item.spelling), foreign, meant),
            _fix(hit, manual(meant)) if meant and not foreign else None,
            word=0,
            severity=None if whole or meant else Severity.WARNING,
        )


def _said(name: str, foreign: str, meant: str) -> str:
    if name.startswith(BYTE_ORDER_MARK):
        return "The file begins with a byte order mark, which makes its first word unknown to httpd"
    if foreign:
        return f"{name} needs {foreign}, which is not loaded"
    if meant:
        return f"httpd has no {name}: {_shown(manual(meant))} is meant"
    return f"No module that comes with httpd has {name}"


def _shown(name: str) -> str:
    return f"{name.removesuffix('>')}>" if name.startswith("<") else name


@cache
def _lexicon() -> Lexicon:
    return Lexicon(name for name, rows in by_name().items() if any(row.modules for row in rows))


def _told_elsewhere(hit: Occurrence) -> bool:
    """Whether a rule that knows more about the name speaks: MOD113, DEP806, MOD116, SYN911."""
    name = hit.name
    return (
        any(row.modules for row in find_all(name))
        or name in DIRECTIVES
        or name in _PHP
        or typographic(hit.item.spelling.removeprefix(BYTE_ORDER_MARK))
    )


def _fix(hit: Occurrence, name: str) -> Fix | None:
    edits: list[Edit | None] = [replace_word(hit, 0, name)]
    if name.startswith("<"):
        closing = closing_of(hit)
        if closing is None:
            return None
        start = hit.source.text_start(closing)
        edits.append(Edit(hit.source, start, start + len(closing.spelling), f"</{name[1:]}>"))
    return fix(f"Write {name.lstrip('<')}", *edits)


RULE = Rule(
    code="SYN902",
    name="unknown-directive",
    severity=Severity.ERROR,
    on=(),
    faults=frozenset({Fault.UNKNOWN_COMMAND}),
    httpd_ids=ids("AH00526"),
    references=("mod/directives.html", "config.c: invoke_cmd"),
    since="0.1.0",
    examples=(
        Example(bad="KeepAliveTimout 5\n", fixed_unsafely="KeepAliveTimeout 5\n"),
        Example(
            bad="<Direcotry /srv/www/htdocs>\nRequire all granted\n</Direcotry>\n",
            fixed_unsafely="<Directory /srv/www/htdocs>\nRequire all granted\n</Directory>\n",
            also=("SYN903",),
        ),
        Example(bad="SecRuleEngine On\n"),
        Example(bad="RewriteEngin On\n", scope=Scope.HTACCESS, fixed_unsafely="RewriteEngine On\n"),
        Example(
            good="<IfModule security2_module>\nSecRuleEngine On\n</IfModule>\n",
        ),
        Example(good="SecRuleEngine On\nWSGIScriptAlias / /srv/www/app\n", scope=Scope.FRAGMENT),
        Example(good="%alias_string%\n{{ options }}\n", scope=Scope.FRAGMENT),
    ),
    check=check,
)
