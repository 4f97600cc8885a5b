"""A pattern in a directory asks for a slash at its beginning, which is never there.

## What it does
Reports ``RewriteRule`` in ``<Directory>`` and in ``.htaccess`` when its pattern matches only
paths that begin with a slash.

## Why it matters
There, httpd takes the directory's name with its slash away before it compares: the rule never
matches, and with ``!`` before it, always. In ``<Files>``, ``<If>`` and a ``<Directory>`` with
wildcards nothing is taken away; those are left alone.

## When to ignore it
Never: write ``^old`` there, or ``^/?old`` for rules that are used in both places.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.regex_structure import beginning
from mpmtune.lint.fixes import fix
from mpmtune.lint.rewrite_edits import drop
from mpmtune.lint.rewrite_scopes import Matched, rewrite_scopes, untouched
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.httpd.rewriting import RewriteRule
    from mpmtune.lint.rewrite_scopes import Chain
    from mpmtune.model.config import Tree
    from mpmtune.model.finding import Fix


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the rules that never match, or always do."""
    for scope in rewrite_scopes(tree, hits.scope):
        if scope.matched is not Matched.BELOW_DIRECTORY:
            continue
        for chain in untouched(scope.chains, beginning=""):
            if _asks_for_a_slash(chain.rule):
                what = "always holds" if chain.rule.negated else "never matches"
                yield Violation(
                    chain.line,
                    f"In a directory, paths are compared without the slash before them:"
                    f" this pattern {what}",
                    _fix(chain),
                    word=1,
                )


def _asks_for_a_slash(rule: RewriteRule) -> bool:
    ignore_case = bool(rule.flags & {"nc", "nocase"})
    begins = beginning(rule.pattern, ignore_case=ignore_case)
    return begins is not None and not begins.may_be_other_than("/")


def _fix(chain: Chain) -> Fix | None:
    pattern = chain.rule.pattern
    if not pattern.startswith("^/") or pattern[2:3] in {"?", "*", "+", "{"}:
        return None
    return fix("Take the slash away", drop(chain.line, 1, "^/", "^"))


def _inside(lines: str) -> str:
    return f"<Directory /srv/www/htdocs>\nRewriteEngine On\n{lines}</Directory>\n"


RULE = Rule(
    code="RWR602",
    name="leading-slash-in-per-dir-pattern",
    severity=Severity.ERROR,
    on=("rewriterule",),
    references=("rewrite/intro.html#htaccess", "mod_rewrite.c: apply_rewrite_rule"),
    since="0.1.0",
    examples=(
        Example(
            bad=_inside('RewriteRule "^/old$" "/new" [R,L]\n'),
            fixed_unsafely=_inside('RewriteRule "^old$" "/new" [R,L]\n'),
            lines=(3,),
            modules=("rewrite_module",),
        ),
        Example(
            bad="RewriteEngine On\nRewriteRule !^/admin - [F]\n",
            fixed_unsafely="RewriteEngine On\nRewriteRule !^admin - [F]\n",
            lines=(2,),
            scope=Scope.HTACCESS,
        ),
        Example(
            bad=_inside('RewriteRule "^(/a|/b)$" "/new" [R,L]\n'),
            lines=(3,),
            modules=("rewrite_module",),
        ),
        Example(
            good=_inside(
                'RewriteRule "^/?old$" "/new" [R,L]\nRewriteRule "/old$" "/new" [R,L]\n'
                'RewriteRule "^" "-" [F]\nRewriteRule "^/*$" "-" [F]\n'
            ),
            modules=("rewrite_module",),
        ),
        Example(
            good=_inside('RewriteRule "^old$" "/x"\nRewriteRule "^/x$" "/new" [R,L]\n'),
            modules=("rewrite_module",),
        ),
        Example(
            good='<Directory "/srv/*/htdocs">\nRewriteEngine On\n'
            'RewriteRule "^/.*/old$" "/new" [R,L]\n</Directory>\n',
            modules=("rewrite_module",),
        ),
        Example(
            good=_inside(
                '<Files "old">\nRewriteRule "^/srv/www/htdocs/old$" "/new" [R,L]\n</Files>\n'
            ),
            modules=("rewrite_module",),
        ),
        Example(
            good='RewriteEngine On\nRewriteRule "^/old$" "/new" [R,L]\n',
            modules=("rewrite_module",),
        ),
        Example(good='RewriteRule "^/old$" "/new" [R,L]\n', scope=Scope.FRAGMENT),
    ),
    check=check,
)
