"""What holds where a directive stands: its section's merged configuration, and who gets that far.

A rule asks here only about lines that its own cheap look has picked: finding all sections that
hold at a place costs some hundred times as much as reading a directive.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from mpmtune.httpd import authorization
from mpmtune.httpd.access_compat import Admitted, access
from mpmtune.httpd.path_patterns import is_pattern
from mpmtune.httpd.sections import Walk
from mpmtune.httpd.words import arguments, split

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mpmtune.httpd.in_force import Configuration
    from mpmtune.httpd.merged_view import MergedView
    from mpmtune.httpd.virtual_hosts import VirtualHost
    from mpmtune.model.config import Occurrence

_PARTS = frozenset({"<limit", "<limitexcept", "<requireall", "<requireany", "<requirenone"})
_LOOPBACK = ("127.", "::1", "localhost")
_LONGEST = 4096  # PATH_MAX
_ONE_PLAIN_WORD = re.compile(r"([/\w.:~-]+)>")
_OLD = ("order", "allow", "deny")


def section_of(line: Occurrence) -> Occurrence | None:
    """Give the section whose configuration a directive is part of; None for a server's own."""
    around = line.enclosing
    while around is not None and around.name in _PARTS:
        around = around.enclosing
    return None if around is None or around.name == "<virtualhost" else around


def path_of(section: Occurrence) -> str:
    """Give the path of a section; empty where it is a pattern or too long, or there is none."""
    item = section.item
    return _path_in(item.name, item.args)


# The same section is asked about line by line, and rule by rule.
@lru_cache(maxsize=1 << 16)
def _path_in(name: str, args: str) -> str:
    if len(args) > _LONGEST or name.endswith("match"):
        return ""
    plain = _ONE_PLAIN_WORD.fullmatch(args)
    if plain:
        return plain[1]
    words = arguments(name, args)
    if len(words) != 1 or is_pattern(words[0]):
        return ""
    return "" if "${" in words[0] else words[0]


def around(view: MergedView, line: Occurrence) -> Configuration | None:
    """Tell what is in force where a directive stands.

    Returns:
        None where that is no single place: a pattern, or a section inside of another one.
    """
    section = section_of(line)
    host = view.hosts.around(line)
    if section is None:
        return view.server(host)
    return at_section(view, host, section)


def at_section(
    view: MergedView, host: VirtualHost | None, section: Occurrence
) -> Configuration | None:
    """Tell what is in force at a section's own path; None where that is no single place."""
    outer, path = section.enclosing, path_of(section)
    if not path.startswith("/") or (outer is not None and outer.name != "<virtualhost"):
        return None
    if section.name == "<directory":
        here = view.directory(host, path)
        here.meet(here.here(Walk.IF), lambda _: None)
        return here
    return view.url(host, path) if section.name == "<location" else None


def admitted(view: MergedView, here: Configuration) -> Admitted | None:
    """Tell who passes both Require and the Order, Allow and Deny in force at a place.

    Returns:
        None where sections have a say of which it is not known whether they hold there.
    """
    old = [name for name in _OLD if name in view.tree.by_name]
    if here.perhaps and any(here.find(name).perhaps for name in ("require", *old)):
        return None
    if "satisfy" in view.tree.by_name and here.find("satisfy").lines:
        return None
    found = _admitted_by_old([line for name in old for line in here.find(name).lines])
    return _by_both(here.authorization.admitted, found)


def _admitted_by_old(lines: Iterable[Occurrence]) -> Admitted:
    found = access((line.name, split(line.args)) for line in lines)
    return Admitted.ALL if found is None else found.admitted


def _by_both(one: Admitted, other: Admitted) -> Admitted:
    strict = (Admitted.NONE, Admitted.SOME, Admitted.ALL)
    return min(one, other, key=strict.index)


def admitted_by(view: MergedView, section: Occurrence) -> Admitted | None:
    """Tell whom a section admits by itself; None where it says nothing of it."""
    own = view.containers.of(section).by_family
    lines = [line for name in _OLD for line in own.get(name, ())]
    if "satisfy" in own or not ("require" in own or lines):
        return None
    required = authorization.read(
        own.get("require", ()), lambda one: view.containers.of(one).directives
    )
    return _by_both(required.admitted, _admitted_by_old(lines))


def says_who(view: MergedView, section: Occurrence) -> bool:
    """Tell whether a section itself names who passes or does not; an Order alone names nobody."""
    own = view.containers.of(section).by_family
    return any(name in own for name in ("require", "allow", "deny"))


def is_local(host: VirtualHost | None) -> bool:
    """Tell whether a virtual host is reached from its own machine alone, by its addresses."""
    return host is not None and all(
        address.host.startswith(_LOOPBACK) for address in host.addresses
    )


def listens_locally(view: MergedView) -> bool:
    """Tell whether every Listen is for the machine itself: what comes in has passed a proxy."""
    found = view.hosts.listeners
    return bool(found) and all(one.address.host.startswith(_LOOPBACK) for one in found)
