"""The client chooses the first directory of a path that httpd looks for in the file system.

## What it does
Reports a ``RewriteRule`` of a server or virtual host whose target begins with ``$1``, ``%1`` or a
variable, when it has the flag ``UnsafePrefixStat``; before httpd 2.4.60, without that flag as well.

## Why it matters
Where the first directory of the result exists in the file system, httpd takes the result for a
file name: ``/etc/x.html`` leads to ``/etc/x.php``, outside of DocumentRoot (CVE-2024-38475). From
2.4.60 on that is refused unless the flag is set.

## When to ignore it
Where the pattern lets only known directories pass. ``%{DOCUMENT_ROOT}`` is not reported.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mpmtune.lint.rewrite_scopes import Matched, rewrite_scopes
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.httpd.rewriting import RewriteRule
    from mpmtune.model.config import Tree

_BEGINS = re.compile(r"(?:[$%][0-9]|%\{(?!DOCUMENT_ROOT\}|CONTEXT_DOCUMENT_ROOT\}))")
_REFUSED_SINCE = (2, 4, 60)
_FLAG = "unsafeprefixstat"


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the rules whose result may be any file."""
    refused = tree.target.version >= _REFUSED_SINCE
    for scope in rewrite_scopes(tree, hits.scope):
        if scope.matched is not Matched.URL_PATH:
            continue
        for chain in scope.chains:
            flagged = _FLAG in chain.rule.flags
            if _is_path(chain.rule) and (flagged or not refused):
                yield Violation(
                    chain.line,
                    "The target begins with what the client sends, and may become any file name",
                    severity=None if flagged else Severity.WARNING,
                )


def _is_path(rule: RewriteRule) -> bool:
    begins = _BEGINS.match(rule.substitution) is not None
    return begins and not rule.redirects and not rule.proxies


_ON = "RewriteEngine On\n"

RULE = Rule(
    code="RWR609",
    name="substitution-starts-with-variable",
    severity=Severity.ERROR,
    on=("rewriterule",),
    references=(
        "rewrite/flags.html#flag_unsafe_prefix_stat",
        "mod_rewrite.c: prefix_stat",
    ),
    since="0.1.0",
    examples=(
        Example(
            bad=_ON + 'RewriteRule "^(.*)\\.html$" "$1.php" [UnsafePrefixStat]\n',
            good=_ON + 'RewriteRule "^/(.*)\\.html$" "/$1.php"\n',
            lines=(2,),
            modules=("rewrite_module",),
        ),
        Example(
            good=_ON
            + 'RewriteRule "^/a/(.*)$" "%{DOCUMENT_ROOT}/$1" [UnsafePrefixStat]\n'
            + 'RewriteRule "^(.*)\\.html$" "$1.php"\n'
            + 'RewriteRule "^(/.*)$" "%{ENV:BASE}$1" [R]\n',
            modules=("rewrite_module",),
        ),
        Example(
            good="<Directory /srv/www/htdocs>\n"
            + _ON
            + 'RewriteRule "^(.*)\\.html$" "$1.php" [UnsafePrefixStat]\n</Directory>\n',
            modules=("rewrite_module",),
        ),
    ),
    check=check,
)
