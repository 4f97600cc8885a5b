"""The address of a virtual host is a DNS name.

## What it does
Reports a ``<VirtualHost>`` with a name where an IP address or ``*`` belongs.

## Why it matters
httpd resolves it once, at start. Without an answer it says AH00547 and leaves the address out, and
when the record changes, the virtual host stays at the old one. The name is not what requests are
compared with; that is ``ServerName``.

## When to ignore it
Where the name stands in the machine's own ``/etc/hosts``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.addresses import ANY, addresses_of
from mpmtune.httpd.words import arguments
from mpmtune.lint.fixes import fix, replace_word
from mpmtune.lint.placing import word_of
from mpmtune.lint.rule import Example, Hits, Rule, Scope, ids
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.httpd.addresses import Address
    from mpmtune.model.config import Occurrence, Tree
    from mpmtune.model.finding import Fix


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each address that a resolver decides about."""
    del tree
    for hit in hits:
        for number, word in enumerate(arguments(hit.name, hit.args), 1):
            for address in addresses_of(word):
                if address.host == ANY or address.is_ip:
                    continue
                yield Violation(
                    hit,
                    f"{address.host} is resolved once, at start; without an answer the virtual host"
                    " is left out (AH00547)",
                    _fix(hit, number, address),
                    word=number,
                )


def _fix(hit: Occurrence, number: int, address: Address) -> Fix | None:
    every = f"*:{address.port}" if address.port else "*"
    start, end = word_of(hit, number)[1:]
    bracket = ">" if hit.source.text.endswith(">", start, end) else ""
    return fix("Be there at every address", replace_word(hit, number, every + bracket))


_HOST = "<VirtualHost {}>\nServerName www.example.com\n</VirtualHost>\n"

RULE = Rule(
    code="VHO707",
    name="hostname-in-vhost-address",
    severity=Severity.WARNING,
    by_default=False,
    on=("<virtualhost",),
    httpd_ids=ids("AH00547"),
    references=("dns-caveats.html", "vhost.c: get_addresses"),
    since="0.1.0",
    examples=(
        Example(
            bad=_HOST.format("www.example.invalid:8080"), fixed_unsafely=_HOST.format("*:8080")
        ),
        Example(
            bad=_HOST.format("127.0.0.1:80 www.example.invalid"),
            fixed_unsafely=_HOST.format("127.0.0.1:80 *"),
            scope=Scope.FRAGMENT,
        ),
        Example(good=_HOST.format("127.0.0.1:8080")),
        Example(good=_HOST.format("localhost:80")),
        Example(good=_HOST.format("_default_:80")),
    ),
    check=check,
)
