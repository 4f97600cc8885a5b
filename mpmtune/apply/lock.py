"""One change of a configuration at a time: ours, or certbot's."""

from __future__ import annotations

import errno
import fcntl
import os
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING

from mpmtune.apply.atomic import LINK_ERRORS, reason
from mpmtune.apply.directories import directory, only_ours
from mpmtune.errors import InputError, LockedError, RolledBackError
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.apply.state_directory import StateDirectory

_OURS = "lock"
# certbot makes it in ServerRoot, locks it, and removes it when it is done (certbot, lock.py).
_CERTBOTS = ".certbot.lock"
_OPEN = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
_ATTEMPTS = 10


@contextmanager
def only_one(state: StateDirectory) -> Iterator[None]:
    """Hold the lock of a state directory; the end of the process frees it, however it ends.

    Raises:
        LockedError: if another mpmtune holds it.
        InputError: if a link lies in its place.
        RolledBackError: if it cannot be taken; nothing was changed.
    """
    try:
        handle = os.open(_OURS, _OPEN, 0o600, dir_fd=state.handle)
    except OSError as error:
        raise _nothing_changed(f"{state.path}/{_OURS}", error) from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        if isinstance(error, BlockingIOError):
            raise LockedError(
                "Another mpmtune is changing the configuration.", "Try again when it has ended."
            ) from None
        raise _nothing_changed(f"{state.path}/{_OURS}", error) from None
    try:
        yield
    finally:
        os.close(handle)


@contextmanager
def without_certbot(server_root: str) -> Iterator[None]:
    """Hold certbot's lock of a ServerRoot, so that it changes nothing there meanwhile.

    Raises:
        LockedError: if certbot holds it.
        InputError: if ServerRoot is not safe.
        RolledBackError: if it cannot be taken; nothing was changed.
    """
    with ExitStack() as opened:
        try:
            root = opened.enter_context(directory(server_root, only_ours))
            handle = _certbots(root)
        except BlockingIOError:
            raise LockedError(
                "certbot is changing the configuration.", "Try again when it has ended."
            ) from None
        except OSError as error:
            raise _nothing_changed(f"{server_root}/{_CERTBOTS}", error) from None
        try:
            yield
        finally:
            with suppress(OSError):
                os.unlink(_CERTBOTS, dir_fd=root)
            os.close(handle)


def _certbots(root: int) -> int:
    """Lock the file that is there under that name now, as certbot does: it may be removed."""
    for _ in range(_ATTEMPTS):
        handle = os.open(_CERTBOTS, _OPEN, 0o600, dir_fd=root)
        try:
            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            there = os.stat(_CERTBOTS, dir_fd=root, follow_symlinks=False)
        except FileNotFoundError:
            os.close(handle)
            continue
        except OSError:
            os.close(handle)
            raise
        if os.path.samestat(there, os.fstat(handle)):
            return handle
        os.close(handle)
    raise OSError(errno.EAGAIN, "it comes and goes")


def _nothing_changed(path: str, error: OSError) -> InputError | RolledBackError:
    kind = InputError if error.errno in LINK_ERRORS else RolledBackError
    return kind(f"Nothing was changed: {printable(path)} cannot be locked: {reason(error)}.")
