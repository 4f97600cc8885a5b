"""A rewrite rule of a directory rewrites its own result, until httpd gives up.

## What it does
Reports a ``RewriteRule`` in ``<Directory>`` or ``.htaccess`` whose pattern matches everything and
whose result lies where the same rule is in force, when nothing ends the round: no flag ``END``,
no condition that could come out differently the next time, no rule before it.

## Why it matters
In a directory, a rewritten request begins anew: flag ``L`` ends one round, not the next. After
ten rounds httpd answers 500 and logs AH00124.

## When to ignore it
Never. Flag ``END`` ends all rounds; ``RewriteCond %{REQUEST_FILENAME} !-f`` ends them at a file.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mpmtune.httpd.rewriting import rewrite_words
from mpmtune.httpd.url_mapping import How
from mpmtune.httpd.words import arguments
from mpmtune.lint.merged_views import merged_view_of
from mpmtune.lint.rewrite_edits import with_flag
from mpmtune.lint.rewrite_scopes import Matched, rewrite_scopes
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mpmtune.httpd.in_force import Configuration
    from mpmtune.httpd.rewriting import RewriteRule
    from mpmtune.lint.rewrite_scopes import Chain, RewriteScope
    from mpmtune.model.config import Occurrence, Tree

_EVERYTHING = re.compile(r"\^|\^?(?:\.[*+]|\(\.[*+]\))\$?")
# A plain path, or one with all of the path in it. It has no other variable.
_FIXED = re.compile(r"(/[^$%\\?]*)(?:\?.*)?")
_GROWING = re.compile(r"([^$%\\?]*)(?:\$[01]|%\{REQUEST_URI\})([^$%\\?]*)(?:\?.*)?")
_ELSEWHERE = {"end", "p", "proxy", "f", "forbidden", "g", "gone", "c", "chain", "n", "next"}
# What stays the same from one round to the next.
_LASTING = re.compile(
    r"(?:[^%]|%\{(?:HTTP_HOST|HTTPS|HTTP:[\w-]+|HTTP_[A-Z_]+|REMOTE_ADDR|REQUEST_METHOD|"
    r"SERVER_PORT|SERVER_NAME|SERVER_ADDR|REQUEST_SCHEME|THE_REQUEST)\})*"
)


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the rules that never come to an end."""
    for scope in rewrite_scopes(tree, hits.scope):
        if scope.matched is not Matched.BELOW_DIRECTORY:
            continue
        chain = _only_rewriting(scope.chains)
        if chain is not None and _lasts(chain) and _comes_back(tree, hits, scope, chain):
            yield Violation(
                chain.line,
                "This rule matches its own result: after 10 rounds the answer is 500 (AH00124)",
                with_flag(chain.line, "END", instead_of="l|last"),
            )


def _only_rewriting(chains: Sequence[Chain]) -> Chain | None:
    """Give the first rule that does anything, when no other can come in its way."""
    for number, chain in enumerate(chains):
        rule = chain.rule
        if rule.changes or rule.flags & {"l", "last", "end", "s", "skip", "c", "chain"}:
            last = bool(rule.flags & {"l", "last"}) or number == len(chains) - 1
            return chain if last else None
    return None


def _lasts(chain: Chain) -> bool:
    """Whether the rule takes every path, and each time."""
    rule = chain.rule
    elsewhere = rule.redirects or rule.negated or rule.flags & _ELSEWHERE
    return (
        not elsewhere
        and bool(_EVERYTHING.fullmatch(rule.pattern))
        and all(_LASTING.fullmatch(rewrite_words(c.args)[0]) for c in chain.conditions)
    )


def _comes_back(tree: Tree, hits: Hits, scope: RewriteScope, chain: Chain) -> bool:
    shape = _shape(chain.rule)
    if shape is None:
        return False
    before, after = shape
    relative = not before.startswith("/")
    if relative and hits["rewritebase"]:
        return False
    if relative and "/" not in before + after:
        return True
    section = scope.section
    if section is None or hits.scope is not Scope.WHOLE:
        return False
    view = merged_view_of(tree)
    host = view.hosts.around(section)
    place = before.rpartition("/")[0]
    if relative:
        directory = arguments(section.name, section.args)[0]
        there = view.directory(host, f"{directory}/{place}")
    else:
        there = view.url(host, f"{place}/x")
        if there.mapping is None or there.mapping.how is not How.FILE:
            return False
    return _runs_there(there, chain.line)


def _shape(rule: RewriteRule) -> tuple[str, str] | None:
    """Give what the result holds before and behind the path; None where it is not of the kind."""
    growing = _GROWING.fullmatch(rule.substitution)
    if growing is not None:
        before, after = growing[1], growing[2]
        captured = "(" in rule.pattern or "$1" not in rule.substitution
        return (before, after) if captured and before + after not in {"", "/"} else None
    fixed = _FIXED.fullmatch(rule.substitution)
    return None if fixed is None else (fixed[1], "")


def _runs_there(there: Configuration, rule: Occurrence) -> bool:
    """Whether a rule is in force at a place, and no other nor a .htaccess can be."""
    engine, rules = there.find("rewriteengine"), there.find("rewriterule")
    said = engine.last
    on = said is not None and said.args.strip("\"' ").lower() == "on"
    readable = any(allowed is not None for _, allowed in there.htaccess)
    perhaps = engine.perhaps or rules.perhaps
    return on and not readable and not perhaps and any(line is rule for line in rules.lines)


_TREE = "DocumentRoot /srv/www/htdocs\n<Directory />\nAllowOverride None\n</Directory>\n"


def _inside(lines: str) -> str:
    return f"{_TREE}<Directory /srv/www/htdocs>\nRewriteEngine On\n{lines}</Directory>\n"


RULE = Rule(
    code="RWR607",
    name="per-dir-rewrite-loop",
    severity=Severity.WARNING,
    on=("rewriterule", "rewritebase"),
    jointly=True,
    references=("rewrite/flags.html#flag_end", "mod_rewrite.c: hook_fixup"),
    since="0.1.0",
    examples=(
        Example(
            bad=_inside('RewriteRule "^(.*)$" "/x/$1" [L]\n'),
            fixed_unsafely=_inside('RewriteRule "^(.*)$" "/x/$1" [END]\n'),
            lines=(7,),
            modules=("rewrite_module",),
        ),
        Example(
            bad=_inside("RewriteCond %{HTTP_HOST} ^a\\.\nRewriteRule (.*) sites/a/$1\n"),
            fixed_unsafely=_inside(
                "RewriteCond %{HTTP_HOST} ^a\\.\nRewriteRule (.*) sites/a/$1 [END]\n"
            ),
            lines=(8,),
            modules=("rewrite_module",),
        ),
        Example(
            bad=_inside("RewriteRule ^ - [E=A:1]\nRewriteRule ^ /index.html [L]\n"),
            fixed_unsafely=_inside("RewriteRule ^ - [E=A:1]\nRewriteRule ^ /index.html [END]\n"),
            lines=(8,),
            modules=("rewrite_module",),
        ),
        Example(
            bad="RewriteEngine On\nRewriteRule ^(.*)$ $1.php [L]\n",
            fixed_unsafely="RewriteEngine On\nRewriteRule ^(.*)$ $1.php [END]\n",
            lines=(2,),
            scope=Scope.HTACCESS,
        ),
        Example(
            good=_inside(
                'RewriteCond %{REQUEST_FILENAME} !-f\nRewriteRule "^" "/pub/a.txt" [END]\n'
            ),
            modules=("rewrite_module",),
        ),
        Example(
            good=_inside("RewriteCond %{REQUEST_FILENAME} !-f\nRewriteRule ^ /index.html [L]\n"),
            modules=("rewrite_module",),
        ),
        Example(
            good=_inside("RewriteRule ^x/ - [L]\nRewriteRule ^(.*)$ /x/$1 [L]\n"),
            modules=("rewrite_module",),
        ),
        Example(good=_inside("RewriteRule ^ index.html [L]\n"), modules=("rewrite_module",)),
        Example(
            good=_inside("RewriteRule ^(.*)$ http://www.example.com/x/$1 [L]\n"),
            modules=("rewrite_module",),
        ),
        Example(
            good=_inside("RewriteRule ^(.*)$ x/$1 [L]\n")
            + "<Directory /srv/www/htdocs/x>\nRewriteEngine Off\n</Directory>\n",
            modules=("rewrite_module",),
        ),
        Example(
            good=_inside("RewriteRule ^(.*)$ /app/$1 [L]\n") + "Alias /app /srv/www/run\n",
            modules=("rewrite_module",),
        ),
        Example(
            good=_inside("RewriteRule ^(.*)$ x/$1 [L]\n").replace("None", "FileInfo")
            + '<Files ".ht*">\nRequire all denied\n</Files>\n',
            modules=("rewrite_module",),
        ),
        Example(good="RewriteEngine On\nRewriteRule (.*) public/$1 [L]\n", scope=Scope.HTACCESS),
        Example(
            good="RewriteEngine On\nRewriteBase /app\nRewriteRule (.*) $1.php [L]\n",
            scope=Scope.HTACCESS,
        ),
    ),
    check=check,
)
