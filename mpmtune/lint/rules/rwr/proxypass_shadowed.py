"""A ProxyPass never applies, because an earlier one takes its paths.

## What it does
Reports a ``ProxyPass`` whose path lies at or below that of an earlier one of the same server, or
of the main server, when it says something else.

## Why it matters
The first match wins, and the lines of the main server come before those of a virtual host. An
exclusion (``ProxyPass /private !``) behind ``ProxyPass /`` excludes nothing.

## When to ignore it
Never. Put the longer path first. Lines in ``<Location>`` have an order of their own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mpmtune.lint.fixes import fix, insert_before, remove
from mpmtune.lint.proxy_lines import passes_of, server_of, shown
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mpmtune.httpd.proxy_passes import ProxyPass
    from mpmtune.model.config import Occurrence, Tree
    from mpmtune.model.finding import Fix

_SLASHES = re.compile("/{2,}")
_Lines = dict[str, tuple["Occurrence", "ProxyPass"]]


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the lines that come too late."""
    passes = passes_of(tree)
    servers: dict[int, _Lines] = {}
    main = servers.setdefault(id(None), {})
    lines = [line for line in hits["proxypass"] if line.enclosing in {None, server_of(line)}]
    for line in sorted(lines, key=lambda line: line.enclosing is not None):
        said = passes[id(line)]
        if said.regex or not said.path.startswith("/"):
            continue
        own = servers.setdefault(id(line.enclosing), {})
        path = _SLASHES.sub("/", said.path)
        found = _covering(path, main) or _covering(path, own)
        if found is None:
            own[path] = line, said
        elif not _says_the_same(found[1], said):
            first = found[0]
            yield Violation(
                line,
                f"ProxyPass {found[1].path} comes first and takes these paths: this line never"
                " applies",
                _fix(line, first),
                related=(first,),
            )


def _covering(
    path: str, lines: Mapping[str, tuple[Occurrence, ProxyPass]]
) -> tuple[Occurrence, ProxyPass] | None:
    """Find the line for a path or one above it: alias_match."""
    at = path.find("/")
    while lines and at >= 0:
        found = lines.get(path[:at]) or lines.get(path[: at + 1])
        if found is not None:
            return found
        at = path.find("/", at + 1)
    return lines.get(path)


def _says_the_same(first: ProxyPass, later: ProxyPass) -> bool:
    if first.parameters != later.parameters and later.parameters:
        return False
    if not first.url or not later.url:
        return first.url == later.url
    rest = _SLASHES.sub("/", later.path)[len(_SLASHES.sub("/", first.path)) :]
    return first.target + rest == later.target


def _fix(line: Occurrence, first: Occurrence) -> Fix | None:
    text = shown(line)
    if not text or line.source is not first.source or line.enclosing is not first.enclosing:
        return None
    return fix("Put the line first", insert_before(first, text), remove(line))


_HTTP = ("proxy_module", "proxy_http_module")

RULE = Rule(
    code="RWR615",
    name="proxypass-shadowed",
    severity=Severity.ERROR,
    on=("proxypass",),
    references=("mod/mod_proxy.html#proxypass", "mod_proxy.c: proxy_trans"),
    since="0.1.0",
    examples=(
        Example(
            bad="ProxyPass / http://127.0.0.1:9000/\nProxyPass /pub !\n",
            fixed_unsafely="ProxyPass /pub !\nProxyPass / http://127.0.0.1:9000/\n",
            lines=(2,),
            modules=_HTTP,
        ),
        Example(
            bad="ProxyPass /a http://127.0.0.1:9000/a\n"
            "<VirtualHost *:8080>\nProxyPass /a/b http://127.0.0.1:9001/b\n</VirtualHost>\n",
            lines=(3,),
            modules=_HTTP,
        ),
        Example(
            bad="ProxyPass /a/ http://127.0.0.1:9000/a/\nProxyPass //a//b http://127.0.0.1:9001/b\n",
            fixed_unsafely="ProxyPass //a//b http://127.0.0.1:9001/b\n"
            "ProxyPass /a/ http://127.0.0.1:9000/a/\n",
            lines=(2,),
            modules=_HTTP,
        ),
        Example(
            good="ProxyPass /pub !\nProxyPass /pub/a !\nProxyPass /a/ http://127.0.0.1:9000/a/\n"
            "ProxyPass /a http://127.0.0.1:9000/a\nProxyPass /ab http://127.0.0.1:9000/ab\n"
            "ProxyPass / http://127.0.0.1:9000/\nProxyPass /c http://127.0.0.1:9000/c\n",
            modules=_HTTP,
        ),
        Example(
            good="ProxyPass / http://127.0.0.1:9000/\n"
            "<Location /a>\nProxyPass http://127.0.0.1:9001/a\n</Location>\n",
            modules=_HTTP,
        ),
        Example(
            good="ProxyPassMatch ^/a http://127.0.0.1:9000\nProxyPass ~ ^/b http://127.0.0.1:9000\n"
            "<VirtualHost *:8080>\nProxyPass /a/b http://127.0.0.1:9001/b\n</VirtualHost>\n"
            "<VirtualHost *:80>\nProxyPass /a http://127.0.0.1:9001/b\n</VirtualHost>\n",
            modules=_HTTP,
        ),
    ),
    check=check,
)
