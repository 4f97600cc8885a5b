"""The reading half of every host that has real files somewhere."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from mpmtune.host.doorway import Absent
from mpmtune.host.opening import (
    READ_LIMIT,
    Refusal,
    absent,
    entry_at,
    names_in,
    open_regular,
    pieces_of,
    read_descriptor,
)
from mpmtune.host.wildcard import expand

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.host.doorway import Entry

_TROUBLE = (OSError, ValueError, Refusal)


class RegularFiles(ABC):
    """Files that lie somewhere; a subclass says where, and which are not read.

    Args:
        limit: The largest file that ``read`` gives, in bytes.
    """

    def __init__(self, limit: int = READ_LIMIT) -> None:
        self._limit = limit

    def read(self, path: str) -> bytes | Absent:
        """Read a regular file whole."""
        try:
            return read_descriptor(self._open(path), self._limit)
        except _TROUBLE as error:
            return absent(path, error)

    def stream(self, path: str) -> Iterator[bytes]:
        """Read a regular file in pieces; nothing comes of what is no such file."""
        try:
            descriptor = self._open(path)
        except _TROUBLE:
            return
        yield from pieces_of(descriptor)

    def glob(self, pattern: str) -> tuple[str, ...]:
        """Expand a pattern in httpd's order; raises InputError when it reaches too far."""
        return expand(pattern, self)

    def entry(self, path: str) -> Entry | Absent:
        """Look at a path without following a link at its end."""
        above, name = os.path.split(path.rstrip("/") or "/")
        try:
            return entry_at(path, os.path.join(self._place(above), name))
        except _TROUBLE as error:
            return absent(path, error)

    def names(self, directory: str) -> list[str]:
        """List a directory, for ``glob``; empty for what cannot be listed."""
        try:
            return names_in(self._place(directory))
        except _TROUBLE:
            return []

    def exists(self, path: str) -> bool:
        """Tell whether something lies there, for ``glob``."""
        return not isinstance(self.entry(path), Absent)

    @abstractmethod
    def _place(self, path: str) -> str:
        """Find where the file of that name lies.

        Raises:
            Refusal: when it is out of bounds.
            OSError: when it leads nowhere.
        """

    def _open(self, path: str) -> int:
        return open_regular(self._place(path))
