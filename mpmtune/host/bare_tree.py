"""A directory that looks like a machine: ``proc/``, ``sys/``, ``etc/``, as far as they are there."""

from __future__ import annotations

import errno
import os
import re
from typing import TYPE_CHECKING

from mpmtune.host.doorway import Absent, Process
from mpmtune.host.opening import KERNEL_FILE, Refusal, is_kernel_path, open_regular
from mpmtune.host.regular_files import RegularFiles
from mpmtune.host.server_names import is_server

if TYPE_CHECKING:
    from mpmtune.host.doorway import Answer, Command

_MOST_LINKS = 40
_THE_ASKER = ("/proc/self/", "/proc/thread-self/")
_PID = re.compile(r"[1-9][0-9]{0,9}")
_STAT = re.compile(rb"\d+ \((?P<name>.*)\) \S (?P<parent>\d+) (?P<rest>.*)", re.DOTALL)
_STATUS_NAME = re.compile(rb"^Name:[ \t]*(.*)$", re.MULTILINE)
_STATUS_PARENT = re.compile(rb"^PPid:[ \t]*(\d+)$", re.MULTILINE)
_START_FIELD = 22 - 5  # stat's starttime, counted from the field after ppid
_TICKS_PER_SECOND = 100  # USER_HZ of every architecture that httpd runs on


class BareTree(RegularFiles):
    """A machine of which only files are left.

    Paths are those of that machine; links, absolute ones too, lead no further than the directory.
    Nothing outside it is read and nothing is started.

    Args:
        directory: Where the tree lies.
    """

    def __init__(self, directory: str) -> None:
        super().__init__()
        self._directory = os.path.realpath(directory)

    def run(self, command: Command) -> Answer | Absent:
        """Start nothing."""
        return Absent(command.argv[0], "a directory has no programs to run")

    def processes(self) -> tuple[Process, ...] | Absent:
        """List what ``proc/`` holds, in order of pids."""
        if not self.exists("/proc"):
            return Absent("/proc", "the directory holds no proc/")
        pids = sorted(int(name) for name in self.names("/proc") if _PID.fullmatch(name))
        seen = (self._process(pid) for pid in pids)
        return tuple(process for process in seen if process is not None)

    def loopback_get(self, port: int, target: str, name: str = "localhost") -> Answer | Absent:
        """Ask nothing."""
        del name
        return Absent(f"http://127.0.0.1:{port}{target}", "a directory answers no request")

    def user(self) -> int:
        """Answer as root; who looks at a directory makes no difference."""
        return 0

    def _place(self, path: str) -> str:
        return beneath(self._directory, path)

    def _open(self, path: str) -> int:
        if os.path.normpath(path).startswith(_THE_ASKER):
            raise FileNotFoundError(errno.ENOENT, "a directory has no process that asks")
        place = self._place(path)
        if is_kernel_path(place[len(self._directory) :]) and not is_kernel_path(path):
            raise Refusal(KERNEL_FILE)
        return open_regular(place)

    def _process(self, pid: int) -> Process | None:
        name, parent, started = self._identity(pid)
        if not name:
            return None
        called = is_server(name)
        return Process(
            pid=pid,
            parent=parent,
            name=name,
            executable=self._executable(pid) if called else "",
            arguments=self._arguments(pid) if called else (),
            started_seconds=started,
        )

    def _identity(self, pid: int) -> tuple[str, int, int]:
        """Find name, parent and start from whichever file is there."""
        stat = self.read(f"/proc/{pid}/stat")
        if isinstance(stat, bytes) and (match := _STAT.fullmatch(stat)):
            return os.fsdecode(match["name"]), int(match["parent"]), _started(match["rest"])
        status = self.read(f"/proc/{pid}/status")
        if isinstance(status, bytes) and (found := _STATUS_NAME.search(status)):
            parent = _STATUS_PARENT.search(status)
            return os.fsdecode(found[1].strip()), int(parent[1]) if parent else 0, 0
        comm = self.read(f"/proc/{pid}/comm")
        return os.fsdecode(comm.strip()) if isinstance(comm, bytes) else "", 0, 0

    def _executable(self, pid: int) -> str:
        entry = self.entry(f"/proc/{pid}/exe")
        return "" if isinstance(entry, Absent) else entry.target or ""

    def _arguments(self, pid: int) -> tuple[str, ...]:
        cmdline = self.read(f"/proc/{pid}/cmdline")
        if isinstance(cmdline, Absent) or not cmdline:
            return ()
        return tuple(os.fsdecode(word) for word in cmdline.removesuffix(b"\0").split(b"\0"))


def _started(rest: bytes) -> int:
    fields = rest.split()
    ticks = fields[_START_FIELD] if len(fields) > _START_FIELD else b""
    return int(ticks) // _TICKS_PER_SECOND if ticks.isdigit() else 0


def beneath(root: str, path: str) -> str:
    """Resolve ``path`` as a process would whose root directory is ``root``.

    Returns:
        The place in ``root`` that the path leads to, whether something lies there or not; it
        holds no link and no ``..``.

    Raises:
        OSError: when it leads through more than 40 links.
        ValueError: when it is no path.
    """
    place: list[str] = []
    pending = path.split("/")[::-1]
    links = 0
    while pending:
        part = pending.pop()
        if part == "..":
            del place[-1:]
        elif part not in {"", "."}:
            try:
                target = os.readlink("/".join((root, *place, part)))
            except OSError:  # no link
                place.append(part)
                continue
            links += 1
            if links > _MOST_LINKS:
                raise OSError(errno.ELOOP, "too many levels of symbolic links")
            if target.startswith("/"):
                place.clear()
            pending += target.split("/")[::-1]
    return "/".join((root, *place))
