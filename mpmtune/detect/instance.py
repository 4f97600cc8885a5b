"""Which httpds run: found by what their processes are, never by a pid file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmtune.detect.command_line import parse_start_options
from mpmtune.detect.process_status import parse_process_status
from mpmtune.host.doorway import Absent
from mpmtune.model.server import Instance, StartOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mpmtune.detect.process_status import ProcessStatus
    from mpmtune.host.doorway import Files, Process

# openSUSE has one binary per MPM (httpd-prefork, earlier httpd2-prefork), Bitnami httpd.bin.
_NAME = re.compile(r"(?:apache2|httpd2?)(?:-(?:prefork|worker|event|itk))?(?:\.bin)?")
_DELETED = " (deleted)"

# A child that serves requests catches SIGWINCH (the MPM's graceful stop) and SIGSEGV
# (mpm_common.c, ap_fatal_signal_setup). cgid's daemon, fcgid's manager and mod_wsgi's daemons
# are forked before those handlers are set, or after a restart has taken the second away.
_SERVES = 1 << 27 | 1 << 10
# What is forked later still shows: mod_cgid's daemon ignores SIGCHLD, mod_wsgi's catches SIGXCPU.
_CGID_IGNORES = 1 << 16
_WSGI_CATCHES = 1 << 23


@dataclass(frozen=True, slots=True)
class _Family:
    """A parent and its children, before anything more is asked about them."""

    parent: Process
    options: StartOptions
    offspring: tuple[Process, ...]


def executable_of(process: Process) -> str:
    """Give the path of the executable, also when an upgrade has replaced the file."""
    return process.executable.removesuffix(_DELETED)


def is_httpd(process: Process, named: str | None = None) -> bool:
    """Tell an httpd by its executable; by its name where the executable may not be seen.

    The name alone is no proof: a script or another program may bear it. ``named`` is a path
    that is httpd's whatever it is called.
    """
    path = executable_of(process)
    if path and path == named:
        return True
    return _NAME.fullmatch(path.rpartition("/")[2] if path else process.name) is not None


def find_families(processes: Sequence[Process], named: str | None = None) -> tuple[_Family, ...]:
    """Find the parents: httpds whose own parent is none, and that serve, not merely answer."""
    httpds = {process.pid: process for process in processes if is_httpd(process, named)}
    offspring: dict[int, list[Process]] = {}
    for process in processes:
        if process.parent in httpds:
            offspring.setdefault(process.parent, []).append(process)
    families = []
    for process in httpds.values():
        if process.parent in httpds:
            continue
        options = parse_start_options(process.arguments)
        if options is not None:
            children = tuple(offspring.get(process.pid, ()))
            families.append(_Family(process, options, children))
    return tuple(families)


def serves(status: ProcessStatus) -> bool:
    """Tell a child that serves requests from a helper, by the signals that it handles."""
    return (
        status.caught & _SERVES == _SERVES
        and not status.ignored & _CGID_IGNORES
        and not status.caught & _WSGI_CATCHES
    )


def split_children(
    parent: Process, offspring: Sequence[Process], status_of: Callable[[int], ProcessStatus | None]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Split the children of a parent: (pids that serve, pids that help).

    Another program (a piped logger) or command line (a titled daemon) helps. Where the signals
    tell nothing for any of the rest, all of them serve.
    """
    alike = [process.pid for process in offspring if _looks(process) == _looks(parent)]
    known = {pid: status for pid in alike if (status := status_of(pid)) is not None}
    serving = tuple(pid for pid in alike if pid in known and serves(known[pid])) or tuple(alike)
    return serving, tuple(one.pid for one in offspring if one.pid not in set(serving))


def _looks(process: Process) -> tuple[str, str, tuple[str, ...]]:
    return process.name, process.executable, process.arguments


def _status_of(files: Files, pid: int) -> ProcessStatus | None:
    content = files.read(f"/proc/{pid}/status")
    return None if isinstance(content, Absent) else parse_process_status(content)


def _uptime(files: Files) -> float | None:
    content = files.read("/proc/uptime")
    if isinstance(content, Absent):
        return None
    try:
        return float(content.split()[0])
    except (IndexError, ValueError):
        return None


def _elsewhere(files: Files, pid: int) -> bool:
    """Tell whether a process has other pids, or another root directory, than the one who asks.

    A mount namespace of its own is no proof: systemd gives one to each service with PrivateTmp,
    as Debian and RHEL start httpd.
    """
    if _apart(files, pid, "pid"):
        return True
    return _apart(files, pid, "mnt") and not _same_root(files, pid)


def _apart(files: Files, pid: int, kind: str) -> bool:
    theirs, ours = files.entry(f"/proc/{pid}/ns/{kind}"), files.entry(f"/proc/self/ns/{kind}")
    if isinstance(theirs, Absent) or isinstance(ours, Absent):
        return False  # not permitted: another user's process, as a rule in the same namespace
    return theirs.target != ours.target


def _same_root(files: Files, pid: int) -> bool:
    theirs, ours = files.entry(f"/proc/{pid}/root/."), files.entry("/proc/self/root/.")
    if isinstance(theirs, Absent) or isinstance(ours, Absent):
        return False
    return (theirs.device, theirs.inode) == (ours.device, ours.inode)


def detect_instances(
    files: Files, processes: Sequence[Process], named: str | None = None
) -> tuple[Instance, ...]:
    """Find every running httpd, in the order of their pids.

    Args:
        files: The machine.
        processes: What runs on it.
        named: A binary that counts as httpd whatever it is called.
    """
    uptime = _uptime(files)
    found = []
    for family in find_families(processes, named):
        parent = family.parent
        serving, helping = split_children(
            parent, family.offspring, lambda pid: _status_of(files, pid)
        )
        found.append(
            Instance(
                parent_pid=parent.pid,
                binary=executable_of(parent),
                options=family.options,
                child_pids=serving,
                helper_pids=helping,
                uptime_seconds=None if uptime is None else int(uptime) - parent.started_seconds,
                other_namespace=_elsewhere(files, parent.pid),
            )
        )
    return tuple(sorted(found, key=lambda instance: instance.parent_pid))
