"""Wildcards in the paths of sections: apr_fnmatch.c, apr_fnmatch and apr_fnmatch_test.

A pattern becomes one of ``regex``, so that matching takes linear time whatever is written.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from mpmtune.httpd.regex import Regex, whole
from mpmtune.httpd.regex_parts import (
    NotUnderstoodError,
    all_but,
    any_number_of,
    character,
    set_of,
    span,
)

if TYPE_CHECKING:
    from mpmtune.httpd.regex_parts import Node

_NOTHING = 0
_OF_PATTERNS = frozenset("*?]")


def is_pattern(text: str) -> bool:
    """Tell whether httpd takes a path for a pattern: ``*``, ``?``, or a closed bracket in it."""
    if _OF_PATTERNS.isdisjoint(text):
        return False
    opened, at = False, 0
    while at < len(text):
        one = text[at]
        if one in "*?" or (one == "]" and opened):
            return True
        opened = opened or one == "["
        at += 2 if one == "\\" else 1
    return False


@lru_cache(maxsize=2048)
def compile_pattern(text: str, *, slashes: bool = False) -> Regex | None:
    """Compile a pattern that must match a whole path.

    Args:
        text: The pattern.
        slashes: Wildcards take slashes too, as in ``<Proxy>``; elsewhere none does
            (APR_FNM_PATHNAME).

    Returns:
        None where the pattern is too large.
    """
    every = all_but("" if slashes else "/")
    nodes: list[Node] = []
    at = 0
    try:
        while at < len(text):
            node, at = _part(text, at, every)
            nodes.append(node)
        return whole(nodes)
    except NotUnderstoodError:
        return None


def _part(text: str, at: int, every: int) -> tuple[Node, int]:
    """Read one part; give it and where the next one begins."""
    one = text[at]
    if one == "*":
        return any_number_of(every), at + 1
    if one == "?":
        return character(every), at + 1
    if one == "\\" and at + 1 < len(text):
        return character(set_of(text[at + 1])), at + 2
    if one == "[":
        taken, after = _bracket(text, at + 1)
        if after:
            return character(taken & every), after
    return character(set_of(one)), at + 1


def _bracket(text: str, at: int) -> tuple[int, int]:
    """Read a bracket from after its ``[``; where it ends is 0 when nothing closes it."""
    refused = text[at : at + 1] in {"!", "^"}
    at += refused
    taken, first = _NOTHING, True
    while at < len(text) and (first or text[at] != "]"):
        first = False
        low, at = _end_of_range(text, at)
        high = low
        if text[at : at + 1] == "-" and text[at + 1 : at + 2] not in {"", "]"}:
            high, at = _end_of_range(text, at + 1)
        taken |= span(low, high)
    if at >= len(text):
        return _NOTHING, 0
    return all_but("") & ~taken if refused else taken, at + 1


def _end_of_range(text: str, at: int) -> tuple[str, int]:
    escaped = text[at] == "\\" and at + 1 < len(text)
    return text[at + escaped], at + 1 + escaped
