"""What is looked at before anything is tried: each gives one check, or several of a kind."""

from __future__ import annotations

import os
from pathlib import Path
from posixpath import dirname
from typing import TYPE_CHECKING

from mpmtune.apply.changed_files import ChangedFiles
from mpmtune.apply.checks import Check, passed, refused, unseen
from mpmtune.detect.asking import included, read_by_httpd
from mpmtune.detect.choice import nearest
from mpmtune.errors import InputError
from mpmtune.host.listening import listeners, refusal_to_bind, sockets_of
from mpmtune.host.parent_process import ParentProcess, shares_network
from mpmtune.host.trust import distrust
from mpmtune.httpd.addresses import ANY, addresses_to_bind
from mpmtune.model.changes import Regular
from mpmtune.model.quantity import Quantity
from mpmtune.model.server import Mpm, StatusSample
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from mpmtune.apply.disk import Disk
    from mpmtune.apply.service import Service
    from mpmtune.apply.undertaking import Undertaking
    from mpmtune.apply.verification import Expectation
    from mpmtune.host.doorway import Files, Host
    from mpmtune.httpd.addresses import Address
    from mpmtune.httpd.effective import EffectiveValues
    from mpmtune.model.changes import ChangeSet
    from mpmtune.model.config import Tree
    from mpmtune.model.machine import Machine
    from mpmtune.model.plan import Switch
    from mpmtune.model.server import Instance, Server
    from mpmtune.model.unknown import Unknown

_MARGIN_BYTES = 1024 * 1024
_FREE_INODES = 16
# Parent, cgid daemon, piped loggers; the listener and the main thread of a child (event.c, worker.c).
_BESIDE_PARENT = 5
_BESIDE_THREADS = 2
_DESCRIPTORS_APART = 32
_IN_FOREGROUND = frozenset({"FOREGROUND", "NO_DETACH", "DEBUG", "ONE_PROCESS"})  # main.c, prefork.c


def known_to_run_or_not(unknown: Iterable[Unknown]) -> Check:
    """Refuse where the processes could not be listed: what is not seen is not stopped."""
    name = "it is known whether httpd runs"
    why = next((one.why for one in unknown if one.what == "httpd.running"), None)
    return passed(name) if why is None else refused(name, f"It is not: {why}.", "Try again.")


def no_blocker(switch: Switch | None) -> Check:
    """Refuse a switch of MPM that cannot be: a module, PHP source, an MPM compiled in."""
    name = "nothing forbids the MPM"
    if switch is None or not switch.blockers:
        return passed(name)
    said = "; ".join(f"{one.what}: {one.why}" for one in switch.blockers)
    return refused(name, f"{said}.", switch.blockers[0].way_out)


def comes_through(wanted: Mapping[str, str], values: EffectiveValues) -> Check:
    """Compare what is to be written with what httpd will make of all its files.

    Args:
        wanted: Directive → text of the plan; empty for a rollback.
        values: What the changed configuration comes to.
    """
    name = "what is written is what httpd will work with"
    for found in values.settings:
        text = wanted.get(found.directive)
        if text is not None and str(found.value) != text:
            place = f"{printable(found.file)}:{found.line}" if found.file else "httpd"
            return refused(
                name,
                f"{place} makes it {found.directive} {found.value}, not {text}.",
                "Remove that line: it is read after mpmtune's file and wins.",
            )
    return passed(name)


def may_be_changed(server: Server) -> Check:
    """Look whether the running httpd is ours to signal."""
    name = "httpd may be signalled"
    instance = server.instance
    if instance is None:
        return passed(name)
    if instance.other_namespace:
        return refused(name, "It runs in a container.", "Run mpmtune inside the container.")
    if not shares_network(instance.parent_pid):
        why = "It has a network of its own, where it cannot be asked from here."
        return refused(name, why, f"Run mpmtune there: nsenter -n -t {instance.parent_pid}")
    try:
        with ParentProcess(instance.parent_pid) as parent:
            parent.require_permission()
    except PermissionError:
        return refused(name, "It belongs to another user.", "Run mpmtune as root.")
    except ProcessLookupError:
        return refused(name, "It has just ended.", "Run it again.")
    return passed(name)


def may_be_started(server: Server, service: Service) -> Check:
    """Look whether httpd can be started again just as it runs now."""
    name = "httpd can be started again as it was"
    if server.instance is None or service.systemctl is not None:
        return passed(name)
    options = server.instance.options
    if not _IN_FOREGROUND.isdisjoint(options.defines):
        return refused(
            name,
            "It runs in the foreground of something that keeps it, a container or a supervisor.",
            "Write the change with apply --files-only, and restart it there.",
        )
    if options.before or options.after:
        return refused(
            name,
            "It was started with -C or -c.",
            "Put those directives into a file and start it without them.",
        )
    return passed(name)


def trusted(host: Host, work: Undertaking) -> Check:
    """Look at all that httpd will read and run, of which the trial start is the first to do so."""
    name = "nobody else may write what httpd will read and run"
    changed = ChangedFiles(host, work.changes)
    # What it reads now is what it will read again where the change is taken back.
    for files, tree in ((host, work.server.tree), (changed, work.tree)):
        paths = dict.fromkeys(_run_by_httpd(files, work, tree))
        why = distrust(files, host.user(), paths)
        if why is not None:
            return refused(name, f"{why}.", "Give it to root, and let nobody else write to it.")
    return passed(name)


def _run_by_httpd(files: Files, work: Undertaking, tree: Tree | None) -> Iterator[str]:
    yield work.service.invocation.binary
    if isinstance(work.server.server_root, str):
        yield nearest(files, f"{work.server.server_root}/envvars")
    if tree is not None:
        yield from read_by_httpd(files, tree)


def not_read_aside(work: Undertaking) -> Check:
    """Look whether httpd would read what is written beside its files before it gets its name.

    ``Include conf.d/*`` leaves out what begins with a dot; ``Include conf.d`` reads all (core.c).
    """
    name = "httpd reads nothing that is half written"
    written = {os.path.realpath(dirname(path)) for path in work.changes.before}
    for path in included(work.tree):
        if os.path.realpath(path) in written:
            return refused(
                name,
                f"Include {printable(path)} reads every file there, half written ones too.",
                f"Write Include {printable(path)}/*.conf instead.",
            )
    return passed(name)


def safe_places(disk: Disk, changes: ChangeSet) -> Check:
    """Look at each path that is changed, and at everything above it (threats: links, owners)."""
    name = "the files are ours alone to write, and as they were read"
    try:
        for path, before in changes.before.items():
            if disk.state(path) != before:
                return refused(name, f"{printable(path)} has just been changed by another.")
    except InputError as error:
        return refused(name, error.sentence, error.hint)
    return passed(name)


def room_on_disk(changes: ChangeSet) -> Check:
    """Look for room for every file twice, for the old one is kept until all is done."""
    name = "there is room on the disk"
    for path, after in changes.after.items():
        place = dirname(path)
        if not Path(place).is_dir():  # it is made, in the one above
            place = dirname(place)
        size = len(after.content) if isinstance(after, Regular) else 0
        try:
            found = os.statvfs(place)
        except OSError as error:
            return unseen(name, f"{printable(place)}: {error.strerror}.")
        # Some file systems (btrfs) have no fixed number of inodes: f_files is 0 there.
        full = bool(found.f_files) and found.f_favail < _FREE_INODES
        if full or found.f_bavail * found.f_frsize < 2 * size + _MARGIN_BYTES:
            return refused(
                name,
                f"The file system of {printable(place)} is full.",
                "Make room there first.",
            )
    return passed(name)


def ports_free(tree: Tree, running: Instance | None) -> Check:
    """Bind every port of the configuration that is not the running server's already.

    ``httpd -t`` binds nothing, and a server that cannot bind ends at a graceful restart too
    (AH00072).
    """
    name = "every port can be listened on"
    held = sockets_of(running.parent_pid) if running is not None else frozenset()
    ours = {(one.address, one.port) for one in listeners() if one.inode in held}
    for address in addresses_to_bind(tree):
        if _is_held(address, ours):
            continue
        why = refusal_to_bind("" if address.host == ANY else address.host, address.port)
        if why:
            return refused(
                name,
                f"Listen {address} cannot be bound: {why}.",
                "Take that Listen away, or end what holds the port.",
            )
    return passed(name)


def _is_held(address: Address, held: set[tuple[str, int]]) -> bool:
    hosts = ("0.0.0.0", "::") if address.host == ANY else (address.host,)  # noqa: S104 - compared
    return any((host, address.port) in held for host in hosts)


def room_for_new_children(server: Server) -> Check:
    """Look for places where a graceful restart can put new children beside the old ones.

    Without one, event serves nobody until an old child has ended (AH03490): as long as the
    longest download or WebSocket takes.
    """
    name = "there is room for new children beside the old ones"
    limit = server.setting("ServerLimit")
    threads = server.setting("ThreadsPerChild")
    status = server.status
    if not isinstance(status, StatusSample) or status.processes is None or limit is None:
        return unseen(name, "mod_status does not tell how many children there are.")
    if server.mpm is not Mpm.EVENT or threads is None:
        return passed(name)
    free = int(limit.value) - status.processes
    needed = max(1, -(-status.busy_workers // int(threads.value)))
    if free >= needed:
        return passed(name)
    return refused(
        name,
        f"{free} of {limit.value} places for children are free and the load needs {needed}: "
        "during a reload new requests would wait until old ones end.",
        "Wait until fewer old children are ending, or stop and start httpd.",
    )


def enough_tasks(expected: Expectation, machine: Machine) -> Check:
    """Count every child that ServerLimit allows, each with its threads, against the task limit."""
    name = "the task limit carries every child"
    if not isinstance(machine.pids_limit, Quantity):
        return unseen(name, "No task limit is known.")
    tasks = expected.number("MaxRequestWorkers")
    if expected.threaded:
        threads = expected.number("ThreadsPerChild") + expected.number("H2MaxWorkers")
        tasks = expected.number("ServerLimit") * (threads + _BESIDE_THREADS)
    tasks += _BESIDE_PARENT
    allowed = machine.pids_limit.whole
    if tasks <= allowed:
        return passed(name)
    why = f"{tasks} tasks may be needed and {allowed} are allowed."
    return refused(name, why, "Raise TasksMax of the service.")


def enough_descriptors(expected: Expectation, machine: Machine) -> Check:
    """Count the connections that a child may hold, and its logs, against the descriptor limit."""
    name = "the descriptor limit carries the connections of a child"
    if not isinstance(machine.nofile_limit, Quantity):
        return unseen(name, "No limit of descriptors is known.")
    workers = expected.number("ThreadsPerChild") if expected.threaded else 1
    needed = workers * (1 + expected.number("AsyncRequestWorkerFactor")) + _DESCRIPTORS_APART
    allowed = machine.nofile_limit.whole
    if needed <= allowed:
        return passed(name)
    why = f"{needed} may be needed and {allowed} are allowed."
    return refused(name, why, "Raise LimitNOFILE of the service.")
