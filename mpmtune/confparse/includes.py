"""Which files an Include names: server/util.c, ap_dir_nofnmatch and ap_dir_fnmatch."""

from __future__ import annotations

import os
import re
from time import process_time
from typing import TYPE_CHECKING

from mpmtune.confparse.paths import followed, is_directory, join
from mpmtune.confparse.refusal import Refusal
from mpmtune.errors import InputError
from mpmtune.host.doorway import Absent, Entry, EntryKind
from mpmtune.model.config import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.host.doorway import Files

DEPTH = 128  # AP_MAX_INCLUDE_DEPTH, and AP_MAX_FNMATCH_DIR_DEPTH for directories
_PREFIX = "Include/IncludeOptional: "
_MOST_PLACES = 20_000
_SECONDS = 1

_SPECIAL = re.compile(r"([\\*?\[])")


class Expansion:
    """One Include: a path, a directory, or a pattern, to the files in the order of reading."""

    def __init__(self, files: Files, *, optional: bool) -> None:
        self._files = files
        self._optional = optional
        self._places_left = _MOST_PLACES
        self._asked = ""
        self._ends = 0.0

    def files(self, path: str) -> tuple[str, ...]:
        """Expand a path that ``paths.merge`` made.

        Raises:
            Refusal: where httpd says that it cannot, or when there is no end to it.
        """
        try:
            self._asked, self._ends = path, process_time() + _SECONDS
            return tuple(self._expand(path))
        except InputError as error:
            raise Refusal(Fault.LIMIT, error.sentence) from None

    def _expand(self, path: str) -> Iterator[str]:
        if not is_wild(path):
            yield from self._file_or_directory(path)
            return
        # A stack of (directory, components that are left), so that depth costs no recursion.
        pending = [("/", path.lstrip("/").split("/"))]
        while pending:
            directory, components = pending.pop()
            if not components:
                yield from self._file_or_directory(directory)
                continue
            first, rest = components[0], components[1:]
            if is_wild(first):
                found = self._matches(directory, first, inner=bool(rest))
                pending.extend((match, rest) for match in reversed(found))
            else:
                pending.append((join(directory, first), rest))

    def _file_or_directory(self, path: str) -> Iterator[str]:
        pending = [(path, 1)]
        while pending:
            place, depth = pending.pop()
            self._places_left -= 1
            if self._places_left < 0 or process_time() > self._ends:
                raise Refusal(
                    Fault.LIMIT,
                    f"{self._asked} leads to more than {_MOST_PLACES} files, or takes more than"
                    f" {_SECONDS} seconds to look through: none of them is read",
                )
            if is_directory(self._files, place):
                if depth > DEPTH:
                    text = (
                        f"{_PREFIX}Directory '{place}' exceeds the maximum include directory"
                        f" nesting level of {DEPTH}. You have probably a recursion somewhere."
                    )
                    raise Refusal(Fault.INCLUDE_DEPTH, text)
                names = reversed(self._everything_in(place))
                pending.extend((name, depth + 1) for name in names)
            elif not (self._optional and self._missing(place)):
                yield place

    def _matches(self, directory: str, component: str, *, inner: bool) -> list[str]:
        """Match one component; in the middle of a path only directories count, and no links."""
        self._must_open(directory)
        found = self._files.glob(join(_escaped(directory), component))
        if inner:
            found = tuple(path for path in found if self._kind(path) is EntryKind.DIRECTORY)
        if not found and not self._optional:
            text = f"{_PREFIX}No matches for the wildcard '{component}' in '{directory}', failing"
            raise Refusal(Fault.INCLUDE_NO_MATCH, text)
        return list(found)

    def _must_open(self, directory: str) -> None:
        """Refuse a directory that cannot be listed; to IncludeOptional it may be missing."""
        if is_directory(self._files, directory):
            return
        entry = self._files.entry(directory)
        if isinstance(entry, Entry):
            why = "Not a directory"
        elif entry.missing:
            if self._optional:
                return
            why = "No such file or directory"
        else:
            why = sentence_case(entry.why)
        raise Refusal(
            Fault.INCLUDE_NO_MATCH, f"{_PREFIX}Could not open directory {directory}: {why}"
        )

    def _everything_in(self, directory: str) -> list[str]:
        shown = self._files.glob(join(_escaped(directory), "*"))
        hidden = self._files.glob(join(_escaped(directory), ".*"))
        return sorted((*shown, *hidden), key=os.fsencode)

    def _kind(self, path: str) -> EntryKind | None:
        entry = self._files.entry(path)
        return entry.kind if isinstance(entry, Entry) else None

    def _missing(self, path: str) -> bool:
        return isinstance(followed(self._files, path), Absent)


def is_wild(path: str) -> bool:
    """Tell whether httpd takes a path for a pattern (apr_fnmatch_test)."""
    at = 0
    while at < len(path):
        char = path[at]
        if char in "*?":
            return True
        if char == "\\":
            at += 1
        elif char == "[" and "]" in path[at + 1 :]:
            return True
        at += 1
    return False


def sentence_case(why: str) -> str:
    """Write an error of the system as strerror does: with a capital."""
    return why[:1].upper() + why[1:]


def _escaped(path: str) -> str:
    return _SPECIAL.sub(r"[\1]", path)
