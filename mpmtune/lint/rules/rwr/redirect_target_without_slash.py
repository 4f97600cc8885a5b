"""A redirect glues what the client sends to the name of the host it leads to.

## What it does
Reports ``Redirect`` from a path that ends in a slash to a URL without a path, and targets of
``RedirectMatch`` and of redirecting ``RewriteRule`` in which a ``$1`` is part of the host name.

## Why it matters
``Redirect / https://www.example.com`` sends ``/.evil.com`` to ``https://www.example.com.evil.com``
and ``/@evil.com`` to ``https://www.example.com@evil.com``: a link to your site leads to another
one. ``-t`` says nothing, and all ordinary paths are broken.

## When to ignore it
Never; a slash behind the host name mends it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mpmtune.httpd.url_mapping import redirect_of
from mpmtune.httpd.words import split
from mpmtune.lint.fixes import fix, replace_word
from mpmtune.lint.placing import word_of
from mpmtune.lint.proxy_lines import at_end_of_word
from mpmtune.lint.proxy_targets import Pattern, chosen_by_client
from mpmtune.lint.rewrite_edits import SUBSTITUTION, insert_behind
from mpmtune.lint.rewrite_scopes import Matched, rewrite_scopes
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.model.finding import Edit, Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.lint.rewrite_scopes import Chain
    from mpmtune.model.config import Occurrence, Tree

_HOST_ALONE = re.compile(r"[a-z][a-z0-9+.-]*://[^/?#\s]+", re.IGNORECASE)
# The name that the client asked for is no choice of another site's.
_OWN_NAME = re.compile(r"%\{(?:HTTP_HOST|SERVER_NAME)\}", re.IGNORECASE)
_GLUED = re.compile(r"://[^/?#$\s]+(?=\$[0-9])")


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the redirects whose host is open."""
    for hit in (*hits["redirect"], *hits["redirectpermanent"], *hits["redirecttemp"]):
        yield from _plain(hit)
    for hit in hits["redirectmatch"]:
        path, url = redirect_of(hit)
        if path and _is_open(url, Pattern(path, begins_with_slash=True)):
            yield _glued(hit, _slash_in(hit, len(split(hit.args))))
    for scope in rewrite_scopes(tree, hits.scope):
        for chain in scope.chains if scope.matched is not Matched.UNKNOWN else ():
            target = chain.rule.substitution
            if (
                "$" in target
                and chain.rule.redirects
                and _is_open(target, _captured(chain, scope.matched))
            ):
                yield _glued(chain.line, insert_behind(chain.line, SUBSTITUTION, _GLUED, "/"))


def _plain(hit: Occurrence) -> Iterator[Violation]:
    path, url = redirect_of(hit)
    if path and path.endswith("/") and _HOST_ALONE.fullmatch(url):
        number = len(split(hit.args))
        yield Violation(
            hit,
            f"What follows {path} is glued to the host: a path that begins with .evil.com leads"
            " to another site",
            fix("Add a slash", at_end_of_word(hit, number, add="/")),
            word=number,
        )


def _captured(chain: Chain, matched: Matched) -> Pattern:
    ignore_case = bool(chain.rule.flags & {"nc", "nocase"})
    of_server = matched is Matched.URL_PATH
    return Pattern(chain.rule.pattern, begins_with_slash=of_server, ignore_case=ignore_case)


def _is_open(url: str, captured: Pattern) -> bool:
    return chosen_by_client(_OWN_NAME.sub("www.example.com", url), captured) is not None


def _glued(line: Occurrence, mended: Edit | None) -> Violation:
    return Violation(
        line,
        "What the pattern captures becomes part of the host: a path with .evil.com in it leads to"
        " another site",
        fix("Add a slash", mended) if mended else None,
    )


def _slash_in(hit: Occurrence, number: int) -> Edit | None:
    if replace_word(hit, number, "") is None:
        return None
    source, start, end = word_of(hit, number)
    found = _GLUED.search(source.text, start, end)
    return Edit(source, found.end(), found.end(), "/") if found else None


_ON = "RewriteEngine On\n"
_DIRECTORY = "<Directory /srv/www/htdocs>\n" + _ON

RULE = Rule(
    code="RWR610",
    name="redirect-target-without-slash",
    severity=Severity.ERROR,
    on=("redirect", "redirectpermanent", "redirecttemp", "redirectmatch", "rewriterule"),
    references=("mod/mod_alias.html#redirect", "mod_alias.c: try_alias_list"),
    since="0.1.0",
    examples=(
        Example(
            bad="Redirect permanent / https://www.example.com\n",
            fixed_unsafely="Redirect permanent / https://www.example.com/\n",
        ),
        Example(
            bad='Redirect "/app/" "https://app.example.com:8443"\n',
            fixed_unsafely='Redirect "/app/" "https://app.example.com:8443/"\n',
        ),
        Example(
            bad="RedirectMatch ^/(.*)$ https://www.example.com$1\n",
            fixed_unsafely="RedirectMatch ^/(.*)$ https://www.example.com/$1\n",
        ),
        Example(
            bad=_ON + "RewriteRule ^/(.*)$ https://%{HTTP_HOST}$1 [R=301,L]\n",
            fixed_unsafely=_ON + "RewriteRule ^/(.*)$ https://%{HTTP_HOST}/$1 [R=301,L]\n",
            lines=(2,),
            modules=("rewrite_module",),
        ),
        Example(
            bad=_DIRECTORY + "RewriteRule ^(.*)$ https://www.example.com$1 [L]\n</Directory>\n",
            fixed_unsafely=_DIRECTORY
            + "RewriteRule ^(.*)$ https://www.example.com/$1 [L]\n</Directory>\n",
            lines=(3,),
            modules=("rewrite_module",),
        ),
        Example(
            bad="RedirectMatch ^/to/(.*)$ https://$1\n",
        ),
        Example(
            good="Redirect permanent / https://www.example.com/\n"
            "Redirect /app https://www.example.com\nRedirect 410 /gone/\n"
            "RedirectMatch ^(/.*)$ https://www.example.com$1\n"
            "RedirectMatch ^/(.*)$ https://www.example.com/$1\n"
            "<Location /old/>\nRedirect https://www.example.com\n</Location>\n"
        ),
        Example(
            good=_ON
            + "RewriteRule ^(.*)$ https://%{HTTP_HOST}$1 [R=301,L]\n"
            + "RewriteRule ^/x https://%{HTTP_HOST}%{REQUEST_URI} [R=301,L]\n"
            + "RewriteCond %{HTTP_HOST} ^www\\.(.+)$\n"
            + "RewriteRule ^ https://%1%{REQUEST_URI} [R=301,L]\n"
            + "RewriteRule ^/([a-z]+)$ https://$1.example.com/ [R]\n",
            modules=("rewrite_module",),
        ),
        Example(good="RewriteRule ^(.*)$ https://www.example.com$1 [R]\n", scope=Scope.FRAGMENT),
    ),
    check=check,
)
