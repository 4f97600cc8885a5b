"""Rewrite rules of the main server run for no request.

## What it does
Reports ``RewriteRule`` outside of all virtual hosts when every address that httpd listens on
belongs to virtual hosts, and none of them takes the rules over.

## Why it matters
A virtual host has rules of its own and those alone. ``RewriteOptions InheritDown`` beside the
rules hands them on, but only to virtual hosts that have a directive of mod_rewrite, such as
``RewriteEngine On``.

## When to ignore it
Never: the rules can go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.lint.merged_views import merged_view_of
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.httpd.merged_view import MergedView
    from mpmtune.model.config import Occurrence, Tree

_OF_VIRTUAL_HOSTS = ("rewriteengine", "rewriteoptions", "rewriterule", "rewritecond")


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the first rule of the main server, when it runs nowhere."""
    rules = [line for line in hits["rewriterule"] if line.enclosing is None]
    if not rules or not hits["<virtualhost"]:
        return
    view = merged_view_of(tree)
    if _main_server_is_asked(view) or not _is_on(hits):
        return
    if not any(_runs(view, line, rules[0]) for line in _one_in_each_virtual_host(hits)):
        yield Violation(
            rules[0],
            "No virtual host takes over the rules of the main server, and the main server gets"
            " no requests: these rules never run",
            related=(hits["<virtualhost"][0],),
        )


def _main_server_is_asked(view: MergedView) -> bool:
    listeners = view.hosts.listeners
    return not listeners or any(
        view.hosts.at(one.address.host, one.address.port) is None for one in listeners
    )


def _is_on(hits: Hits) -> bool:
    """Whether the engine is on; where it is off, that is what another rule tells."""
    last = hits.last("rewriteengine")
    return last is not None and last.args.strip("\"' ").lower() == "on"


def _one_in_each_virtual_host(hits: Hits) -> Iterator[Occurrence]:
    """Give one line of mod_rewrite for each virtual host that has some: others run no rules."""
    seen: set[int] = set()
    for name in _OF_VIRTUAL_HOSTS:
        for line in hits[name]:
            around = line.enclosing
            if around is not None and around.name == "<virtualhost" and id(around) not in seen:
                seen.add(id(around))
                yield line


def _runs(view: MergedView, inside: Occurrence, rule: Occurrence) -> bool:
    server = view.server(view.hosts.around(inside))
    return any(line is rule for line in server.of_server("rewriterule"))


_MAIN = 'RewriteEngine On\nRewriteRule "^/old$" "/new" [R,L]\n'


def _host(lines: str = "", address: str = "*") -> str:
    return f"<VirtualHost {address}>\nServerName a.example\n{lines}</VirtualHost>\n"


RULE = Rule(
    code="RWR604",
    name="server-rewrites-not-inherited",
    severity=Severity.WARNING,
    on=("rewriterule", "rewriteengine", "rewriteoptions", "rewritecond", "<virtualhost"),
    whole_tree=True,
    jointly=True,
    references=("mod/mod_rewrite.html#rewriteoptions", "mod_rewrite.c: config_server_merge"),
    since="0.1.0",
    examples=(
        Example(
            bad=_MAIN + _host(),
            good="RewriteOptions InheritDown\n" + _MAIN + _host("RewriteEngine On\n"),
            lines=(2,),
            modules=("rewrite_module",),
        ),
        Example(
            bad="RewriteOptions InheritDown\n" + _MAIN + _host(),
            lines=(3,),
            modules=("rewrite_module",),
        ),
        Example(
            bad=_MAIN + _host("RewriteEngine On\nRewriteCond %{HTTPS} off\nRewriteRule ^ - [F]\n"),
            lines=(2,),
            modules=("rewrite_module",),
        ),
        Example(
            good=_MAIN + _host("RewriteEngine On\nRewriteOptions Inherit\n"),
            modules=("rewrite_module",),
        ),
        Example(good=_MAIN + _host(address="*:80"), modules=("rewrite_module",)),
        Example(
            good="RewriteEngine Off\nRewriteRule ^ - [F]\n" + _host(), modules=("rewrite_module",)
        ),
        Example(
            good="RewriteEngine On\n" + _host("RewriteRule ^ - [F]\n"), modules=("rewrite_module",)
        ),
        Example(good=_MAIN, modules=("rewrite_module",)),
    ),
    check=check,
)
