"""Doing something on this machine without this machine noticing.

A child of ours leaves the mount, network, ipc and pid namespaces and looks at the file system
through overlays: it sees every file as it is, and what it writes lies in memory and is gone
afterwards. It has a loopback interface and no other, to which every address leads. When its first process ends, the kernel ends
all that it has started.
"""

from __future__ import annotations

import os
import selectors
import signal
import sys
import tempfile
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from mpmtune.host.doorway import Absent
from mpmtune.host.kernel_calls import Mounting, Namespace, die_with_parent, mount, unshare
from mpmtune.host.local_routes import make_every_address_local
from mpmtune.host.mounts import Mount, parse_mounts, visible

if TYPE_CHECKING:
    from collections.abc import Callable

_ALL = Namespace.MOUNT | Namespace.NETWORK | Namespace.IPC | Namespace.PID
_PIECE = 64 * 1024
_STANDARD = 2  # input, output, errors
_PLACE = "/tmp"  # noqa: S108 - sticky, and TMPDIR may name a directory where others rename ours
_ANSWER, _REFUSAL = b"+", b"-"


def in_private_world(task: Callable[[], bytes], seconds: float) -> bytes | Absent:
    """Carry out ``task`` in a world of its own and give what it returns.

    Args:
        task: Is called in a child process, as the first process of its pid namespace. An OSError
            or MpmtuneError that it raises becomes an Absent with its sentence.
        seconds: When they are over, everything in that world is killed.

    Returns:
        The bytes, or Absent where there can be no such world (no privilege, no namespaces, no
        overlays, nothing left of something) or the time was over.
    """
    try:
        said = _said_within(task, seconds)
    except OSError as error:
        return Absent("private world", error.strerror or str(error))
    if said is None:
        return Absent("private world", f"it did not end within {seconds:g} seconds")
    if not said.startswith(_ANSWER):
        why = said[1:].decode("utf-8", "replace")
        return Absent("private world", why or "its process was killed")
    return said[1:]


def _said_within(task: Callable[[], bytes], seconds: float) -> bytes | None:
    with tempfile.TemporaryDirectory(
        prefix="mpmtune-world-", dir=_PLACE, ignore_cleanup_errors=True
    ) as place:
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            os.close(reading)
            _guarded(lambda: _outside(task, place, writing), writing)
        os.close(writing)
        try:
            return _listen(reading, time.monotonic() + seconds)
        finally:
            os.close(reading)
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def _listen(reading: int, deadline: float) -> bytes | None:
    said = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(reading, selectors.EVENT_READ)
        while (left := deadline - time.monotonic()) > 0:
            if selector.select(left):
                piece = os.read(reading, _PIECE)
                if not piece:
                    return bytes(said)
                said += piece
    return None


def _guarded(step: Callable[[], None], writing: int) -> None:
    """Run a step of a child: it never returns, and what goes wrong is told through the pipe."""
    try:
        step()
    except BaseException as error:  # noqa: BLE001 - a forked child must not run its parent's code
        with suppress(OSError):
            os.write(writing, _REFUSAL + str(error).encode("utf-8", "replace"))
    finally:
        os._exit(0)


def _outside(task: Callable[[], bytes], place: str, writing: int) -> None:
    """Make the namespaces; the first child after that is their pid 1."""
    _let_go_of_all_but(writing)
    die_with_parent(signal.SIGKILL)
    os.setsid()
    mounts = _mounts()
    unshare(_ALL)
    first = os.fork()
    if not first:
        _guarded(lambda: _inside(task, mounts, place, writing), writing)
    os.close(writing)
    os.waitpid(first, 0)


def _let_go_of_all_but(kept: int) -> None:
    """Close what was open before: a lock of ours must not be held from in there."""
    for number in map(int, os.listdir("/proc/self/fd")):
        if number > _STANDARD and number != kept:
            with suppress(OSError):
                os.close(number)


def _inside(task: Callable[[], bytes], mounts: tuple[Mount, ...], place: str, writing: int) -> None:
    die_with_parent(signal.SIGKILL)
    mount("none", "/", "none", Mounting.RECURSIVE | Mounting.PRIVATE)
    _change_root(mounts, place)
    make_every_address_local()
    answer = task()
    sys.stdout.flush()
    with os.fdopen(os.dup(writing), "wb") as pipe:
        pipe.write(_ANSWER + answer)


def _mounts() -> tuple[Mount, ...]:
    with open("/proc/self/mountinfo", "rb") as file:
        return visible(parse_mounts(file.read()))


def _change_root(mounts: tuple[Mount, ...], place: str) -> None:
    """Build a copy of the file system out of overlays, and make it the root."""
    mount("tmpfs", place, "tmpfs", Mounting.NO_SUID | Mounting.NO_DEVICES, "mode=700")
    root = f"{place}/root"
    os.mkdir(root, 0o755)
    for number, one in enumerate(mounts):
        target = root + one.path.rstrip("/")
        if one.kind == "proc":
            mount("proc", target, "proc", Mounting.PLAIN)
        elif one.made_by_kernel or not os.path.isdir(one.path):
            mount(one.path, target, "none", Mounting.BIND)
        else:
            _overlay(one.path, target, f"{place}/{number}")
    os.chroot(root)
    os.chdir("/")


def _overlay(lower: str, target: str, layer: str) -> None:
    upper, work = f"{layer}/upper", f"{layer}/work"
    os.makedirs(upper, 0o755)
    os.mkdir(work, 0o755)
    status = os.stat(lower)
    os.chown(upper, status.st_uid, status.st_gid)
    os.chmod(upper, status.st_mode & 0o7777)
    data = f"lowerdir={_escaped(lower)},upperdir={upper},workdir={work}"
    mount("overlay", target, "overlay", Mounting.PLAIN, data)


def _escaped(path: str) -> str:
    """Escape what separates the options and the layers of an overlay."""
    return path.replace("\\", "\\\\").replace(",", "\\,").replace(":", "\\:")
