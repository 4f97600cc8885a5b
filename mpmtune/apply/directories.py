"""A directory reached component by component through handles, so that no link leads elsewhere."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from mpmtune.errors import InputError
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    # Looks at a component, and raises if it may not lie on the way.
    Inspection = Callable[[str, os.stat_result], None]

# To pass through a directory it need not be readable.
_PASSED = os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_OPENED = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC


@contextmanager
def directory(path: str, inspect: Inspection | None = None) -> Iterator[int]:
    """Open a directory by an absolute path that holds no link.

    Args:
        path: The directory.
        inspect: Called with every component, the root first, before anything in it is opened.

    Yields:
        A descriptor, for the ``dir_fd`` of whatever is done in it.

    Raises:
        OSError: ELOOP or ENOTDIR where a component is a link or no directory.
    """
    root, *components = Path(path).parts
    place = root
    handle = os.open(root, _PASSED)
    try:
        for component in components:
            if inspect is not None:
                inspect(place, os.fstat(handle))
            inner = os.open(component, _PASSED, dir_fd=handle)
            os.close(handle)
            handle = inner
            place = f"{place.rstrip('/')}/{component}"
        if inspect is not None:
            inspect(place, os.fstat(handle))
        opened = os.open(".", _OPENED, dir_fd=handle)
    finally:
        os.close(handle)
    try:
        yield opened
    finally:
        os.close(opened)


def only_ours(path: str, status: os.stat_result) -> None:
    """Refuse a directory in which others than root and we could exchange what we write.

    Raises:
        InputError: naming it.
    """
    why = _fault(status)
    if why is not None:
        raise InputError(
            f"{printable(path)} {why}, so what is written below it would not be safe.",
            "Let the directory belong to root, and let nobody else write to it.",
        )


def _fault(status: os.stat_result) -> str | None:
    if status.st_uid not in {0, os.geteuid()}:
        return f"belongs to user {status.st_uid}"
    # In a sticky directory (/tmp) nobody can exchange what belongs to another.
    if status.st_mode & stat.S_ISVTX:
        return None
    if status.st_mode & stat.S_IWOTH:
        return "may be written by everybody"
    if status.st_mode & stat.S_IWGRP and status.st_gid != 0:
        return f"may be written by group {status.st_gid}"
    return None
