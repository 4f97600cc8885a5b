"""A redirect of one fixed path is made with mod_rewrite.

## What it does
Reports a ``RewriteRule`` of a server or virtual host that redirects one fixed path to one fixed
URL, without conditions.

## Why it matters
``RedirectMatch`` says the same in words that need no flags, and keeps httpd from running the
rewrite engine where nothing else needs it.

## When to ignore it
Where rules behind it must not see the path, or all redirects are to stand in one list: mod_rewrite
runs before mod_alias.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from mpmtune.httpd.rewriting import rewrite_words
from mpmtune.lint.fixes import fix, replace_word
from mpmtune.lint.rewrite_edits import FLAGS, SUBSTITUTION, place_of
from mpmtune.lint.rewrite_scopes import Matched, rewrite_scopes
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.finding import Edit, Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.lint.rewrite_scopes import Chain
    from mpmtune.model.config import Occurrence, Tree
    from mpmtune.model.finding import Fix

_FIXED_PATTERN = re.compile(r"\^/(?:[\w/-]|\\\.)*/?\??\$", re.ASCII)
_FIXED_TARGET = re.compile(r"(?:https?:/)?/[\w./:-]*(?:\?[\w.=-]*)?", re.ASCII)
_STATUS = re.compile(r"(?:r|redirect)(?:=(\d{3}|permanent|temp|seeother))?", re.IGNORECASE)
_REDIRECTING = {"301", "302", "303", "307", "308", "permanent", "temp", "seeother"}


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the redirects that need no mod_rewrite."""
    if "alias_module" not in tree.modules:
        return
    for scope in rewrite_scopes(tree, hits.scope):
        for chain in scope.chains if scope.matched is Matched.URL_PATH else ():
            status = _status(chain)
            if status:
                yield Violation(
                    chain.line,
                    "RedirectMatch does this without the rewrite engine",
                    _fix(chain.line, status),
                )


def _status(chain: Chain) -> str:
    """Give the status of a redirect that is fixed; empty for all other rules."""
    rule = chain.rule
    fixed = _FIXED_PATTERN.fullmatch(rule.pattern) and _FIXED_TARGET.fullmatch(rule.substitution)
    if chain.conditions or rule.negated or not fixed:
        return ""
    return _status_in(rewrite_words(chain.line.args)[2])


@lru_cache(maxsize=1024)
def _status_in(flags_as_written: str) -> str:
    flags = [one.strip() for one in flags_as_written.strip("[]").split(",")]
    found = [match for flag in flags if (match := _STATUS.fullmatch(flag))]
    rest = {flag.lower() for flag in flags if not _STATUS.fullmatch(flag)}
    if len(found) != 1 or rest - {"l", "last", "end"}:
        return ""
    status = (found[0][1] or "302").lower()
    return status if status in _REDIRECTING else ""


def _fix(line: Occurrence, status: str) -> Fix | None:
    target, flags = place_of(line, SUBSTITUTION), place_of(line, FLAGS)
    if target is None or flags is None:
        return None
    return fix(
        "Use RedirectMatch",
        replace_word(line, 0, f"RedirectMatch {status}"),
        Edit(flags.source, target.end, flags.end, ""),
    )


_ON = "RewriteEngine On\n"

RULE = Rule(
    code="RWR613",
    name="plain-redirect-by-rewrite",
    severity=Severity.INFO,
    by_default=False,
    on=("rewriterule",),
    references=("rewrite/avoid.html#redirect", "mod/mod_alias.html#redirectmatch"),
    since="0.1.0",
    examples=(
        Example(
            bad=_ON + 'RewriteRule "^/old$" "https://www.example.com/new" [R=301,L]\n',
            fixed_unsafely=_ON + 'RedirectMatch 301 "^/old$" "https://www.example.com/new"\n',
            lines=(2,),
            modules=("rewrite_module",),
        ),
        Example(
            bad=_ON + "RewriteRule ^/old/?$ /new/ [R]\n",
            fixed_unsafely=_ON + "RedirectMatch 302 ^/old/?$ /new/\n",
            lines=(2,),
            modules=("rewrite_module",),
        ),
        Example(
            good='RedirectMatch 301 "^/old$" "https://www.example.com/new"\n'
            + _ON
            + "RewriteCond %{HTTPS} off\nRewriteRule ^/a$ /b [R]\n"
            + "RewriteRule ^/a/(.*)$ /b/$1 [R]\nRewriteRule ^/c$ /d [R,NE]\n"
            + "RewriteRule ^/c$ /d [R=404]\nRewriteRule ^/e$ /f\n",
            modules=("rewrite_module",),
        ),
        Example(
            good=_ON + "RewriteRule ^/old$ /new [R]\n",
            modules=("rewrite_module",),
            without=("alias_module",),
        ),
    ),
    check=check,
)
