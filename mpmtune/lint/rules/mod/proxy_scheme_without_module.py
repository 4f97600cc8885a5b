"""A backend is named by a scheme that no loaded module speaks.

## What it does
Looks at the URLs of ``ProxyPass``, ``ProxyPassMatch``, ``BalancerMember`` and ``RewriteRule``
with flag ``P``: for ``http`` mod_proxy_http has to be loaded, for ``fcgi`` mod_proxy_fcgi, and so
on.

## Why it matters
``-t`` and the start are content; then every request answers 500, and the error log says AH01144:
no protocol handler was valid for the URL.

## When to ignore it
When the module is loaded by a file that is not here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.dependencies import SCHEMES, scheme_of
from mpmtune.httpd.words import split
from mpmtune.lint.loading import load
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the backends that nobody answers for."""
    for hit in hits:
        if ":" not in hit.item.args:  # no scheme, then
            continue
        scheme = scheme_of(_target(hit))
        modules = SCHEMES.get(scheme)
        if modules is not None and not any(module in tree.modules for module in modules):
            yield Violation(
                hit,
                f"No loaded module speaks {scheme}: requests answer 500 (AH01144);"
                f" {modules[0]} does",
                load(tree, hit, modules[0]),
            )


def _target(hit: Occurrence) -> str:
    """Find the word that is the backend's URL; empty when the line names none."""
    words = split(hit.args)
    if hit.name == "rewriterule":
        flags = "".join(words[2:3]).strip("[]").upper().split(",")
        return words[1] if {"P", "PROXY"}.intersection(flags) else ""
    if hit.name == "balancermember":
        return next((word for word in words if "://" in word), "")
    return next((word for word in words[:2] if "://" in word), "")


RULE = Rule(
    code="MOD105",
    name="proxy-scheme-without-module",
    severity=Severity.ERROR,
    on=("proxypass", "proxypassmatch", "balancermember", "rewriterule"),
    whole_tree=True,
    references=("mod/mod_proxy.html#workers", "mod_proxy.c: proxy_handler"),
    since="0.1.0",
    examples=(
        Example(
            bad='ProxyPass "/app/" "fcgi://127.0.0.1:9000/"\n',
            fixed_unsafely=(
                "LoadModule proxy_fcgi_module /usr/lib/apache2/modules/mod_proxy_fcgi.so\n"
                'ProxyPass "/app/" "fcgi://127.0.0.1:9000/"\n'
            ),
            modules=("proxy_module",),
        ),
        Example(
            bad="<VirtualHost *:8080>\nProxyPass / unix:/run/app.sock|http://app/\n</VirtualHost>\n",
            lines=(2,),
            modules=("proxy_module",),
        ),
        Example(
            bad="RewriteEngine On\nRewriteRule ^/app/(.*)$ http://127.0.0.1:8081/$1 [P,L]\n",
            lines=(2,),
            modules=("proxy_module", "rewrite_module"),
        ),
        Example(
            good='ProxyPass "/app/" "ws://127.0.0.1:9000/"\n',
            modules=("proxy_module", "proxy_http_module"),
        ),
        Example(
            good="RewriteEngine On\nRewriteRule ^/old$ http://www.example.com/new [R=301,L]\n",
            modules=("rewrite_module",),
        ),
        Example(good='ProxyPass "/app/" "fcgi://127.0.0.1:9000/"\n', scope=Scope.FRAGMENT),
    ),
    check=check,
)
