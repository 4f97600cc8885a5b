"""A virtual host keeps connections as long as its neighbour says.

## What it does
Reports a name-based virtual host without ``KeepAliveTimeout`` that shares its address and port
with a first one that sets it.

## Why it matters
When the wait begins, httpd takes the value of the first virtual host of that address and port,
not the one at server level. The header that the client gets still names the latter.

## When to ignore it
When the value is meant for all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.words import arguments
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the virtual hosts that a sibling's value rules."""
    del tree
    setting = {id(hit.enclosing): hit for hit in hits["keepalivetimeout"] if hit.enclosing}
    first: dict[str, Occurrence] = {}
    for host in hits["<virtualhost"]:
        for address in arguments(host.item.name, host.args):
            leader = first.setdefault(address.lower(), host)
            rules = setting.get(id(leader))
            if leader is not host and rules is not None and id(host) not in setting:
                yield Violation(
                    host,
                    f"The KeepAliveTimeout of the first virtual host of {address} holds here too",
                    related=(rules,),
                )
                break


RULE = Rule(
    code="KAL211",
    name="keepalive-timeout-inherited-from-sibling-vhost",
    severity=Severity.INFO,
    on=("<virtualhost", "keepalivetimeout"),
    by_default=False,
    jointly=True,
    whole_tree=True,
    references=("mod/core.html#keepalivetimeout", "event.c: event_post_read_request"),
    since="0.1.0",
    examples=(
        Example(
            bad=(
                "<VirtualHost *:8080>\nServerName a.example.com\nKeepAliveTimeout 10\n</VirtualHost>\n"
                "<VirtualHost *:8080>\nServerName b.example.com\n</VirtualHost>\n"
            ),
            lines=(5,),
        ),
        Example(
            good=(
                "KeepAliveTimeout 10\n"
                "<VirtualHost *:8080>\nServerName a.example.com\n</VirtualHost>\n"
                "<VirtualHost *:8080>\nServerName b.example.com\nKeepAliveTimeout 5\n</VirtualHost>\n"
            ),
        ),
        Example(
            good="<VirtualHost *:8080>\nKeepAliveTimeout 9\n</VirtualHost>\n", scope=Scope.FRAGMENT
        ),
    ),
    check=check,
)
