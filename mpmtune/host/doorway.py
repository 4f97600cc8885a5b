"""The doorway: what may be asked of a machine, in two widths."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Absent:
    """An answer that could not be had: not there, not permitted, not a regular file, too large.

    ``missing`` says that nothing lies there, so that nothing is hidden from the one who asks.
    """

    path: str
    why: str
    missing: bool = False


class EntryKind(Enum):
    """What lies at a path."""

    FILE = "file"
    DIRECTORY = "directory"
    LINK = "link"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Entry:
    """A directory entry, links not followed.

    ``mode`` holds the permission bits; ``target`` is set for a link. ``device`` and ``inode``
    identify the file (0, 0 where the host cannot tell).
    """

    path: str
    kind: EntryKind
    owner: int
    group: int
    mode: int
    size: int
    target: str | None = None
    device: int = 0
    inode: int = 0


@dataclass(frozen=True, slots=True)
class Command:
    """A process that may be started: absolute path first, fixed environment, no shell.

    Its answer is not for the record where it may hold what a snapshot must not.
    """

    argv: tuple[str, ...]
    environment: tuple[tuple[str, str], ...] = ()
    timeout_seconds: int = 10
    for_record: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """What a process or a loopback request gave back.

    ``status`` is the exit code (negative: killed by that signal) or the HTTP status. ``stdout``
    holds the body of an HTTP answer. Both streams are capped.
    """

    status: int
    stdout: bytes
    stderr: bytes
    timed_out: bool = False


@dataclass(frozen=True, slots=True)
class Process:
    """A process of the host.

    Attributes:
        pid: Its id.
        parent: Its parent's id.
        name: comm, at most 15 bytes, as text that may hold any character.
        executable: Target of /proc/PID/exe; empty when it may not be read.
        arguments: The command line.
        started_seconds: Seconds between boot and its start.
    """

    pid: int
    parent: int
    name: str
    executable: str
    arguments: tuple[str, ...]
    started_seconds: int


class Files(Protocol):
    """Reading only: all that ``lint``, ``config`` and ``workload`` are given."""

    def read(self, path: str) -> bytes | Absent:
        """Read a regular file whole, at most 16 MiB."""
        ...

    def stream(self, path: str) -> Iterator[bytes]:
        """Read a regular file in pieces, of any size; nothing comes of what is no such file."""
        ...

    def glob(self, pattern: str) -> tuple[str, ...]:
        """Expand a pattern component by component, each in strcmp order, as httpd's Include does.

        A leading dot is matched by a dot only. What does not exist is left out.

        Raises:
            InputError: when more than 10,000 paths match, or too many directories would be listed.
        """
        ...

    def entry(self, path: str) -> Entry | Absent:
        """Look at a path without opening it, and without following a link at its end."""
        ...


class Host(Files, Protocol):
    """A machine: files, processes, the commands of ``httpd_binary`` and loopback."""

    def run(self, command: Command) -> Answer | Absent:
        """Start a process of ``httpd_binary``, wait for it under its time limit.

        Absent when there is no such program, when others than root and the caller may write to
        it, or when this host starts nothing.
        """
        ...

    def processes(self) -> tuple[Process, ...] | Absent:
        """List the processes."""
        ...

    def loopback_get(self, port: int, target: str, name: str = "localhost") -> Answer | Absent:
        """GET ``target`` from 127.0.0.1:``port``; no redirect, no proxy, 2 seconds, 1 MiB.

        ``name`` goes into the Host header; it is never resolved.
        """
        ...

    def user(self) -> int:
        """Effective user id of the one who asks."""
        ...
