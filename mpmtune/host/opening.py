"""Opening what must be a regular file, without ever waiting for it or waking a device."""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING

from mpmtune.host.doorway import Absent, Entry, EntryKind

if TYPE_CHECKING:
    from collections.abc import Iterator

READ_LIMIT = 16 * 1024 * 1024
KERNEL_FILE = "it is a file of the kernel, not a configuration"
_KERNEL_TREES = ("/proc/", "/sys/")
_PIECE = 256 * 1024
_FLAGS = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC

_KINDS = (
    (stat.S_ISDIR, "it is a directory"),
    (stat.S_ISFIFO, "it is a FIFO"),
    (stat.S_ISSOCK, "it is a socket"),
    (stat.S_ISCHR, "it is a device"),
    (stat.S_ISBLK, "it is a device"),
)


def is_kernel_path(path: str) -> bool:
    """Tell whether a path names a file that the kernel makes up."""
    return os.path.normpath(path).startswith(_KERNEL_TREES)


class Refusal(Exception):  # noqa: N818 - an answer that did not come, not a fault
    """Why a path is not read, as one clause."""


def open_regular(path: str, *, refused_devices: frozenset[int] = frozenset()) -> int:
    """Open a regular file for reading; give its descriptor.

    ``refused_devices`` are ``st_dev`` numbers of file systems whose files are not read. The path
    is looked at before it is opened, for opening a FIFO or a device already has effects, and
    again after, for it may have been exchanged in between.

    Raises:
        Refusal: for anything but a regular file.
        OSError: when it cannot be opened.
    """
    _check(os.stat(path), refused_devices)
    descriptor = os.open(path, _FLAGS)
    try:
        _check(os.fstat(descriptor), refused_devices)
    except Refusal:
        os.close(descriptor)
        raise
    return descriptor


def _check(status: os.stat_result, refused_devices: frozenset[int]) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise Refusal(next((why for test, why in _KINDS if test(status.st_mode)), "no file"))
    if status.st_dev in refused_devices:
        raise Refusal(KERNEL_FILE)


def read_descriptor(descriptor: int, limit: int) -> bytes:
    """Read to the end, and close.

    Raises:
        Refusal: when there is more than ``limit`` bytes.
        OSError: when the kernel says so.
    """
    pieces = []
    left = limit
    try:
        while piece := os.read(descriptor, min(left + 1, _PIECE)):
            left -= len(piece)
            if left < 0:
                raise Refusal(f"it is larger than {limit >> 20} MiB")
            pieces.append(piece)
    finally:
        os.close(descriptor)
    return b"".join(pieces)


def pieces_of(descriptor: int) -> Iterator[bytes]:
    """Read to the end in pieces, and close."""
    try:
        while piece := os.read(descriptor, _PIECE):
            yield piece
    finally:
        os.close(descriptor)


def absent(path: str, error: Exception) -> Absent:
    """Turn what stood in the way into an answer."""
    if isinstance(error, OSError) and error.strerror:
        missing = error.errno in {errno.ENOENT, errno.ENOTDIR}
        return Absent(path, error.strerror[0].lower() + error.strerror[1:], missing)
    return Absent(path, str(error) if isinstance(error, Refusal) else "it is no path")


def entry_at(shown: str, place: str) -> Entry | Absent:
    """Look at ``place`` without following it; the answer speaks of ``shown``."""
    try:
        status = os.lstat(place)
        target = os.readlink(place) if stat.S_ISLNK(status.st_mode) else None
    except (OSError, ValueError) as error:
        return absent(shown, error)
    return Entry(
        path=shown,
        kind=_kind(status.st_mode),
        owner=status.st_uid,
        group=status.st_gid,
        mode=stat.S_IMODE(status.st_mode),
        size=status.st_size,
        target=target,
        device=status.st_dev,
        inode=status.st_ino,
    )


def _kind(mode: int) -> EntryKind:
    if stat.S_ISREG(mode):
        return EntryKind.FILE
    if stat.S_ISDIR(mode):
        return EntryKind.DIRECTORY
    return EntryKind.LINK if stat.S_ISLNK(mode) else EntryKind.OTHER


def names_in(place: str) -> list[str]:
    """List a directory; empty for what cannot be listed."""
    try:
        return os.listdir(place)
    except (OSError, ValueError):
        return []
