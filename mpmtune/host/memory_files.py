"""Files that are in memory: standard input, and the trees of tests."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from mpmtune.host.doorway import Absent, Entry, EntryKind
from mpmtune.host.wildcard import expand

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mpmtune.host.doorway import Files


class MemoryFiles:
    """A tree given as path → content; directories are those that the paths imply.

    Args:
        contents: Absolute paths, or names as they are asked for (``-``).
        beneath: Answers for every path that is not among them; None for nothing else.
    """

    def __init__(self, contents: Mapping[str, bytes], beneath: Files | None = None) -> None:
        self._contents = dict(contents)
        self._beneath = beneath
        self._directories: dict[str, set[str]] = {}
        for path in contents:
            self._enter(path)

    def read(self, path: str) -> bytes | Absent:
        """Give a file's content."""
        found = self._contents.get(posixpath.normpath(path))
        if found is not None:
            return found
        if self._beneath is not None:
            return self._beneath.read(path)
        return self._no_file(path)

    def stream(self, path: str) -> Iterator[bytes]:
        """Give a file's content, in one piece."""
        if posixpath.normpath(path) not in self._contents and self._beneath is not None:
            yield from self._beneath.stream(path)
            return
        answer = self.read(path)
        if isinstance(answer, bytes):
            yield answer

    def glob(self, pattern: str) -> tuple[str, ...]:
        """Expand a pattern as httpd's Include does; over what is beneath, where there is that."""
        if self._beneath is not None:
            return self._beneath.glob(pattern)
        return expand(pattern, self)

    def entry(self, path: str) -> Entry | Absent:
        """Look at a path."""
        normal = posixpath.normpath(path)
        if normal in self._contents:
            size = len(self._contents[normal])
            return Entry(path, EntryKind.FILE, 0, 0, 0o644, size)
        if self._beneath is not None:
            return self._beneath.entry(path)
        if normal in self._directories:
            return Entry(path, EntryKind.DIRECTORY, 0, 0, 0o755, 0)
        return self._no_file(path)

    def names(self, directory: str) -> list[str]:
        """List a directory, for ``glob``."""
        return sorted(self._directories.get(posixpath.normpath(directory), ()))

    def exists(self, path: str) -> bool:
        """Tell whether something lies there, for ``glob``."""
        return isinstance(self.entry(path), Entry)

    def _enter(self, path: str) -> None:
        while path not in {"", "/"}:
            above, name = posixpath.split(path)
            self._directories.setdefault(above, set()).add(name)
            path = above

    def _no_file(self, path: str) -> Absent:
        above = posixpath.dirname(posixpath.normpath(path))
        why = "not a directory" if above in self._contents else "no such file or directory"
        return Absent(path, why, missing=True)
