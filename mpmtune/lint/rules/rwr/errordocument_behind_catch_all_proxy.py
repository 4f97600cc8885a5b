"""The page for a dead backend is asked of that backend.

## What it does
Reports ``ErrorDocument`` for 502, 503 and 504 with a local path that a ``ProxyPass /`` takes.

## Why it matters
When the backend is down, httpd looks for the page where it looks for all paths: at the backend.
Clients get the bare message of httpd.

## When to ignore it
Never: exclude the path before, with ``ProxyPass /errors !``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.proxy_passes import NOT_PROXIED, pass_of
from mpmtune.httpd.url_mapping import How
from mpmtune.httpd.words import split
from mpmtune.lint.fixes import fix, insert_before
from mpmtune.lint.merged_views import merged_view_of
from mpmtune.lint.proxy_lines import passes_of, server_of
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mpmtune.httpd.merged_view import MergedView
    from mpmtune.httpd.proxy_passes import ProxyPass
    from mpmtune.httpd.virtual_hosts import VirtualHost
    from mpmtune.model.config import Occurrence, Tree
    from mpmtune.model.finding import Fix

_OF_BACKENDS = frozenset({"502", "503", "504"})


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the pages that nobody will see."""
    pages = [line for line in hits["errordocument"] if _page(line)]
    if not pages or not hits["proxypass"]:
        return
    view = merged_view_of(tree)
    passes = _by_server(tree, hits)
    for line in pages:
        by = next(_taken(view, passes, line), None)
        if by is not None:
            yield Violation(
                line,
                f"{_page(line)} is asked of the backend whose failure it is for",
                _fix(line, by),
                related=(by,),
            )


def _page(line: Occurrence) -> str:
    """Give the local path of a page for a backend that fails; empty for all others."""
    words = split(line.args)
    of_backend = len(words) > 1 and words[0] in _OF_BACKENDS and words[1].startswith("/")
    return words[1].partition("?")[0] if of_backend else ""


def _by_server(tree: Tree, hits: Hits) -> Mapping[int, Sequence[ProxyPass]]:
    passes = passes_of(tree)
    by_server: dict[int, list[ProxyPass]] = {}
    for line in hits["proxypass"]:
        by_server.setdefault(id(server_of(line)), []).append(passes[id(line)])
    return by_server


def _taken(
    view: MergedView, passes: Mapping[int, Sequence[ProxyPass]], line: Occurrence
) -> Iterator[Occurrence]:
    """Give the ProxyPass of each server that takes a page which is in force there."""
    own = view.hosts.around(line)
    main = passes.get(id(None), ())
    for host in (own,) if own is not None else (None, *view.hosts.all):
        of_host = () if host is None else passes.get(id(host.occurrence), ())
        if not _may_take(_page(line), (*main, *of_host)):
            continue
        if any(line is one for one in view.server(host).find("errordocument").lines):
            by = _taken_by(view, host, line)
            if by is not None:
                yield by


def _may_take(page: str, passes: Sequence[ProxyPass]) -> bool:
    """Look at it cheaply: asking for one URL in all virtual hosts takes long."""
    for one in passes:
        if one.path == "/":
            return True
        if _excludes(one, page):
            break
    return any(one.located and one.path == "/" for one in passes)


def _excludes(one: ProxyPass, page: str) -> bool:
    plain = one.target == NOT_PROXIED and not one.located and not one.regex
    return plain and page.startswith(one.path) and page[len(one.path) :][:1] in {"", "/"}


def _taken_by(view: MergedView, host: VirtualHost | None, line: Occurrence) -> Occurrence | None:
    mapping = view.url(host, _page(line)).mapping
    if mapping is None or mapping.how is not How.BACKEND or mapping.unless:
        return None
    return mapping.by if mapping.by is not None and pass_of(mapping.by).path == "/" else None


def _fix(line: Occurrence, by: Occurrence) -> Fix | None:
    path = _page(line)
    if pass_of(by).located or not path.replace("/", "").replace(".", "").isalnum():
        return None
    return fix("Exclude the page", insert_before(by, f"ProxyPass {path} !"))


_HTTP = ("proxy_module", "proxy_http_module")

RULE = Rule(
    code="RWR620",
    name="errordocument-behind-catch-all-proxy",
    severity=Severity.WARNING,
    on=("errordocument", "proxypass"),
    jointly=True,
    references=("mod/mod_proxy.html#proxypass", "mod/core.html#errordocument"),
    since="0.1.0",
    examples=(
        Example(
            bad="ErrorDocument 503 /err/503.html\nProxyPass / http://127.0.0.1:9000/\n",
            fixed_unsafely="ErrorDocument 503 /err/503.html\nProxyPass /err/503.html !\n"
            "ProxyPass / http://127.0.0.1:9000/\n",
            modules=_HTTP,
        ),
        Example(
            bad="ErrorDocument 502 /err/502.html\n"
            "<VirtualHost *:8080>\n<Location />\nProxyPass http://127.0.0.1:9000/\n</Location>\n"
            "</VirtualHost>\n",
            modules=_HTTP,
        ),
        Example(
            good="ErrorDocument 503 /err/503.html\nProxyPass /err !\nProxyPass / http://127.0.0.1:9000/\n"
            "ErrorDocument 404 /404.html\nErrorDocument 502 http://www.example.com/\n",
            modules=_HTTP,
        ),
        Example(
            good="ErrorDocument 503 /err/503.html\nProxyPass /err/ http://127.0.0.1:9001/\n"
            "ProxyPass / http://127.0.0.1:9000/\n",
            modules=_HTTP,
        ),
        Example(
            good="<VirtualHost *:8080>\nErrorDocument 503 /err/503.html\n</VirtualHost>\n"
            "<VirtualHost *:80>\nProxyPass / http://127.0.0.1:9000/\n</VirtualHost>\n",
            modules=_HTTP,
        ),
    ),
    check=check,
)
