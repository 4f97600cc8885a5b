"""Sections for directories that have a say in who may see them, found by path.

A first look for rules that ask the merged view only where this settles nothing.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import chain
from typing import TYPE_CHECKING

from mpmtune.httpd.sections import canonical_directory
from mpmtune.httpd.words import split
from mpmtune.lint.server_sections import server_of
from mpmtune.lint.surroundings import path_of, section_of

if TYPE_CHECKING:
    from mpmtune.lint.rule import Hits
    from mpmtune.model.config import Occurrence

_MAIN = id(None)
DECIDING = ("require", "order", "allow", "deny")


class Grants:
    """The directories that sections deny or open, for the main server and each virtual host."""

    def __init__(self, hits: Hits) -> None:
        self._opened: dict[tuple[int, str], bool] = {}
        self._sorted: list[tuple[int, str]] = []
        if any(map(_denies, chain(hits["require"], hits["deny"]))):
            self._read(hits)

    def _read(self, hits: Hits) -> None:
        for name in DECIDING:
            for line in hits[name]:
                section = section_of(line)
                path = path_of(section) if section and section.name == "<directory" else ""
                if section is not None and path:
                    key = id(server_of(section)), canonical_directory(path)
                    self._opened[key] = self._opened.get(key, False) or not _denies(line)
        self._sorted = sorted(key for key, opened in self._opened.items() if opened)

    @property
    def deny_something(self) -> bool:
        """Whether there is a section that opens nothing."""
        return len(self._sorted) < len(self._opened)

    def settle(self, path: str, server: int) -> bool:
        """Tell whether a directory is open, shut on purpose, or open further down.

        Args:
            path: With a slash at its end.
            server: The ``id`` of what ``server_of`` gives.
        """
        if self._opened.get((server, path)) or self._opened.get((_MAIN, path)):
            return True
        if any(self._is_open_below(path, one) for one in {server, _MAIN}):
            return True
        at = path
        while at:
            for one in (server, _MAIN):
                opened = self._opened.get((one, at))
                if opened is not None:
                    return opened or at == path
            at = at[: at.rstrip("/").rfind("/") + 1]
        return True

    def _is_open_below(self, path: str, server: int) -> bool:
        at = bisect_left(self._sorted, (server, path))
        return at < len(self._sorted) and (
            self._sorted[at][0] == server and self._sorted[at][1].startswith(path)
        )


def _denies(line: Occurrence) -> bool:
    """Whether a line opens nothing to anybody."""
    if line.name == "require" and "denied" not in line.args.lower():
        return False
    if line.name in {"order", "deny"}:
        return True
    return line.name == "require" and [word.lower() for word in split(line.args)] == [
        "all",
        "denied",
    ]
