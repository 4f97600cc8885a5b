"""A virtual host takes its KeepAliveTimeout from another one.

## What it does
Reports a virtual host without ``KeepAliveTimeout`` whose address and port it shares with an
earlier, first one that sets it.

## Why it matters
When a connection waits for its next request, httpd knows only the address it came in on: the
value of the first host there holds, and not that of the main server, though the answer's
``Keep-Alive`` header names the latter.

## When to ignore it
Where the first host's value is meant for all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.words import arguments
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.lint.written_values import value_of
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each virtual host that inherits sideways."""
    del tree
    own = {id(line.enclosing): line for line in hits["keepalivetimeout"]}
    main = own.get(id(None))
    first: dict[str, Occurrence] = {}
    for host in hits["<virtualhost"]:
        addresses = arguments(host.name, host.args)
        givers = (first.setdefault(address.lower(), host) for address in addresses)
        lines = (own[id(giver)] for giver in givers if giver is not host and id(giver) in own)
        line = next(lines, None)
        if line is None or id(host) in own or (main and value_of(main) == value_of(line)):
            continue
        yield Violation(
            host,
            f"KeepAliveTimeout {line.args} of the first virtual host at this address holds here as"
            " well, not that of the main server",
            related=(line,),
        )


RULE = Rule(
    code="KAL211",
    name="keepalive-timeout-inherited-from-sibling-vhost",
    severity=Severity.INFO,
    by_default=False,
    on=("<virtualhost", "keepalivetimeout"),
    jointly=True,
    references=("mod/core.html#keepalivetimeout", "event.c: event_post_read_request"),
    since="0.1.0",
    examples=(
        Example(
            bad="KeepAliveTimeout 5\n"
            "<VirtualHost *:8080>\nServerName a.example\nKeepAliveTimeout 2\n</VirtualHost>\n"
            "<VirtualHost *:8080>\nServerName b.example\n</VirtualHost>\n",
            good="KeepAliveTimeout 5\n"
            "<VirtualHost *:8080>\nServerName a.example\n</VirtualHost>\n"
            "<VirtualHost *:8080>\nServerName b.example\n</VirtualHost>\n",
            lines=(6,),
        ),
        Example(
            good="<VirtualHost *:8080>\nServerName a.example\nKeepAliveTimeout 2\n</VirtualHost>\n"
            "<VirtualHost *:8080>\nServerName b.example\nKeepAliveTimeout 3\n</VirtualHost>\n"
        ),
        Example(
            good="<VirtualHost *:8080>\nServerName a.example\nKeepAliveTimeout 2\n</VirtualHost>\n"
            "<VirtualHost *:80>\nServerName b.example\n</VirtualHost>\n"
        ),
    ),
    check=check,
)
