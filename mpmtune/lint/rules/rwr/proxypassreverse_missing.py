"""A backend is asked, and its redirects are passed on as they are.

## What it does
Reports ``ProxyPass`` to ``http`` or ``https`` for which no ``ProxyPassReverse`` of the server is about
the same path or the same backend.

## Why it matters
When the backend redirects, its ``Location`` header names the backend: clients are sent to a host
that they cannot reach, and see its name.

## When to ignore it
Where the backend never redirects, or knows the outer name. With ``ProxyPreserveHost On`` and the
same path on both sides the rule is silent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.dependencies import scheme_of
from mpmtune.httpd.words import split
from mpmtune.lint.fixes import fix, insert_after
from mpmtune.lint.merged_views import merged_view_of
from mpmtune.lint.proxy_lines import passes_of, server_of, shown
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.lint.surroundings import around
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.httpd.proxy_passes import ProxyPass
    from mpmtune.model.config import Occurrence, Tree
    from mpmtune.model.finding import Fix


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the lines without a way back."""
    passes = passes_of(tree)
    reversed_by: dict[int, set[str]] = {}
    for line in hits["proxypassreverse"]:
        known = reversed_by.setdefault(id(server_of(line)), set())
        known.update(_known_by(word) for word in split(line.args)[:2])
    nothing: set[str] = set()
    for hit in hits["proxypass"]:
        said = passes[id(hit)]
        if said.regex or scheme_of(said.target) not in {"http", "https"}:
            continue
        known = reversed_by.get(id(None), nothing) | reversed_by.get(id(server_of(hit)), nothing)
        if {_known_by(said.url), said.path} & known or _keeps_names(tree, hit, said):
            continue
        yield Violation(
            hit,
            "Redirects of the backend reach clients with the backend's name: no ProxyPassReverse",
            _fix(hit, said),
        )


def _known_by(word: str) -> str:
    """Give the host of a URL, a path as it is."""
    scheme, separator, rest = word.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}".lower() if separator else word


def _keeps_names(tree: Tree, hit: Occurrence, said: ProxyPass) -> bool:
    """Whether the backend is asked for the path and the name that the client asked for."""
    path = said.url.partition("://")[2].partition("/")[2]
    if f"/{path}".rstrip("/") != said.path.rstrip("/"):
        return False
    here = around(merged_view_of(tree), hit)
    kept = None if here is None else here.find("proxypreservehost").last
    return kept is not None and kept.args.strip("\"' ").lower() == "on"


def _fix(hit: Occurrence, said: ProxyPass) -> Fix | None:
    path = "" if said.located else f"{split(hit.args)[0]} "
    if not shown(hit) or " " in f"{path.rstrip()}{said.url}":
        return None
    return fix("Rewrite its redirects", insert_after(hit, f"ProxyPassReverse {path}{said.url}"))


_HTTP = ("proxy_module", "proxy_http_module")

RULE = Rule(
    code="RWR616",
    name="proxypassreverse-missing",
    severity=Severity.INFO,
    by_default=False,
    on=("proxypass", "proxypassreverse", "proxypreservehost"),
    jointly=True,
    references=("mod/mod_proxy.html#proxypassreverse",),
    since="0.1.0",
    examples=(
        Example(
            bad="ProxyPass /app/ http://127.0.0.1:9000/\n",
            fixed_unsafely="ProxyPass /app/ http://127.0.0.1:9000/\n"
            "ProxyPassReverse /app/ http://127.0.0.1:9000/\n",
            modules=_HTTP,
        ),
        Example(
            bad="<Location /app>\n  ProxyPass http://127.0.0.1:9000/app\n</Location>\n",
            fixed_unsafely="<Location /app>\n  ProxyPass http://127.0.0.1:9000/app\n"
            "  ProxyPassReverse http://127.0.0.1:9000/app\n</Location>\n",
            lines=(2,),
            modules=_HTTP,
        ),
        Example(
            bad="<VirtualHost *:8080>\nProxyPassReverse /app/ http://127.0.0.1:9000/\n</VirtualHost>\n"
            "ProxyPass /app/ http://127.0.0.1:9000/\n",
            lines=(4,),
            modules=_HTTP,
        ),
        Example(
            good="ProxyPassReverse / http://127.0.0.1:9000/\n"
            "ProxyPass /app/ http://127.0.0.1:9000/app/\nProxyPass /pub !\n"
            "ProxyPass /ws/ ws://127.0.0.1:9001/\nProxyPassMatch ^/x http://127.0.0.1:9002\n",
            modules=(*_HTTP, "proxy_wstunnel_module"),
        ),
        Example(
            good="ProxyPreserveHost On\nProxyPass /app/ http://127.0.0.1:9000/app/\n",
            modules=_HTTP,
        ),
    ),
    check=check,
)
