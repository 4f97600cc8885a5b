"""A condition has no rule, or is the last of its group and says OR.

## What it does
Reports ``RewriteCond`` without a ``RewriteRule`` behind it in the same server or section, and a
group whose last condition has the flag ``OR``.

## Why it matters
A condition without a rule does nothing. Behind the last ``OR`` httpd looks for one more
condition, finds none, and runs the rule: when that condition is false, too. An exception for one
address becomes one for all.

## When to ignore it
Never.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.rewriting import rewrite_words
from mpmtune.lint.rewrite_scopes import rewrite_scopes
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the conditions that decide nothing."""
    for scope in rewrite_scopes(tree, hits.scope):
        if scope.section is not None or hits.scope is not Scope.FRAGMENT:
            for line in scope.orphans:
                yield Violation(line, "No RewriteRule follows here: the condition does nothing")
        for chain in scope.chains:
            last = chain.conditions[-1:]
            if last and _says_or(last[0]):
                yield Violation(
                    last[0],
                    "The last condition says OR: when it is false, the rule runs all the same",
                    related=(chain.line,),
                )


def _says_or(condition: Occurrence) -> bool:
    flags = rewrite_words(condition.args)[2].strip("[]").lower().split(",")
    return not {"or", "ornext"}.isdisjoint(flag.strip() for flag in flags)


_ON = "RewriteEngine On\n"

RULE = Rule(
    code="RWR605",
    name="orphan-rewritecond",
    severity=Severity.WARNING,
    on=("rewritecond", "rewriterule"),
    jointly=True,
    references=("mod/mod_rewrite.html#rewritecond", "mod_rewrite.c: apply_rewrite_rule"),
    since="0.1.0",
    examples=(
        Example(
            bad=_ON + "RewriteCond %{HTTPS} off\n",
            good=_ON
            + 'RewriteCond %{HTTPS} off\nRewriteRule "^" "https://a.example%{REQUEST_URI}" [R,L]\n',
            lines=(2,),
            modules=("rewrite_module",),
        ),
        Example(
            bad=_ON
            + "RewriteCond %{REMOTE_ADDR} =192.0.2.1 [OR]\n"
            + "RewriteCond %{REMOTE_ADDR} =192.0.2.2 [NC,OR]\nRewriteRule ^/admin - [F]\n",
            good=_ON
            + "RewriteCond %{REMOTE_ADDR} =192.0.2.1 [OR]\n"
            + "RewriteCond %{REMOTE_ADDR} =192.0.2.2\nRewriteRule ^/admin - [F]\n",
            lines=(3,),
            modules=("rewrite_module",),
        ),
        Example(
            bad=_ON
            + "RewriteCond %{HTTPS} off\n"
            + "<VirtualHost *:8080>\nRewriteRule ^/admin - [F]\n</VirtualHost>\n",
            lines=(2,),
            modules=("rewrite_module",),
        ),
        Example(
            good=_ON
            + "RewriteCond %{HTTPS} off\n<IfModule rewrite_module>\nRewriteRule ^ - [F]\n</IfModule>\n",
            modules=("rewrite_module",),
        ),
        Example(good="RewriteCond %{HTTPS} off\n", scope=Scope.FRAGMENT),
        Example(
            good="RewriteCond %{HTTPS} off\nRewriteRule ^ https://${NAME}/ [R]\n",
            scope=Scope.FRAGMENT,
        ),
    ),
    check=check,
)
