"""Two Listen are for the same address and port.

## What it does
Reports a ``Listen`` for what another one has already: the same words, or an address of its own
besides ``Listen PORT``, which is for all of them. ``0.0.0.0`` besides ``[::]`` or the port alone is
fine.

## Why it matters
The same pair is refused while httpd 2.4.71 reads; earlier versions, and all of them where the
words differ, find out at start: AH00072, address already in use, and httpd does not come up.
``-t`` is silent on that.

## When to ignore it
Never.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.addresses import ANY
from mpmtune.lint.fixes import fix, remove
from mpmtune.lint.merged_views import merged_view_of
from mpmtune.lint.rule import Example, Hits, Rule
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mpmtune.httpd.addresses import Address, Listener
    from mpmtune.model.config import Tree

_IPV4, _IPV6 = "0.0.0.0", "::"  # noqa: S104 - nothing is bound


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield the later one of each pair that cannot both be."""
    del hits
    before: dict[int, list[Listener]] = {}
    for one in merged_view_of(tree).hosts.listeners:
        others = before.setdefault(one.address.port, [])
        other = _in_the_way(one, others)
        if other is None:
            others.append(one)
            continue
        same = _socket(one.address) == _socket(other.address)
        alike = same and one.protocol == other.protocol
        yield Violation(
            one.occurrence,
            f"httpd does not start: {other.occurrence.item.spelling} {other.occurrence.args}"
            + (" is for the same address" if same else " covers this address too (AH00072)"),
            fix("Remove it", remove(one.occurrence), safe=True) if alike else None,
            related=(other.occurrence,),
        )


def _in_the_way(one: Listener, others: Sequence[Listener]) -> Listener | None:
    """Give the Listen that keeps another one from its address: make_sock of listen.c."""
    return next((other for other in others if _clash(one.address, other.address)), None)


def _clash(one: Address, other: Address) -> bool:
    here, there = _socket(one), _socket(other)
    if here == there:
        return True
    pair = {here, there}
    if one.host == other.host == ANY:
        return pair == {ANY, _IPV6}
    if _IPV4 in pair:
        return any("." in host for host in pair - {_IPV4})
    return not pair.isdisjoint({ANY, _IPV6}) and (one.is_ip or other.is_ip)


def _socket(address: Address) -> str:
    """Tell the ways apart in which all addresses can be meant."""
    if address.host != ANY:
        return address.host
    return address.written if address.written in {_IPV4, _IPV6} else ANY


RULE = Rule(
    code="VHO705",
    name="duplicate-listen",
    severity=Severity.ERROR,
    on=("listen",),
    references=("mod/mpm_common.html#listen", "listen.c: make_sock"),
    since="0.1.0",
    examples=(
        Example(
            bad="Listen 127.0.0.1:8081\nListen 127.0.0.1:8081\n",
            fixed="Listen 127.0.0.1:8081\n",
            lines=(2,),
        ),
        Example(bad="Listen 8081\nListen *:8081\n", fixed="Listen 8081\n", lines=(2,)),
        Example(bad="Listen 8081\nListen 192.0.2.1:8081\n", lines=(2,)),
        Example(bad="Listen [::]:8081\nListen 8081\n", lines=(2,)),
        Example(bad="Listen 8081\nListen 8081 https\n", lines=(2,)),
        Example(good="Listen 127.0.0.1:8081\nListen 127.0.0.1:8082\nListen 127.0.0.2:8081\n"),
        Example(good="Listen 0.0.0.0:8081\nListen [::]:8081\n"),
    ),
    check=check,
)
