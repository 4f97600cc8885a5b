"""A pattern for paths holds a query string, which is no part of a path.

## What it does
Reports patterns of ``RewriteRule``, ``RedirectMatch``, ``AliasMatch``, ``LocationMatch`` and
``ProxyPassMatch`` that ask for a question mark, paths of ``Redirect``, ``Alias``, ``Location`` and
``ProxyPass`` with ``?name=``, and patterns such as ``page.php?id=``, in which the question mark
only makes the letter before it optional.

## Why it matters
httpd takes the query string away before it compares: ``/page?id=1`` never matches. Only a
question mark that the client encodes (``%3F``) is part of a path.

## When to ignore it
Where encoded question marks are meant; without a ``name=`` behind the mark it is only a warning.
``RewriteCond %{QUERY_STRING}`` tests the query string.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mpmtune.httpd.proxy_passes import pass_of
from mpmtune.httpd.regex_structure import requires
from mpmtune.httpd.rewriting import rule_of
from mpmtune.httpd.words import arguments, split
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree

_QUERY = re.compile(r"\?[A-Za-z_][\w-]{0,40}=")
_OPTIONAL_LETTER = re.compile(r"\.[a-z]{2,5}\?[A-Za-z_]\w{0,40}=")


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield what asks a path for a query string."""
    del tree
    for hit in hits:
        if "?" not in hit.args:
            continue
        path, regex = _path(hit)
        if regex and requires(path, "?"):
            severity = None if requires(path, "=") else Severity.WARNING
        elif (_OPTIONAL_LETTER if regex else _QUERY).search(path):
            severity = None
        else:
            continue
        yield Violation(
            hit,
            "The query string is not part of what is compared here: this never matches one",
            severity=severity,
        )


def _path(hit: Occurrence) -> tuple[str, bool]:
    """Give the path or pattern of a directive, and whether it is a regular expression."""
    if hit.name == "rewriterule":
        return rule_of(hit).pattern, True
    if hit.name.startswith("proxypass"):
        said = pass_of(hit)
        return ("", False) if said.located else (said.path, said.regex)
    words = arguments(hit.name, hit.args) if hit.name.startswith("<") else split(hit.args)
    regex = hit.name.endswith("match") or words[:1] == ("~",)
    paths = (word for word in words if word.startswith(("/", "^")) or regex)
    return next((path for path in paths if "?" in path), ""), regex


_ON = "RewriteEngine On\n"

RULE = Rule(
    code="RWR606",
    name="query-string-in-pattern",
    severity=Severity.ERROR,
    on=(
        *("rewriterule", "redirect", "redirectmatch", "redirectpermanent", "redirecttemp"),
        *("alias", "aliasmatch", "scriptalias", "scriptaliasmatch", "proxypass", "proxypassmatch"),
        *("<location", "<locationmatch"),
    ),
    references=("mod/mod_rewrite.html#rewriterule", "mod/mod_alias.html#redirect"),
    since="0.1.0",
    examples=(
        Example(
            bad=_ON + 'RewriteRule "^/p\\?id=1$" "/b" [R]\n',
            good=_ON + 'RewriteCond %{QUERY_STRING} "^id=1$"\nRewriteRule "^/p$" "/b?" [R]\n',
            lines=(2,),
            modules=("rewrite_module",),
        ),
        Example(
            bad=_ON + 'RewriteRule "^/page.php?id=([0-9]+)$" "/p/$1" [R]\n',
            lines=(2,),
            modules=("rewrite_module",),
        ),
        Example(
            bad="Redirect /page?id=1 /p/1\n"
            "RedirectMatch ^/(.*)[?]x=1 /p/$1\n"
            '<Location "/page?id=1">\nRequire all denied\n</Location>\n'
            'RedirectMatch "^/(.+)\\?(.*)$" "/$1"\n',
            lines=(1, 2, 3, 6),
        ),
        Example(
            bad="ProxyPass /page?id=1 http://127.0.0.1:9000/p\n",
            modules=("proxy_module", "proxy_http_module"),
        ),
        Example(
            good=_ON
            + 'RewriteRule "^/pages?/(a|b\\?c)" "/b?x=1" [R]\nRewriteRule "^/a(?:b)$" "/c" [R]\n',
            modules=("rewrite_module",),
        ),
        Example(
            good="Redirect /page https://www.example.com/page?id=1\n"
            '<Location "/a?c">\nRequire all denied\n</Location>\n'
            '<LocationMatch "^/(?<name>[a-z]+)=$">\nRequire all denied\n</LocationMatch>\n'
        ),
        Example(
            good="<Location /p>\nProxyPass http://127.0.0.1:9000/?id=1\n</Location>\n",
            scope=Scope.FRAGMENT,
        ),
    ),
    check=check,
)
