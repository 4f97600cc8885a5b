"""Files with changes that are not written yet, found under every path that leads to them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from mpmtune.apply.atomic import Change

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mpmtune.host.doorway import Absent, Entry, Files


class EditedFiles:
    """The files of a machine as they will be.

    Args:
        files: As they are.
        contents: Real path → what the file will hold.
    """

    def __init__(self, files: Files, contents: Mapping[str, bytes] | None = None) -> None:
        self._files = files
        self._contents = dict(contents or {})

    def having(self, contents: Mapping[str, bytes]) -> EditedFiles:
        """Give the same with more files changed."""
        return EditedFiles(self._files, {**self._contents, **contents})

    def changes(self) -> tuple[Change, ...]:
        """Give what differs from the files as they are."""
        originals = {path: self._files.read(path) for path in self._contents}
        return tuple(
            Change(path, before, self._contents[path])
            for path, before in originals.items()
            if isinstance(before, bytes) and before != self._contents[path]
        )

    def read(self, path: str) -> bytes | Absent:
        """Read a file as it will be."""
        edited = self._contents.get(os.path.realpath(path)) if self._contents else None
        return self._files.read(path) if edited is None else edited

    def stream(self, path: str) -> Iterator[bytes]:
        """Read a file as it is, in pieces: one of that size is not edited."""
        return self._files.stream(path)

    def glob(self, pattern: str) -> tuple[str, ...]:
        """Expand a pattern; no edit makes or removes a file."""
        return self._files.glob(pattern)

    def entry(self, path: str) -> Entry | Absent:
        """Look at a path."""
        return self._files.entry(path)
