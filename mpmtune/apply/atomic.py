"""Replacing a file so that nobody ever sees half of it, and nothing else is touched.

The directory is reached through handles. The new file is written beside the old one under a name
that no ``Include *.conf`` takes, synced, given the old one's owner, mode and extended attributes,
and renamed over it.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mpmtune.apply.directories import directory
from mpmtune.errors import InputError
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from collections.abc import Callable

_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
# What the kernel says to a link where none is followed.
LINK_ERRORS = frozenset({errno.ELOOP, errno.ENOTDIR})
_NO_ATTRIBUTES = frozenset({errno.ENOTSUP, errno.ENODATA})


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
        with directory(str(path.parent)) as inside:
            _replace(inside, path.name, change)
    except OSError as error:
        raise InputError(
            f"{printable(change.path)} was not changed: {reason(error)}.",
            "Name a regular file, by its own path, in a directory that you may write to.",
        ) from None


def _replace(inside: int, name: str, change: Change) -> None:
    _same_as_read(inside, name, change)
    # A dot in front and no .conf at the end: no Include of httpd's takes it up.
    spare = f".{name[:100]}.{os.urandom(8).hex()}.mpmtune"

    def dress(handle: int) -> None:
        # Looked at once more, as late as can be.
        dress_like(handle, inside, name, _same_as_read(inside, name, change))

    write_whole(inside, spare, name, change.after, dress)


def write_whole(
    inside: int, spare: str, name: str, content: bytes, dress: Callable[[int], None]
) -> None:
    """Write a file beside its place, sync it, and rename it there; the directory is synced last.

    Args:
        inside: Descriptor of the directory.
        spare: A name there that nothing has.
        name: Where it belongs; what lies there is replaced.
        content: What it shall hold.
        dress: Gives the new file owner and mode, by its descriptor; may refuse by raising.

    Raises:
        OSError: if any step fails. What lay at ``name`` is still there unless only the last step,
            the syncing of the directory, failed.
    """
    handle = os.open(spare, _CREATE, 0o600, dir_fd=inside)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            dress(file.fileno())
            os.fsync(file.fileno())
        os.rename(spare, name, src_dir_fd=inside, dst_dir_fd=inside)
    except BaseException:
        with suppress(OSError):
            os.unlink(spare, dir_fd=inside)
        raise
    os.fsync(inside)


def dress_like(handle: int, inside: int, name: str, status: os.stat_result) -> None:
    """Give a new file owner, extended attributes (SELinux, ACL) and mode of the one at ``name``."""
    dress_as(handle, status.st_uid, status.st_gid)
    copied = os.open(name, _READ, dir_fd=inside)
    try:
        _copy_attributes(copied, handle)
    finally:
        os.close(copied)
    os.fchmod(handle, stat.S_IMODE(status.st_mode))


def dress_as(handle: int, owner: int, group: int) -> None:
    """Give a new file its owner; the mode comes after, for chown clears the special bits."""
    ours = os.fstat(handle)
    if (ours.st_uid, ours.st_gid) != (owner, group):
        os.fchown(handle, owner, group)


def _copy_attributes(source: int, target: int) -> None:
    have = _attributes(target)
    for name, value in _attributes(source).items():
        if have.get(name) != value:
            os.setxattr(target, name, value)


def _attributes(handle: int) -> dict[str, bytes]:
    try:
        return {name: os.getxattr(handle, name) for name in os.listxattr(handle)}
    except OSError as error:
        if error.errno in _NO_ATTRIBUTES:
            return {}
        raise


def read_regular(inside: int, name: str, limit: int) -> tuple[os.stat_result, bytes]:
    """Read a regular file with one name, and follow no link.

    Args:
        inside: Descriptor of the directory.
        name: The file there.
        limit: Most bytes to read; one more is read of a longer file.

    Raises:
        OSError: if it is none; EMLINK where it has other names.
    """
    handle = os.open(name, _READ, dir_fd=inside)
    with os.fdopen(handle, "rb") as file:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "it is no regular file")
        if status.st_nlink > 1:
            raise OSError(errno.EMLINK, "it has other names too (hard links)")
        return status, file.read(limit + 1)


def _same_as_read(inside: int, name: str, change: Change) -> os.stat_result:
    status, content = read_regular(inside, name, len(change.before))
    if content != change.before:
        raise OSError(errno.ESTALE, "it has changed since it was read")
    return status


def reason(error: OSError) -> str:
    """Say in a clause what stood in the way."""
    if error.errno in LINK_ERRORS:
        return "it is a symbolic link, or its path leads through one or a file"
    return error.strerror or "it cannot be written"
