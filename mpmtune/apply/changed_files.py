"""The files of a machine as they will be, for reading a configuration before it is written."""

from __future__ import annotations

import os
from posixpath import basename, dirname, join, normpath
from typing import TYPE_CHECKING

from mpmtune.apply.layouts import leads_to
from mpmtune.host.doorway import Absent, Entry, EntryKind
from mpmtune.host.wildcard import compile_wildcard
from mpmtune.model.changes import Link, Regular

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.host.doorway import Files
    from mpmtune.model.changes import ChangeSet, State

_MOST_LINKS = 40


class ChangedFiles:
    """The files of a machine after a change set.

    Args:
        files: As they are.
        changes: What is to be carried out; its paths hold no link but at their end.
    """

    def __init__(self, files: Files, changes: ChangeSet) -> None:
        self._files = files
        self._after = dict(changes.after)

    def read(self, path: str) -> bytes | Absent:
        """Read a file as it will be."""
        found = self._followed(path)
        if isinstance(found, str):
            return self._files.read(found)
        return found.content if isinstance(found, Regular) else _nothing(path)

    def stream(self, path: str) -> Iterator[bytes]:
        """Read a file as it will be; in pieces, unless it is changed."""
        found = self._followed(path)
        if isinstance(found, str):
            yield from self._files.stream(found)
        elif isinstance(found, Regular):
            yield found.content

    def glob(self, pattern: str) -> tuple[str, ...]:
        """Expand a pattern over what will be there.

        What is new shows under its own path where a wildcard stands above a link to its directory.
        """
        found = {path for path in self._files.glob(pattern) if self._will_be(path)}
        found |= {
            shown
            for path, state in self._after.items()
            if state is not None and (shown := _shown(path, pattern)) is not None
        }
        return tuple(
            sorted(found, key=lambda path: [os.fsencode(name) for name in path.split("/")])
        )

    def entry(self, path: str) -> Entry | Absent:
        """Look at a path as it will be."""
        place = _place(path)
        if place not in self._after:
            return self._files.entry(path)
        state = self._after[place]
        if isinstance(state, Regular):
            size = len(state.content)
            return Entry(path, EntryKind.FILE, state.owner, state.group, state.mode, size)
        if isinstance(state, Link):
            return Entry(path, EntryKind.LINK, 0, 0, 0o777, len(state.target), state.target)
        return _nothing(path)

    def _will_be(self, path: str) -> bool:
        place = _place(path)
        return place not in self._after or self._after[place] is not None

    def _followed(self, path: str) -> State | str:
        """Follow links to what is changed, or to the path of what is not."""
        for _ in range(_MOST_LINKS):
            place = _place(path)
            if place in self._after:
                state = self._after[place]
                if not isinstance(state, Link):
                    return state
                target = state.target
            else:
                entry = self._files.entry(path)
                if isinstance(entry, Absent) or entry.target is None:
                    return path
                target = entry.target
            path = leads_to(place, Link(target))
        return None


def _place(path: str) -> str:
    """Resolve the links on the way, but not one at the end."""
    normal = normpath(path)
    return join(os.path.realpath(dirname(normal)), basename(normal))


def _shown(path: str, pattern: str) -> str | None:
    """Give a path as the expansion of a pattern names it; None where it does not match."""
    head, tail = dirname(pattern), basename(pattern)
    shown = join(head, basename(path)) if os.path.realpath(head) == dirname(path) else path
    parts, wanted = shown.split("/"), [*head.split("/"), tail]
    if len(parts) != len(wanted):
        return None
    return shown if all(map(_matches, wanted, parts)) else None


def _matches(component: str, name: str) -> bool:
    wildcard = compile_wildcard(component)
    return component == name if wildcard is None else wildcard.matches(name)


def _nothing(path: str) -> Absent:
    return Absent(path, "no such file or directory", missing=True)
