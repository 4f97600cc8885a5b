"""System calls of Linux that Python does not offer in every version that we support."""

from __future__ import annotations

import ctypes
import os
from enum import IntFlag
from functools import cache

_SET_DEATH_SIGNAL = 1  # linux/prctl.h, PR_SET_PDEATHSIG


class Namespace(IntFlag):
    """What a process can have for itself (linux/sched.h)."""

    MOUNT = 0x0002_0000
    IPC = 0x0800_0000
    PID = 0x2000_0000
    NETWORK = 0x4000_0000


class Mounting(IntFlag):
    """How something is mounted (linux/mount.h)."""

    PLAIN = 0
    READ_ONLY = 0x1
    NO_SUID = 0x2
    NO_DEVICES = 0x4
    REMOUNT = 0x20
    BIND = 0x1000
    RECURSIVE = 0x4000
    PRIVATE = 0x4_0000


@cache
def _library() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def unshare(namespaces: Namespace) -> None:
    """Leave namespaces for new ones (unshare(2)).

    Raises:
        OSError: where the kernel or a container does not allow it.
    """
    _checked(_library().unshare(int(namespaces)), "unshare")


def mount(source: str, target: str, kind: str, how: Mounting, data: str = "") -> None:
    """Mount something (mount(2)).

    Raises:
        OSError: naming the target.
    """
    _checked(
        _library().mount(
            os.fsencode(source),
            os.fsencode(target),
            kind.encode(),
            ctypes.c_ulong(int(how)),
            os.fsencode(data),
        ),
        target,
    )


def die_with_parent(number: int) -> None:
    """Have the kernel send this process a signal when its parent ends (prctl(2)).

    Raises:
        OSError: where the kernel does not know the call.
    """
    _checked(_library().prctl(_SET_DEATH_SIGNAL, number, 0, 0, 0), "prctl")


def _checked(result: int, what: str) -> None:
    if result:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), what)
