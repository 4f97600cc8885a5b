"""A pattern of a server lacks the slash that every path begins with.

## What it does
Reports ``RewriteRule`` outside of all sections and in ``<VirtualHost>`` when its pattern can match
no path that begins with a slash: ``^old$``, ``^$``.

## Why it matters
The path of a URL begins with a slash there: the rule never matches, and with ``!`` before it,
always. Rules copied from a ``.htaccess`` are the usual case.

## When to ignore it
Never. The rule is silent where ``RewriteOptions AllowAnyURI`` lets other paths in.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mpmtune.httpd.regex_structure import beginning
from mpmtune.lint.fixes import fix
from mpmtune.lint.rewrite_edits import insert_behind
from mpmtune.lint.rewrite_scopes import Matched, rewrite_scopes, untouched
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.httpd.rewriting import RewriteRule
    from mpmtune.lint.rewrite_scopes import Chain
    from mpmtune.model.config import Tree
    from mpmtune.model.finding import Fix

_START = re.compile(r"\^")


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the rules that never match, or always do."""
    if any("allowanyuri" in line.args.lower() for line in hits["rewriteoptions"]):
        return
    for scope in rewrite_scopes(tree, hits.scope):
        if scope.matched is not Matched.URL_PATH:
            continue
        for chain in untouched(scope.chains, beginning="/"):
            if not _can_match(chain.rule):
                what = "always holds" if chain.rule.negated else "never matches"
                yield Violation(
                    chain.line,
                    f"Outside of directories, paths begin with a slash: this pattern {what}",
                    _fix(chain),
                    word=1,
                )


def _can_match(rule: RewriteRule) -> bool:
    begins = beginning(rule.pattern)
    return begins is None or begins.may_be("/")


def _fix(chain: Chain) -> Fix | None:
    pattern = chain.rule.pattern
    if not pattern.startswith("^") or "|" in pattern:
        return None
    return fix("Add the slash", insert_behind(chain.line, 1, _START, "/"))


_ON = "RewriteEngine On\n"

RULE = Rule(
    code="RWR603",
    name="missing-leading-slash-in-server-pattern",
    severity=Severity.ERROR,
    on=("rewriterule", "rewriteoptions"),
    references=("rewrite/intro.html#regex", "mod_rewrite.c: hook_uri2file"),
    since="0.1.0",
    examples=(
        Example(
            bad=_ON + 'RewriteRule "^old$" "/new" [R,L]\n',
            fixed_unsafely=_ON + 'RewriteRule "^/old$" "/new" [R,L]\n',
            lines=(2,),
            modules=("rewrite_module",),
        ),
        Example(
            bad="<VirtualHost *:8080>\n" + _ON + "RewriteRule ^$ /new [R,L]\n</VirtualHost>\n",
            fixed_unsafely="<VirtualHost *:8080>\n"
            + _ON
            + "RewriteRule ^/$ /new [R,L]\n</VirtualHost>\n",
            lines=(3,),
            modules=("rewrite_module",),
        ),
        Example(
            bad="<VirtualHost *:8080>\n" + _ON + "RewriteRule ^(a|b)/ - [F]\n</VirtualHost>\n",
            lines=(3,),
            scope=Scope.FRAGMENT,
        ),
        Example(
            good=_ON
            + 'RewriteRule "^/old$" "/new" [R,L]\nRewriteRule "old$" "/new" [R,L]\n'
            + 'RewriteRule "^" "-" [E=A:1]\nRewriteRule "^(/.*)?$" "-" [E=B:1]\n'
            + 'RewriteRule "^.old" "-" [F]\nRewriteRule "^[^a]" "-" [E=C:1]\n',
            modules=("rewrite_module",),
        ),
        Example(
            good=_ON + "RewriteOptions AllowAnyURI\n" + 'RewriteRule "^http:" "-" [F]\n',
            modules=("rewrite_module",),
        ),
        Example(
            good=_ON
            + 'RewriteRule "^/a$" "proxy:http://127.0.0.1/"\n'
            + 'RewriteRule "^proxy:" "-" [L]\n',
            modules=("rewrite_module",),
        ),
        Example(
            good="<Directory /srv/www/htdocs>\n"
            + _ON
            + 'RewriteRule "^old$" "/new" [R,L]\n</Directory>\n',
            modules=("rewrite_module",),
        ),
        Example(good='RewriteRule "^old$" "/new" [R,L]\n', scope=Scope.FRAGMENT),
        Example(good='RewriteRule "^old$" "/new" [R,L]\n', scope=Scope.HTACCESS),
    ),
    check=check,
)
