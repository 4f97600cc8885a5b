"""A virtual host has a name that one before it has already.

## What it does
Compares names within each address and port, without regard to case: ``ServerName`` and
``ServerAlias`` with those of earlier virtual hosts, with their wildcards such as
``*.example.com``, and with the name of the main server, which an earlier one without any
``ServerName`` takes over. An error where no name leads to the later virtual host, else a warning;
a file that is read twice is reported as information.

## Why it matters
The first match wins: requests for the name never come to the later virtual host. ``-t`` is silent.

## When to ignore it
Never: remove the name, or put the virtual host with the exact name before the wildcard.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mpmtune.httpd.taken_names import names_of, taken_names
from mpmtune.httpd.words import split
from mpmtune.lint.merged_views import merged_view_of
from mpmtune.lint.rule import Example, Hits, Rule, Scope
from mpmtune.lint.tls_servers import is_branching
from mpmtune.lint.unknown_values import is_known
from mpmtune.model.finding import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mpmtune.httpd.taken_names import Taken
    from mpmtune.httpd.virtual_hosts import NamedHosts
    from mpmtune.model.config import Occurrence, Tree


class _Place(NamedTuple):
    """Where a name stands: the line, and which of its words."""

    line: Occurrence
    word: int


def check(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Yield each name that leads to an earlier virtual host, once."""
    lists = tuple(merged_view_of(tree).hosts.lists)
    found = [(one, hosts) for hosts in lists for one in taken_names(hosts)]
    if not found:
        return
    places = dict(_places(hits))
    reached = _reached(lists, [one for one, _ in found])
    said: set[tuple[int, str]] = set()
    for one, hosts in found:
        key = (id(one.host.occurrence), one.name)
        place = places.get(key)
        if key in said or place is None or not is_known(one.pattern):
            continue
        said.add(key)
        twice = _is_read_twice(one)
        dead = id(one.host) not in reached
        other = places.get((id(one.by.occurrence), one.pattern))
        yield Violation(
            place.line,
            _read_twice(one) if twice else _message(one, hosts, dead=dead),
            word=place.word,
            severity=Severity.INFO if twice else None if dead else Severity.WARNING,
            related=(other.line if other else one.by.occurrence,),
        )


def _places(hits: Hits) -> Iterator[tuple[tuple[int, str], _Place]]:
    """Give each name of each virtual host, with its place."""
    for line in hits["serveralias"]:
        for number, word in enumerate(split(line.args), 1):
            yield (id(line.enclosing), word.lower()), _Place(line, number)
    for line in hits["servername"]:
        for word in split(line.args)[:1]:
            name = word.rpartition("://")[2].partition(":")[0].lower()
            yield (id(line.enclosing), name), _Place(line, 1)


def _reached(lists: Iterable[NamedHosts], taken: Iterable[Taken]) -> set[int]:
    """Give the virtual hosts that some name leads to, or that are the first somewhere."""
    names = {id(host): len(names_of(host)) for hosts in lists for host, _ in hosts.members}
    gone: dict[int, set[str]] = {}
    for one in taken:
        gone.setdefault(id(one.host), set()).add(one.name)
    first = {id(hosts.first) for hosts in lists}
    return first | {host for host, count in names.items() if len(gone.get(host, ())) < count}


def _is_read_twice(one: Taken) -> bool:
    """Whether both are the same lines of one file, read by two names or two Includes."""
    here, there = one.host.occurrence, one.by.occurrence
    same = here.source is there.source or here.source.text == there.source.text
    return same and here.item.start == there.item.start and not is_branching(here.source)


def _read_twice(one: Taken) -> str:
    return f"This virtual host is read twice, first from {one.by.occurrence.source.path}"


def _message(one: Taken, hosts: NamedHosts, *, dead: bool) -> str:
    by = "" if one.pattern == one.name else f" with {one.pattern}"
    ends = ": nothing leads here" if dead else ""
    return f"At {hosts.address} {one.name} goes to an earlier virtual host{by}{ends}"


def _host(names: str, at: str = "*:8080") -> str:
    return f"<VirtualHost {at}>\n{names}</VirtualHost>\n"


_A, _B = "ServerName a.example.com\n", "ServerName b.example.com\n"

RULE = Rule(
    code="VHO703",
    name="duplicate-vhost-name",
    severity=Severity.ERROR,
    on=("<virtualhost", "servername", "serveralias"),
    references=("vhosts/details.html", "vhost.c: update_server_from_aliases"),
    since="0.1.0",
    examples=(
        Example(
            bad=_host(_A) + _host("ServerName A.example.com\n"),
            good=_host(_A) + _host(_B),
            lines=(5,),
        ),
        Example(
            bad=_host(_A + "ServerAlias *.example.com\n") + _host(_B),
            good=_host(_B) + _host(_A + "ServerAlias *.example.com\n"),
            lines=(6,),
        ),
        Example(
            bad=_host(_A + "ServerAlias example.com\n")
            + _host(_B + "ServerAlias www.example.com example.com\n"),
            lines=(7,),
        ),
        Example(
            bad="ServerName www.example.com\n"
            + _host("DocumentRoot /srv/www/htdocs\n")
            + _host("ServerName www.example.com\n"),
            lines=(6,),
        ),
        Example(bad=_host(_A) + _host(_A), lines=(5,), scope=Scope.FRAGMENT),
        Example(good=_host(_A, "*:8080") + _host(_A, "*:80")),
        Example(good=_host(_A, "127.0.0.1:8080") + _host(_A, "*:80")),
        Example(good=_host(_A, "*:8080 *:80") + _host(_B, "*:8080 *:80")),
        Example(good=_host(_A + "ServerAlias a.example.com www.a.example.com\n")),
        Example(good=_host(_A) + _host(_B + "ServerAlias *.example.com\n")),
        Example(good=_host("ServerName ${NAME}\n") * 2, scope=Scope.FRAGMENT),
    ),
    check=check,
)
