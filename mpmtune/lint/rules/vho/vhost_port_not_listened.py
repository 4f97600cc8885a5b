"""A virtual host is for a port that httpd does not listen on.

## What it does
Compares the addresses of each ``<VirtualHost>`` with every ``Listen``: same port, and an address
that one of the two leaves open or both name. An error where none of its addresses is listened on,
a warning where only some are not.

## Why it matters
``<VirtualHost>`` opens no port. No connection ever comes to such a virtual host; ``-t`` and the
start are content.

## When to ignore it
Never: add the ``Listen``, or mend the port.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.addresses import ANY
from mpmtune.lint.merged_views import merged_view_of
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from mpmtune.httpd.addresses import Address
    from mpmtune.model.config import Tree


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each virtual host with an address that nobody comes in on."""
    del hits
    hosts = merged_view_of(tree).hosts
    listened: dict[int, set[str]] = {}
    for one in hosts.listeners:
        listened.setdefault(one.address.port, set()).add(one.address.host)
    if not listened:
        return
    for host in hosts.all:
        named: dict[str, bool] = {}
        for address in host.addresses:  # a name such as localhost stands for several
            name = str(address._replace(host=address.written))
            named[name] = named.get(name, False) or _is_open(address, listened)
        dead = [name for name, is_open in named.items() if not is_open]
        if dead:
            yield Violation(
                host.occurrence,
                f"There is no Listen for {' and '.join(dead)}: no connection comes in there",
                severity=None if len(dead) == len(named) else Severity.WARNING,
            )


def _is_open(address: Address, listened: Mapping[int, AbstractSet[str]]) -> bool:
    hosts = listened.get(address.port, frozenset())
    open_to_it = address.host == ANY or not address.is_ip or bool({ANY, address.host} & hosts)
    return not address.port or (bool(hosts) and open_to_it)


_HOST = "<VirtualHost {}>\nServerName www.example.com\n</VirtualHost>\n"

RULE = Rule(
    code="VHO704",
    name="vhost-port-not-listened",
    severity=Severity.ERROR,
    on=("<virtualhost", "listen"),
    whole_tree=True,
    jointly=True,
    references=("bind.html", "mod/mpm_common.html#listen"),
    since="0.1.0",
    examples=(
        Example(
            bad=_HOST.format("*:8477"), good="Listen 127.0.0.1:8477\n" + _HOST.format("*:8477")
        ),
        Example(bad="Listen 127.0.0.1:8477\n" + _HOST.format("127.0.0.2:8477"), lines=(2,)),
        Example(bad=_HOST.format("*:80 *:8477")),
        Example(good=_HOST.format("*") + _HOST.format("_default_:80").replace("www", "a")),
        Example(good=_HOST.format("127.0.0.1:8080 localhost:80")),
        Example(good="Listen 8477\n" + _HOST.format("[::1]:8477")),
        Example(good=_HOST.format("*:8477"), scope=Scope.FRAGMENT),
    ),
    check=check,
)
