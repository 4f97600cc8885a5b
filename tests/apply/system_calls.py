"""The system calls of a command that matter, and how the kernel is made to refuse one of them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CHANGING = (
    "write",
    "pwrite64",
    "rename",
    "renameat",
    "renameat2",
    "unlink",
    "unlinkat",
    "symlink",
    "symlinkat",
    "link",
    "linkat",
    "mkdir",
    "mkdirat",
    "rmdir",
    "fsync",
    "fdatasync",
    "fchmod",
    "fchmodat",
    "chmod",
    "fchown",
    "fchownat",
    "chown",
    "lchown",
    "ftruncate",
    "setxattr",
    "fsetxattr",
    "lsetxattr",
    "flock",
    "fcntl",
    "openat",
)
# By which processes are started, signalled and waited for, and servers asked.
ACTING = (
    "fork",
    "vfork",
    "clone",
    "clone3",
    "pipe2",
    "pidfd_open",
    "pidfd_send_signal",
    "socket",
    "connect",
    "sendto",
)
_CALL = re.compile(r"(?:\d+ +)?(\w+)\((.*)")
_OPENED = re.compile(r'openat\((?:AT_FDCWD|\d+)(?:<(?P<inside>[^>]*)>)?, "(?P<name>[^"]*)"')
_WRITES = re.compile(r"O_WRONLY|O_RDWR|O_CREAT")
_LOCKS = re.compile(r"F_(?:OFD_)?SETLKW?\b")


@dataclass(frozen=True)
class Point:
    """The nth call of a system call by the command.

    Attributes:
        syscall: Its name.
        nth: Among all calls of that name.
        line: What strace shows of it.
        place: Of an opening, the directory: how many files are opened elsewhere, below /proc for
            one, is not the same in every run.
        nth_there: Among the openings there.
    """

    syscall: str
    nth: int
    line: str
    place: str = ""
    nth_there: int = 0

    def __str__(self) -> str:
        return f"{self.syscall} {self.nth}"

    def made(self, fault: str) -> list[str]:
        """Give strace's options that let it be ``error=EIO``, once or from there on (``:lasting``)."""
        kind, _, lasting = fault.partition(":")
        injected = f"inject={self.syscall}:{kind}:when="
        only = ["-e", f"trace={self.syscall}"]
        if lasting:
            return [*only, "-e", f"{injected}{self.nth}+"]
        if self.place:
            return ["-P", self.place, *only, "-e", f"{injected}{self.nth_there}"]
        return [*only, "-e", f"{injected}{self.nth}"]


@cache
def strace() -> str:
    """Find strace, or skip the test."""
    found = shutil.which("strace", path="/usr/bin:/usr/local/bin:/bin")
    if found is None:
        pytest.skip("strace is not installed here, so no system call can be made to fail")
    tried = subprocess.run([found, "-o", os.devnull, "true"], check=False, capture_output=True)
    if tried.returncode:
        pytest.skip("strace may trace nothing here")
    return found


def calls(log: str) -> Iterator[Point]:
    """Read a log of strace's (``-y``); openings to read, and fcntl that locks nothing, are left out."""
    counts: dict[str, int] = {}
    for line in log.splitlines():
        call = _CALL.match(line)
        if call is None:
            continue
        syscall = call[1]
        place = _place(line) if syscall == "openat" else ""
        for counted in (syscall, place):
            counts[counted] = counts.get(counted, 0) + 1
        if syscall == "openat" and not _WRITES.search(line):
            continue
        if syscall == "fcntl" and not _LOCKS.search(line):
            continue
        yield Point(syscall, counts[syscall], line, place, counts[place] if place else 0)


def _place(line: str) -> str:
    """Find by what strace's ``-P`` knows an opening: the directory, or the whole path."""
    opened = _OPENED.match(line)
    if opened is None:
        return ""
    return opened["name"] if opened["name"].startswith("/") else opened["inside"] or ""


def tracing(log: str, syscalls: Sequence[str]) -> list[str]:
    """Give the command line that writes such a log."""
    names = ",".join(f"?{name}" for name in syscalls)
    return [strace(), "-y", "-s", "0", "-o", log, "-e", f"trace={names}"]
