"""What Order, Allow and Deny of one section come to: mod_access_compat.c, find_allowdeny."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_ALLOW_LAST, _DENY_LAST = "deny,allow", "allow,deny"
_ORDERS = {_ALLOW_LAST: _ALLOW_LAST, _DENY_LAST: _DENY_LAST, "mutual-failure": _DENY_LAST}
_DIGITS = frozenset("0123456789.")


class Admitted(Enum):
    """Who passes."""

    ALL = "all"
    SOME = "some"
    NONE = "none"


class Access(NamedTuple):
    """Who passes a section.

    Attributes:
        admitted: How many.
        requirements: Arguments of the ``Require`` lines that admit the same; empty where a mere
            list of them cannot.
    """

    admitted: Admitted
    requirements: tuple[str, ...] = ()


_ALL = Access(Admitted.ALL, ("all granted",))
_NONE = Access(Admitted.NONE, ("all denied",))


def access(directives: Iterable[tuple[str, Sequence[str]]]) -> Access | None:
    """Work out who passes; None when httpd refuses one of the directives.

    Without ``Order`` it is ``deny,allow``; what it says last wins for a client on both lists.

    Args:
        directives: Folded name and arguments of each Order, Allow and Deny of a section.
    """
    order, lists = _ALLOW_LAST, {"allow": list[str](), "deny": list[str]()}
    for name, args in directives:
        if name == "order":
            order = _ORDERS.get(args[0].lower(), "") if len(args) == 1 else ""
            if not order:
                return None
        elif len(args) > 1 and args[0].lower() == "from":
            lists[name] += args[1:]
        else:
            return None
    allowed, denied = lists["allow"], lists["deny"]
    if order == _DENY_LAST:
        return _except(allowed, denied)
    return _unless(denied, allowed)


def _except(allowed: list[str], denied: list[str]) -> Access:
    """Those who are allowed and not denied."""
    if not allowed or _everyone(denied):
        return _NONE
    if denied:
        return Access(Admitted.SOME)
    return _ALL if _everyone(allowed) else Access(Admitted.SOME, tuple(_requirements(allowed)))


def _unless(denied: list[str], allowed: list[str]) -> Access:
    """Those who are not denied, or are allowed."""
    if not denied or _everyone(allowed):
        return _ALL
    if not _everyone(denied):
        return Access(Admitted.SOME)
    return Access(Admitted.SOME, tuple(_requirements(allowed))) if allowed else _NONE


def _everyone(named: list[str]) -> bool:
    return any(word.lower() == "all" for word in named)


def _requirements(named: list[str]) -> Iterator[str]:
    kinds: dict[str, list[str]] = {}
    for word in named:
        kind, what = _kind(word)
        kinds.setdefault(kind, []).append(what)
    if "not env" in kinds:  # a negation admits nobody by itself
        return
    for kind in ("ip", "host", "env"):
        if kind in kinds:
            yield f"{kind} {' '.join(kinds[kind])}"


def _kind(word: str) -> tuple[str, str]:
    """Tell what a word of the list is: mod_access_compat.c, allow_cmd."""
    if word.lower().startswith("env=!"):
        return "not env", word[5:]
    if word.lower().startswith("env="):
        return "env", word[4:]
    is_address = ":" in word or "/" in word or _DIGITS.issuperset(word)
    return ("ip" if is_address else "host"), word
