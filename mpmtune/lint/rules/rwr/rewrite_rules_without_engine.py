"""Rewrite rules stand where the rewrite engine is off.

## What it does
Reports a server, virtual host or section with ``RewriteRule`` for which no ``RewriteEngine On`` is
in force: neither its own nor one of the main server or an outer directory.

## Why it matters
httpd takes the rules and never runs them: the redirect to HTTPS, or the rule that was to forbid a
path, is not there. ``-t`` says nothing.

## When to ignore it
Where the rules are switched off for a while. ``RewriteEngine Off`` beside them says so, and the
rule is silent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.lint.fixes import fix, insert_before
from mpmtune.lint.merged_views import merged_view_of
from mpmtune.lint.rewrite_scopes import rewrite_scopes
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.lint.surroundings import around, section_of
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.lint.rewrite_scopes import RewriteScope
    from mpmtune.model.config import Occurrence, Tree


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the first line of each place whose rules never run."""
    own = {id(line.enclosing) for line in hits["rewriteengine"]}
    inherited = any("inherit" in line.args.lower() for line in hits["rewriteoptions"])
    for scope in rewrite_scopes(tree, hits.scope):
        first = _first(scope)
        if first is None or id(scope.section) in own:
            continue
        if inherited and not _is_virtual_host(scope):
            continue
        if not _may_run(tree, hits, first):
            yield Violation(
                first,
                "RewriteEngine is not On here: these rules never run",
                fix("Switch the engine on", insert_before(first, "RewriteEngine On")),
            )


def _first(scope: RewriteScope) -> Occurrence | None:
    chain = next(iter(scope.chains), None)
    return None if chain is None else (*chain.conditions, chain.line)[0]


def _is_virtual_host(scope: RewriteScope) -> bool:
    return scope.section is not None and scope.section.name == "<virtualhost"


def _may_run(tree: Tree, hits: Hits, first: Occurrence) -> bool:
    """Tell whether the engine may be on by what is said elsewhere."""
    view = merged_view_of(tree)
    if section_of(first) is None:
        lines = view.server(view.hosts.around(first)).of_server("rewriteengine")
        return bool(lines) and _is_on(lines[-1])
    here = around(view, first)
    if here is None:
        return any(_is_on(line) for line in hits["rewriteengine"])
    found = here.find("rewriteengine")
    return bool(found.perhaps) or (found.last is not None and _is_on(found.last))


def _is_on(line: Occurrence) -> bool:
    return line.args.strip("\"' ").lower() == "on"


_RULE = 'RewriteRule "^/old$" "/new" [R=301,L]\n'
_HOST = "<VirtualHost *:8080>\nServerName a.example\n"

RULE = Rule(
    code="RWR601",
    name="rewrite-rules-without-engine",
    severity=Severity.ERROR,
    on=("rewriterule", "rewriteengine", "rewriteoptions"),
    whole_tree=True,
    jointly=True,
    references=("mod/mod_rewrite.html#rewriteengine", "mod_rewrite.c: hook_uri2file"),
    since="0.1.0",
    examples=(
        Example(
            bad=_RULE,
            fixed_unsafely="RewriteEngine On\n" + _RULE,
            modules=("rewrite_module",),
        ),
        Example(
            bad="<Directory /srv/www/htdocs>\nRewriteCond %{HTTPS} off\n"
            'RewriteRule "^old$" "/new" [R]\n</Directory>\n',
            fixed_unsafely="<Directory /srv/www/htdocs>\nRewriteEngine On\n"
            'RewriteCond %{HTTPS} off\nRewriteRule "^old$" "/new" [R]\n</Directory>\n',
            lines=(2,),
            modules=("rewrite_module",),
        ),
        Example(
            bad=_HOST + _RULE + "</VirtualHost>\n",
            lines=(3,),
            modules=("rewrite_module",),
        ),
        Example(
            good="RewriteEngine On\n" + _HOST + _RULE + "</VirtualHost>\n",
            modules=("rewrite_module",),
        ),
        Example(
            good="RewriteEngine On\n<Directory /srv/www/htdocs>\n"
            'RewriteRule "^old$" "/new" [R]\n</Directory>\n',
            modules=("rewrite_module",),
        ),
        Example(good="RewriteEngine Off\n" + _RULE, modules=("rewrite_module",)),
        Example(
            good=_RULE + _HOST + "RewriteEngine On\nRewriteOptions Inherit\n</VirtualHost>\n",
            modules=("rewrite_module",),
        ),
        Example(
            good='<FilesMatch "\\.php$">\nRewriteEngine On\n'
            'RewriteRule "^" "-" [F]\n</FilesMatch>\n',
            modules=("rewrite_module",),
        ),
        Example(good=_RULE, modules=("rewrite_module",), scope=Scope.FRAGMENT),
    ),
    check=check,
)
