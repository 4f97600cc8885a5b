"""A virtual host has no name, and another one stands before it.

## What it does
Reports a ``<VirtualHost>`` without ``ServerName`` and ``ServerAlias`` that is the first at none of
its addresses. The first one needs no name: it answers to every name that the others do not have.

## Why it matters
httpd gives it the name of the main server, or, at a single IP address, what reverse DNS says at
start. Requests for any other name go to the first virtual host, and this one is never seen.

## When to ignore it
Where the main server's ``ServerName`` is meant for it; say so in the virtual host.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.addresses import ANY
from mpmtune.lint.merged_views import merged_view_of
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.httpd.virtual_hosts import VirtualHost
    from mpmtune.model.config import Tree


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each nameless virtual host behind another one."""
    del hits
    hosts = merged_view_of(tree).hosts
    nameless = [host for host in hosts.all if _is_nameless(host)]
    if not nameless:
        return
    first = {id(made.first) for made in hosts.lists}
    for host in nameless:
        if id(host) not in first:
            yield Violation(host.occurrence, f"No ServerName: this answers only to {_name(host)}")


def _is_nameless(host: VirtualHost) -> bool:
    """Whether requests cannot ask for it by a name, that of its address included."""
    named = host.named_by is not None or bool(host.aliases)
    numbers = [one.host == ANY or one.is_ip for one in host.addresses]
    return not named and bool(numbers) and all(numbers)


def _name(host: VirtualHost) -> str:
    if any(one.host == ANY for one in host.addresses):
        main = host.server_name
        return f"the name of the main server, {main}" if main else "the name of the machine"
    return "what reverse DNS says of its address at start"


_NAMED = "<VirtualHost {0}>\nServerName www.example.com\n</VirtualHost>\n"
_NAMELESS = "<VirtualHost {0}>\nDocumentRoot /srv/www/htdocs\n</VirtualHost>\n"

RULE = Rule(
    code="VHO701",
    name="vhost-without-servername",
    severity=Severity.WARNING,
    on=("<virtualhost",),
    jointly=True,
    references=("vhosts/name-based.html", "vhost.c: ap_fini_vhost_config"),
    since="0.1.0",
    examples=(
        Example(
            bad=_NAMED.format("*:8080") + _NAMELESS.format("*:8080"),
            good=_NAMED.format("*:8080")
            + "<VirtualHost *:8080>\nServerName app.example.com\n</VirtualHost>\n",
            lines=(4,),
        ),
        Example(
            bad=_NAMED.format("127.0.0.1:8080") + _NAMELESS.format("127.0.0.1:8080"), lines=(4,)
        ),
        Example(
            bad="ServerName example.com\n" + _NAMED.format("*:80") + _NAMELESS.format("*:80"),
            lines=(5,),
        ),
        Example(
            bad=_NAMED.format("*:80") + _NAMELESS.format("*:80"), lines=(4,), scope=Scope.FRAGMENT
        ),
        Example(good=_NAMELESS.format("*:80") + _NAMED.format("*:80")),
        Example(good=_NAMED.format("*:80") + _NAMELESS.format("127.0.0.1:8080")),
        Example(
            good=_NAMED.format("*:80")
            + "<VirtualHost *:80>\nServerAlias app.example.com\n</VirtualHost>\n"
        ),
        Example(good=_NAMELESS.format("*:80"), scope=Scope.FRAGMENT),
    ),
    check=check,
)
