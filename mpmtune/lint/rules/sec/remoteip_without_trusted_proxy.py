"""Any client may say which address it comes from.

## What it does
Reports ``RemoteIPHeader`` for a server for which no ``RemoteIPInternalProxy``,
``RemoteIPTrustedProxy`` or list of those is in force.

## Why it matters
mod_remoteip then believes the header whoever sends it. A client writes the address of somebody
who is let in, and passes ``Require ip``; logs and bans show the forged address as well. Only
private addresses are refused.

## When to ignore it
Where nothing but the proxy can reach the port, and the proxy throws away what clients send in
that header.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree

_TRUST = (
    "remoteipinternalproxy",
    "remoteipinternalproxylist",
    "remoteiptrustedproxy",
    "remoteiptrustedproxylist",
)


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each line that holds for a server which trusts nobody in particular."""
    del tree
    trusting = {id(hit.enclosing) for name in _TRUST for hit in hits[name]}
    if id(None) in trusting:  # every virtual host inherits it
        return
    for hit in hits["remoteipheader"]:
        servers = (hit.enclosing,) if hit.enclosing else hits["<virtualhost"]
        if not servers or any(id(server) not in trusting for server in servers):
            yield Violation(
                hit,
                "No RemoteIPInternalProxy says whose header is believed: any client may name the"
                " address it comes from",
            )


_MODULE = ("remoteip_module",)
_HEADER = "RemoteIPHeader X-Forwarded-For\n"

RULE = Rule(
    code="SEC328",
    name="remoteip-without-trusted-proxy",
    severity=Severity.ERROR,
    on=("remoteipheader", *_TRUST, "<virtualhost"),
    whole_tree=True,
    jointly=True,
    references=(
        "mod/mod_remoteip.html#remoteipinternalproxy",
        "mod_remoteip.c: remoteip_modify_request",
    ),
    since="0.1.0",
    examples=(
        Example(bad=_HEADER, good=f"{_HEADER}RemoteIPInternalProxy 192.0.2.1\n", modules=_MODULE),
        Example(
            bad=f"{_HEADER}<VirtualHost *:8080>\nServerName a.example.com\n"
            "RemoteIPTrustedProxy 192.0.2.1\n</VirtualHost>\n"
            "<VirtualHost *:8080>\nServerName b.example.com\n</VirtualHost>\n",
            modules=_MODULE,
        ),
        Example(
            bad=f"<VirtualHost *:8080>\n{_HEADER}</VirtualHost>\n", lines=(2,), modules=_MODULE
        ),
        Example(
            good=f"RemoteIPTrustedProxy 192.0.2.1\n<VirtualHost *:8080>\n{_HEADER}</VirtualHost>\n",
            modules=_MODULE,
        ),
        Example(
            good=f"{_HEADER}<VirtualHost *:8080>\nRemoteIPTrustedProxy 192.0.2.1\n</VirtualHost>\n",
            modules=_MODULE,
        ),
    ),
    check=check,
)
