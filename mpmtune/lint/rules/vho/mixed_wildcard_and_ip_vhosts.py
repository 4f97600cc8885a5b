"""Virtual hosts at a single address hide those at every address.

## What it does
Reports virtual hosts for an address, such as ``192.0.2.1:80``, when others for ``*:80`` have names
that are not among theirs; and those for ``*:80`` besides others for ``*``.

## Why it matters
httpd picks one list of virtual hosts for a connection, the one with the nearest address, and looks
for the name in that list alone. Names of the other list are never found on that address: the first
virtual host of the nearer list answers instead.

## When to ignore it
Where the others are meant for the remaining addresses of the machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.addresses import ANY
from mpmtune.httpd.taken_names import names_of
from mpmtune.lint.merged_views import merged_view_of
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.httpd.addresses import Address
    from mpmtune.httpd.virtual_hosts import NamedHosts, VirtualHost
    from mpmtune.model.config import Tree


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the first virtual host of each address that hides others."""
    del hits
    lists = {
        (made.address.host, made.address.port): made for made in merged_view_of(tree).hosts.lists
    }
    said: set[int] = set()
    for near in lists.values():
        for key in _wider(near.address):
            found = _hidden(lists[key], near) if key in lists else None
            if found is None or id(near.first) in said:
                continue
            host, name = found
            said.add(id(near.first))
            yield Violation(
                near.first.occurrence,
                f"Who comes in at {near.address} never gets to {lists[key].address} with its"
                f" {name}",
                related=(host.occurrence,),
            )


def _wider(address: Address) -> Iterator[tuple[str, int]]:
    """Give the lists that httpd would take if there were none for this address; vhost.c: find_ipaddr."""
    if address.port:
        yield address.host, 0
    if address.host != ANY:
        yield ANY, address.port
        if address.port:
            yield ANY, 0


def _hidden(wide: NamedHosts, near: NamedHosts) -> tuple[VirtualHost, str] | None:
    """Find a name that the wider list has alone.

    It takes no longer than the shorter of both lists: the first name that is not in the nearer
    one ends the search.
    """
    for host, _ in wide.members:
        for name in names_of(host):
            if near.named(name) is None:
                return host, name
    return None


def _host(at: str, name: str) -> str:
    return f"<VirtualHost {at}>\nServerName {name}.example.com\n</VirtualHost>\n"


RULE = Rule(
    code="VHO706",
    name="mixed-wildcard-and-ip-vhosts",
    severity=Severity.WARNING,
    by_default=False,
    on=("<virtualhost",),
    jointly=True,
    references=("vhosts/details.html", "vhost.c: find_ipaddr"),
    since="0.1.0",
    examples=(
        Example(
            bad=_host("*:80", "a") + _host("127.0.0.1:80", "b"),
            good=_host("127.0.0.1:80", "a") + _host("127.0.0.1:80", "b"),
            lines=(4,),
        ),
        Example(bad=_host("*", "a") + _host("*:80", "b"), lines=(4,)),
        Example(bad=_host("192.0.2.1:80", "b") + _host("*:80", "a"), scope=Scope.FRAGMENT),
        Example(good=_host("*:80 127.0.0.1:80", "a") + _host("127.0.0.1:80", "b")),
        Example(
            good="<VirtualHost *:80>\nDocumentRoot /srv/www/htdocs\n</VirtualHost>\n"
            + _host("127.0.0.1:80", "b")
        ),
        Example(good=_host("*:8080", "a") + _host("127.0.0.1:80", "b")),
    ),
    check=check,
)
