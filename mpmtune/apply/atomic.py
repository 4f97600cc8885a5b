"""Replacing a file so that nobody ever sees half of it, and nothing else is touched.

The directory is reached component by component through handles, so that a path which is
exchanged on the way leads nowhere. The new file is written beside the old one under a name that
no ``Include *.conf`` takes, synced, given the old one's owner and mode, and renamed over it.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mpmtune.errors import InputError
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class Change:
    """A file and what it shall hold.

    Attributes:
        path: The file, a regular one: links were resolved by whoever read it.
        before: What it held when it was read.
        after: What it shall hold.
    """

    path: str
    before: bytes
    after: bytes


def replace(change: Change) -> None:
    """Put ``after`` in the place of ``before``.

    Raises:
        InputError: if the file is no longer what was read, is a link or no regular file, or
            cannot be written. It is untouched then.
    """
    path = Path(change.path).absolute()
    try:
        with _directory_of(path) as directory:
            _replace(directory, path.name, change)
    except OSError as error:
        raise InputError(
            f"{printable(change.path)} was not changed: {_reason(error)}.",
            "Name a regular file, by its own path, in a directory that you may write to.",
        ) from None


def _replace(directory: int, name: str, change: Change) -> None:
    status = _same_as_read(directory, name, change)
    # A dot in front and no .conf at the end: no Include of httpd's takes it up.
    temporary = f".{name[:100]}.{os.urandom(8).hex()}.mpmtune"
    handle = os.open(temporary, _CREATE, 0o600, dir_fd=directory)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(change.after)
            file.flush()
            _dress(file.fileno(), status)
            os.fsync(file.fileno())
        _same_as_read(directory, name, change)
        os.rename(temporary, name, src_dir_fd=directory, dst_dir_fd=directory)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(temporary, dir_fd=directory)
        raise
    os.fsync(directory)


def _dress(handle: int, status: os.stat_result) -> None:
    """Give a new file the owner and the mode of the old one; the mode last, for chown clears it."""
    ours = os.fstat(handle)
    if (ours.st_uid, ours.st_gid) != (status.st_uid, status.st_gid):
        os.fchown(handle, status.st_uid, status.st_gid)
    os.fchmod(handle, stat.S_IMODE(status.st_mode))


def _same_as_read(directory: int, name: str, change: Change) -> os.stat_result:
    handle = os.open(name, _READ, dir_fd=directory)
    with os.fdopen(handle, "rb") as file:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "it is no regular file")
        if status.st_nlink > 1:
            raise OSError(errno.EMLINK, "it has other names too (hard links)")
        if file.read(len(change.before) + 1) != change.before:
            raise OSError(errno.ESTALE, "it has changed since it was read")
    return status


@contextmanager
def _directory_of(path: Path) -> Iterator[int]:
    """Open the directory of an absolute path, one component at a time, and follow no link."""
    root, *components = path.parent.parts
    handle = os.open(root, _DIRECTORY)
    try:
        for component in components:
            inner = os.open(component, _DIRECTORY, dir_fd=handle)
            os.close(handle)
            handle = inner
        yield handle
    finally:
        os.close(handle)


def _reason(error: OSError) -> str:
    if error.errno in {errno.ELOOP, errno.ENOTDIR}:
        return "it is a symbolic link, or its path leads through one"
    return error.strerror or "it cannot be written"
