"""This machine."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

from mpmtune.host.doorway import Absent, Process
from mpmtune.host.opening import READ_LIMIT, Refusal, is_kernel_path, open_regular
from mpmtune.host.regular_files import RegularFiles
from mpmtune.host.server_names import is_server

if TYPE_CHECKING:
    import psutil

    from mpmtune.host.doorway import Answer, Command

# Their files are regular ones for stat, made up by the kernel when read, and some never end.
_KERNEL_MOUNTS = ("/proc", "/sys", "/sys/kernel/debug", "/sys/kernel/tracing")
_HALF_A_TICK = 0.005


class LocalFiles(RegularFiles):
    """The files of this machine, or of one directory of it.

    Only regular files are read; those of the kernel are not, for no configuration is kept there.

    Args:
        root: Nothing outside this directory is read, be it reached by a link; None for no bound.
        limit: The largest file that ``read`` gives, in bytes.
    """

    def __init__(self, root: str | None = None, limit: int = READ_LIMIT) -> None:
        super().__init__(limit)
        self._root = None if root is None else os.path.realpath(root)

    def _place(self, path: str) -> str:
        if self._root is None:
            return path or "."
        place = os.path.realpath(path)
        if place != self._root and not place.startswith(self._root.rstrip("/") + "/"):
            raise Refusal(f"it lies outside {self._root}")
        return place

    def _open(self, path: str) -> int:
        return open_regular(self._place(path), refused_devices=_kernel_devices())


class LocalHost(LocalFiles):
    """This machine with its processes and its httpd.

    Files of the kernel are read where they are asked for by their name; one that a link in
    another directory leads to is refused. Environments of processes are never read. Processes
    are listed once: whoever asks sees the same.
    """

    def __init__(self) -> None:
        super().__init__()
        self._processes: tuple[Process, ...] | None = None

    def run(self, command: Command) -> Answer | Absent:
        """Start a program that only root and the caller can have written."""
        from mpmtune.host.starting import start
        from mpmtune.host.trust import distrust

        program = command.argv[0]
        why = distrust(self, self.user(), (program,))
        return Absent(program, why) if why else start(command)

    def processes(self) -> tuple[Process, ...] | Absent:
        """List the processes; command lines and executables of httpd and PHP-FPM alone."""
        if self._processes is None:
            try:
                import psutil

                boot = psutil.boot_time()
                seen = [_seen(process, boot) for process in psutil.process_iter()]
            except OSError as error:  # what concerns one process alone is an error of psutil's
                return Absent("processes", f"they cannot be listed: {error.strerror}")
            self._processes = tuple(process for process in seen if process is not None)
        return self._processes

    def loopback_get(self, port: int, target: str, name: str = "localhost") -> Answer | Absent:
        """GET ``target`` from 127.0.0.1:``port``."""
        from mpmtune.host.loopback import get

        return get(port, target, name)

    def user(self) -> int:
        """Effective user id of this process."""
        return os.geteuid()

    def _open(self, path: str) -> int:
        if os.path.basename(path) == "environ":
            raise Refusal("environments are not read")
        if is_kernel_path(path):
            return open_regular(path)
        return super()._open(path)


def _seen(process: psutil.Process, boot: float) -> Process | None:
    """Look at one process, which may be gone by now; a dead one that nobody has buried is gone."""
    import psutil

    try:
        with process.oneshot():
            if process.status() == psutil.STATUS_ZOMBIE:
                return None
            name = process.name()
            executable, arguments = _called(process) if is_server(name) else ("", ())
            return Process(
                pid=process.pid,
                parent=process.ppid(),
                name=name,
                executable=executable,
                arguments=arguments,
                started_seconds=int(process.create_time() - boot + _HALF_A_TICK),
            )
    except psutil.Error:
        return None


def _called(process: psutil.Process) -> tuple[str, tuple[str, ...]]:
    """Find how a process was called; the executables of others are for root to see."""
    arguments = tuple(process.cmdline())
    # psutil.Process.exe() would guess from the command line, which a process writes as it likes.
    try:
        return os.readlink(f"/proc/{process.pid}/exe"), arguments
    except OSError:
        return "", arguments


@cache
def _kernel_devices() -> frozenset[int]:
    """Find the device numbers of the kernel's own file systems, where they are mounted."""
    found = set()
    for mount in _KERNEL_MOUNTS:
        device, above = _device(mount), _device(os.path.dirname(mount))
        if device is not None and device != above:
            found.add(device)
    return frozenset(found)


def _device(path: str) -> int | None:
    try:
        return os.stat(path).st_dev
    except OSError:
        return None
