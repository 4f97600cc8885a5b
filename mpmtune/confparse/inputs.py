"""From the arguments of ``lint`` to readings: which files are a whole configuration, which are not.

A directory is a configuration when its main file is found in it, else a heap of fragments. A file
is read in its place when a main file near it includes it.
"""

from __future__ import annotations

import posixpath
import re
from functools import cached_property
from typing import TYPE_CHECKING

from mpmtune.confparse.fragments import read_alone
from mpmtune.confparse.paths import followed, is_directory, join, within
from mpmtune.confparse.wholes import read_whole
from mpmtune.errors import InputError
from mpmtune.host.doorway import Absent
from mpmtune.lint.rule import Scope
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mpmtune.confparse.htaccess import ServedPlaces
    from mpmtune.confparse.wholes import Assumptions
    from mpmtune.host.doorway import Files
    from mpmtune.lint.engine import Reading

STDIN = "-"
_MAIN_NAMES = ("apache2.conf", "httpd.conf", "httpd2.conf")
_MAIN_PLACES = (
    *_MAIN_NAMES,
    "conf/httpd.conf",
    "etc/apache2/apache2.conf",
    "etc/httpd/conf/httpd.conf",
    "etc/apache2/httpd.conf",
    "usr/local/apache2/conf/httpd.conf",
)
_WHAT_ONLY_A_MAIN_FILE_HAS = re.compile(
    rb"^[ \t]*(?:ServerRoot[ \t]|LoadModule[ \t]+mpm_|Include(?:Optional)?[ \t]+\S*mods-enabled/)",
    re.IGNORECASE | re.MULTILINE,
)
_ENDINGS = (".conf", ".load", ".htaccess", ".vhost")
_LEVELS_ABOVE = 3
_MOST_FILES = 10_000


def read_inputs(
    files: Files, arguments: Sequence[str], assumptions: Assumptions
) -> tuple[Reading, ...]:
    """Read everything that the arguments name, each file once.

    Args:
        files: Where they are.
        arguments: Files, directories, patterns, and ``-`` for standard input.
        assumptions: What is assumed of the httpd, and how paths are shown.

    Raises:
        InputError: for an argument that names nothing, or a file that cannot be read.
    """
    named = (path for argument in arguments for path in _expand(files, argument, assumptions))
    paths = tuple(dict.fromkeys(named))
    mains = [path for path in paths if _is_main(files, path)]
    wholes = {path: _Whole(files, path, assumptions) for path in mains}
    single = [path for path in paths if path not in wholes]
    alone: list[str] = []
    for path in single:
        covered = any(whole.covers(path) for whole in wholes.values()) or _own(
            files, path, wholes, assumptions
        )
        if not covered:
            alone.append(path)
    found = [whole.asked(wholly=path in mains) for path, whole in wholes.items()]
    return (
        *(reading for reading in found if reading is not None),
        *(
            _in_place(files, path, wholes, assumptions) or read_alone(files, path, assumptions)
            for path in alone
        ),
    )


class _Whole:
    """A whole configuration, and which of its files were asked about."""

    def __init__(self, files: Files, main: str, assumptions: Assumptions) -> None:
        self._files = files
        self._directory = assumptions.directory
        self._reading = read_whole(files, main, assumptions)
        self._shown = {
            _identity(files, self._absolute(name)): name for name in self._reading.names.values()
        }
        self._asked: set[str] = set()

    def covers(self, path: str) -> bool:
        """Tell whether a file is part of it, and note that it was asked about."""
        name = self._shown.get(_identity(self._files, path))
        if name is not None:
            self._asked.add(name)
        return name is not None

    def htaccess(self, path: str, assumptions: Assumptions) -> Reading | None:
        """Read a .htaccess under the directory that it is served from; None if it is not."""
        whole = self._reading.scope is Scope.WHOLE
        return self._places.read(self._files, path, assumptions) if whole else None

    @cached_property
    def _places(self) -> ServedPlaces:
        from mpmtune.confparse.htaccess import ServedPlaces

        return ServedPlaces(self._reading)

    def asked(self, *, wholly: bool) -> Reading | None:
        """Give the reading for what was asked about; None when that is nothing."""
        if wholly:
            return self._reading
        return self._reading._replace(only=frozenset(self._asked)) if self._asked else None

    def _absolute(self, name: str) -> str:
        return posixpath.join(self._directory, name)


def _in_place(
    files: Files, path: str, wholes: dict[str, _Whole], assumptions: Assumptions
) -> Reading | None:
    """Read a .htaccess as part of the first configuration that serves its directory."""
    if not path.endswith(".htaccess") or isinstance(files.read(path), Absent):
        return None
    found = (whole.htaccess(path, assumptions) for whole in wholes.values())
    return next((reading for reading in found if reading is not None), None)


def _own(files: Files, path: str, wholes: dict[str, _Whole], assumptions: Assumptions) -> bool:
    """Look for the configuration that a file belongs to, in the directories above it."""
    if path == STDIN or path.endswith(".htaccess"):
        return False
    directory = posixpath.dirname(path)
    for _ in range(_LEVELS_ABOVE):
        main = _main_in(files, directory, _MAIN_NAMES)
        if main is not None and main not in wholes:
            wholes[main] = _Whole(files, main, assumptions)
            return wholes[main].covers(path)
        if main is not None or directory in {"/", assumptions.root}:
            return False
        directory = posixpath.dirname(directory)
    return False


def _identity(files: Files, path: str) -> tuple[object, ...]:
    """Tell files apart, whatever links lead to them."""
    entry = followed(files, path)
    if isinstance(entry, Absent):
        return (path,)
    return (entry.device, entry.inode) if entry.inode else (entry.path,)


def _expand(files: Files, argument: str, assumptions: Assumptions) -> Iterator[str]:
    if argument == STDIN:
        yield STDIN
        return
    path = posixpath.normpath(posixpath.join(assumptions.directory, argument))
    if assumptions.root is not None and not within(assumptions.root, path):
        raise InputError(
            f"{printable(argument)} lies outside of --root {printable(assumptions.root)}.",
            "Name what lies in it.",
        )
    there = followed(files, path)
    if not isinstance(there, Absent):
        yield from _directory(files, path) if is_directory(files, path) else (path,)
        return
    matches = files.glob(path) if re.search(r"[*?[]", argument) else ()
    if not matches:
        why = "does not exist" if there.missing else f"cannot be read: {printable(there.why)}"
        raise InputError(
            f"{printable(argument)} {why}.",
            "Name a configuration file or a directory, or - for standard input.",
        )
    for match in matches:
        yield from _directory(files, match) if is_directory(files, match) else (match,)


def _directory(files: Files, directory: str) -> Iterator[str]:
    """Give the main file of a directory, or all files in it that look like configuration."""
    main = _main_in(files, directory, _MAIN_PLACES)
    if main is not None:
        yield main
        return
    found = list(_files_below(files, directory))
    if not found:
        raise InputError(
            f"{printable(directory)} holds no httpd configuration.",
            "Name its files, or a directory with apache2.conf or httpd.conf.",
        )
    yield from found


def _files_below(files: Files, directory: str) -> Iterator[str]:
    pending, count = [directory], 0
    while pending and count < _MOST_FILES:
        above = pending.pop()
        for path in (*files.glob(join(above, ".htaccess")), *files.glob(join(above, "*"))):
            entry = files.entry(path)
            if not isinstance(entry, Absent) and entry.kind.value == "directory":
                pending.append(path)
            elif path.endswith(_ENDINGS):
                count += 1
                yield path


def _main_in(files: Files, directory: str, places: Sequence[str]) -> str | None:
    candidates = (join(directory, place) for place in places)
    return next((path for path in candidates if _is_main(files, path)), None)


def _is_main(files: Files, path: str) -> bool:
    """Tell whether a file is a main one: by what only those hold, whatever its name is."""
    if path.endswith(".htaccess"):
        return False
    content = files.read(path)
    return not isinstance(content, Absent) and bool(_WHAT_ONLY_A_MAIN_FILE_HAS.search(content))
