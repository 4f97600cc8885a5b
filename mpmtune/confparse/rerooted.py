"""A copied tree, read under the paths that it has on its own machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.confparse.paths import join, within

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.host.doorway import Absent, Entry, Files


class RerootedFiles:
    """Files of which one directory lies elsewhere.

    Args:
        files: Where they really are.
        there: The directory as the configuration names it (``/etc/apache2``).
        here: Where its copy lies.
    """

    def __init__(self, files: Files, there: str, here: str) -> None:
        self._files = files
        self._there = there
        self._here = here

    def place(self, path: str) -> str:
        """Give the path of the copy."""
        return _moved(path, self._there, self._here)

    def home(self, path: str) -> str:
        """Give the path that a copy has on its own machine."""
        return _moved(path, self._here, self._there)

    def read(self, path: str) -> bytes | Absent:
        """Read a regular file whole."""
        return self._files.read(self.place(path))

    def stream(self, path: str) -> Iterator[bytes]:
        """Read a regular file in pieces."""
        return self._files.stream(self.place(path))

    def glob(self, pattern: str) -> tuple[str, ...]:
        """Expand a pattern; the matches have the names of their own machine."""
        found = self._files.glob(self.place(pattern))
        return tuple(self.home(path) for path in found)

    def entry(self, path: str) -> Entry | Absent:
        """Look at a path."""
        return self._files.entry(self.place(path))


def _moved(path: str, old: str, new: str) -> str:
    if not within(old, path):
        return path
    rest = path[len(old) :].lstrip("/")
    return join(new, rest) if rest else new
