"""Patterns of paths, expanded as httpd expands those of Include."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple, Protocol

from mpmtune.errors import InputError
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_PATHS = 10_000
_MOST_NAMES = 300_000

_ANY_BYTE = frozenset(range(256))
_STAR = None
_SPECIAL = frozenset(b"*?[")
_BACKSLASH = 0x5C


class Listing(Protocol):
    """What an expansion needs of a tree."""

    def names(self, directory: str) -> list[str]:
        """List a directory; empty for what cannot be listed."""
        ...

    def exists(self, path: str) -> bool:
        """Tell whether something lies there, be it a dangling link."""
        ...


class Wildcard(NamedTuple):
    """A compiled pattern of one path component: sets of bytes, and None for a star."""

    tokens: tuple[frozenset[int] | None, ...]
    dotted: bool

    def matches(self, name: str) -> bool:
        """Match a whole name; time is at most its length times that of the pattern."""
        text = os.fsencode(name)
        if text.startswith(b".") and not self.dotted:  # APR_FNM_PERIOD
            return False
        at = position = 0
        star = resume = -1
        while position < len(text):
            token = self.tokens[at] if at < len(self.tokens) else frozenset[int]()
            if token is _STAR:
                star, resume = at, position
                at += 1
            elif text[position] in token:
                at += 1
                position += 1
            elif star >= 0:
                resume += 1
                at, position = star + 1, resume
            else:
                return False
        return all(token is _STAR for token in self.tokens[at:])


def compile_wildcard(component: str) -> Wildcard | None:
    """Compile one component as apr_fnmatch reads it; None when it holds no wildcard."""
    pattern = os.fsencode(component)
    tokens: list[frozenset[int] | None] = []
    wild = False
    at = 0
    while at < len(pattern):
        token, after = _token(pattern, at)
        wild = wild or (pattern[at] in _SPECIAL and (pattern[at] != ord("[") or after > at + 1))
        tokens.append(token)
        at = after
    dotted = bool(tokens) and tokens[0] == frozenset(b".")
    return Wildcard(tuple(tokens), dotted) if wild else None


def _token(pattern: bytes, at: int) -> tuple[frozenset[int] | None, int]:
    """Read one token; give it and where the next one begins."""
    char = pattern[at]
    if char == ord("*"):
        return _STAR, at + 1
    if char == ord("?"):
        return _ANY_BYTE, at + 1
    if char == _BACKSLASH and at + 1 < len(pattern):
        return frozenset(pattern[at + 1 : at + 2]), at + 2
    # A set that is never closed is a plain bracket.
    end = pattern.find(b"]", at + 2) if char == ord("[") else -1
    if end < 0:
        return frozenset((char,)), at + 1
    return _byte_set(pattern[at + 1 : end]), end + 1


def _byte_set(body: bytes) -> frozenset[int]:
    negated = body[:1] in {b"!", b"^"}
    members: set[int] = set()
    at = 1 if negated else 0
    while at < len(body):
        if body[at + 1 : at + 2] == b"-" and at + 2 < len(body):
            members.update(range(body[at], body[at + 2] + 1))
            at += 3
        else:
            members.add(body[at])
            at += 1
    return _ANY_BYTE - members if negated else frozenset(members)


def expand(pattern: str, tree: Listing) -> tuple[str, ...]:
    """Expand a pattern over a tree.

    Matches come component by component, each level in strcmp order, as
    server/config.c:process_resource_config_fnmatch walks them.

    Raises:
        InputError: when more than 10,000 paths match or 300,000 names would be looked at.
    """
    walk = _Walk(pattern, tree)
    start = "/" if pattern.startswith("/") else ""
    components = [part for part in pattern.split("/") if part]
    return tuple(walk.below(start, components))


class _Walk:
    """One expansion with its budget."""

    def __init__(self, pattern: str, tree: Listing) -> None:
        self._pattern = pattern
        self._tree = tree
        self._names_left = _MOST_NAMES
        self._paths_left = _MOST_PATHS

    def below(self, directory: str, components: list[str]) -> Iterator[str]:
        """Yield what matches ``components`` below ``directory``; no recursion on long paths."""
        pending = [(directory, 0)]
        while pending:
            path, depth = pending.pop()
            if depth == len(components):
                if self._tree.exists(path):
                    self._paths_left -= 1
                    self._check()
                    yield path
                continue
            found = self._matches(path, components[depth])
            pending.extend((child, depth + 1) for child in reversed(found))

    def _matches(self, directory: str, component: str) -> list[str]:
        wildcard = compile_wildcard(component)
        if wildcard is None:
            return [_join(directory, component)]
        names = self._tree.names(directory or ".")
        self._names_left -= len(names) + 1
        self._check()
        return [
            _join(directory, name)
            for name in sorted(filter(wildcard.matches, names), key=os.fsencode)
        ]

    def _check(self) -> None:
        if self._names_left < 0 or self._paths_left < 0:
            raise InputError(
                f"The pattern {printable(self._pattern)} reaches too many files.",
                f"Name the directory; at most {_MOST_PATHS} paths are taken.",
            )


def _join(directory: str, name: str) -> str:
    return directory + name if directory in {"", "/"} else f"{directory}/{name}"
