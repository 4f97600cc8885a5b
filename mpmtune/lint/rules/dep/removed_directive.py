"""A directive is written that httpd 2.4 no longer has.

## What it does
Reports directives of earlier releases that any 2.4 refuses: the locks that ``Mutex`` replaced,
``RewriteLog`` and ``RewriteLogLevel``, ``Authz…Authoritative``, and what went away with 2.2 and
2.0. It says what does their work now.

## Why it matters
httpd does not start. Its own message, "perhaps misspelled or defined by a module not included",
leads astray: no module has them any more.

## When to ignore it
In a file for httpd 2.2 alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.numbers import strtol
from mpmtune.httpd.removed import DIRECTIVES
from mpmtune.lint.fixes import fix, remove, replace_arguments, replace_word
from mpmtune.lint.rule import Example, Hits, Rule, ids
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.httpd.removed import Removed
    from mpmtune.model.config import Occurrence, Tree
    from mpmtune.model.finding import Fix

_MOST_VERBOSE = 8  # trace8; RewriteLogLevel went to 9


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each directive that is gone."""
    del tree
    logged = bool(hits["rewriteloglevel"])
    for hit in hits:
        removed = DIRECTIVES[hit.name]
        yield Violation(
            hit,
            f"httpd has no {hit.item.spelling} since {removed.since}: {removed.instead}",
            _fix(hit, removed, logged=logged),
            word=0,
        )


def _fix(hit: Occurrence, removed: Removed, *, logged: bool) -> Fix | None:
    if removed.renamed:
        title = f"Rename to {removed.renamed}"
        return fix(title, replace_word(hit, 0, removed.renamed), safe=True)
    if hit.name == "rewriteloglevel":
        return _as_log_level(hit)
    if removed.needless or (hit.name == "rewritelog" and logged):
        return fix(f"Remove {hit.item.spelling}", remove(hit), safe=True)
    return None


def _as_log_level(hit: Occurrence) -> Fix | None:
    level = strtol(hit.args)
    if not level.end:
        return None
    if level.value <= 0:
        return fix("Remove RewriteLogLevel", remove(hit), safe=True)
    trace = f"rewrite:trace{min(level.value, _MOST_VERBOSE)}"
    return fix(
        f"Use LogLevel {trace}",
        replace_word(hit, 0, "LogLevel"),
        replace_arguments(hit, trace),
        safe=True,
    )


RULE = Rule(
    code="DEP806",
    name="removed-directive",
    severity=Severity.ERROR,
    on=tuple(DIRECTIVES),
    httpd_ids=ids("AH00526"),
    references=("upgrading.html", "mod/core.html#mutex", "mod/mod_rewrite.html#logging"),
    since="0.1.0",
    examples=(
        Example(
            bad="RewriteLog /srv/www/logs/rewrite.log\nRewriteLogLevel 2\n",
            fixed="LogLevel rewrite:trace2\n",
            lines=(1, 2),
            modules=("rewrite_module",),
        ),
        Example(
            bad="AcceptMutex sysvsem\nServerSignature Off\n",
            good="Mutex sysvsem\nServerSignature Off\n",
            fixed="ServerSignature Off\n",
        ),
        Example(
            bad="<Directory /srv/www/htdocs>\nAuthAuthoritative On\n</Directory>\n",
            fixed="<Directory /srv/www/htdocs>\nAuthBasicAuthoritative On\n</Directory>\n",
            lines=(2,),
            modules=("auth_basic_module",),
        ),
        Example(bad="Port 8080\n", good="Listen 127.0.0.1:8082\n"),
        Example(
            good="<IfVersion < 2.4>\nRewriteLogLevel 2\n</IfVersion>\nLogLevel rewrite:trace2\n",
            modules=("rewrite_module",),
        ),
    ),
    check=check,
)
