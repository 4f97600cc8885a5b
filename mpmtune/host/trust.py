"""Whether httpd may be asked at all: running it runs what its configuration loads."""

from __future__ import annotations

import os.path
import stat
from typing import TYPE_CHECKING

from mpmtune.host.doorway import Absent, Entry, EntryKind
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mpmtune.host.doorway import Files

_MOST_LINKS = 40


def distrust(files: Files, user: int, paths: Iterable[str]) -> str | None:
    """Say why a program or a configuration is not to be run, or None when it may be.

    Each path, every directory above it and everything a link leads through must belong to root or
    to ``user``, and nobody else may write to it: else whoever can write there decides what runs.

    Args:
        files: Where to look.
        user: Effective user id of the one who asks.
        paths: Absolute paths of the binary and of the files it will read.

    Returns:
        One clause that names the path, or None.
    """
    inspection = _Inspection(files, user)
    return next((why for path in paths if (why := inspection.of(path))), None)


class _Inspection:
    """Looks at each component once, however many paths lead through it."""

    def __init__(self, files: Files, user: int) -> None:
        self._files = files
        self._owners = {0, user}
        self._passed: set[str] = set()

    def of(self, path: str) -> str | None:
        if not path.startswith("/"):
            return f"{printable(path)} is not an absolute path"
        pending = _components(path)
        place = "/"
        links = 0
        while True:
            entry = self._files.entry(place)
            if isinstance(entry, Absent):
                return f"{printable(place)}: {entry.why}"
            if place not in self._passed and (why := self._fault(entry)):
                return why
            self._passed.add(place)
            if entry.target is not None:
                links += 1
                if links > _MOST_LINKS:
                    return f"{printable(path)} leads through too many links"
                pending += _components(entry.target)
                place = "/" if entry.target.startswith("/") else os.path.dirname(place)
            if not pending:
                return None
            place = os.path.normpath(os.path.join(place, pending.pop()))

    def _fault(self, entry: Entry) -> str | None:
        if entry.owner not in self._owners:
            return f"{printable(entry.path)} belongs to user {entry.owner}, neither root nor you"
        if entry.kind is EntryKind.LINK:  # its permission bits mean nothing
            return None
        # In a sticky directory (/tmp) nobody can exchange what belongs to another; the owner of
        # what lies in it is looked at next.
        sticky = entry.kind is EntryKind.DIRECTORY and entry.mode & stat.S_ISVTX
        if entry.mode & stat.S_IWOTH and not sticky:
            return f"everybody may write to {printable(entry.path)}"
        if entry.mode & stat.S_IWGRP and entry.group != 0 and not sticky:
            return f"group {entry.group} may write to {printable(entry.path)}"
        return None


def _components(path: str) -> list[str]:
    """Split a path, last component first, ready to be popped."""
    return [part for part in reversed(path.split("/")) if part not in {"", "."}]
