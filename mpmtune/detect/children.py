"""The children of a running httpd: memory, tasks, and whether they have served requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.detect.process_status import (
    parse_cpu_milliseconds,
    parse_footprint,
    parse_process_status,
)
from mpmtune.host.doorway import Absent
from mpmtune.model.quantity import Quantity, Unit, measured
from mpmtune.model.server import Child, Children
from mpmtune.model.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mpmtune.host.doorway import Files
    from mpmtune.model.server import Instance, Mpm

MOST_SAMPLES = 64
# The main thread and the listener of a threaded child (worker.c, event.c: child_main).
_BESIDE_WORKERS = 2
# Starting costs a child up to 20 ms of CPU time. A static request costs about 0.05 ms and a
# script several: at 100 ms a child has answered hundreds of the one, or tens of the other.
_WORKED_MILLISECONDS = 100


def evenly(pids: Sequence[int], most: int = MOST_SAMPLES) -> tuple[int, ...]:
    """Choose at most ``most`` of the pids, spread evenly: old and young children alike."""
    if len(pids) <= most:
        return tuple(pids)
    return tuple(pids[at * len(pids) // most] for at in range(most))


def detect_process(files: Files, pid: int) -> Child | None:
    """Look at one process; None when it is gone."""
    status = files.read(f"/proc/{pid}/status")
    if isinstance(status, Absent):
        return None
    known = parse_process_status(status)
    if not known.rss:
        return None  # a zombie holds no memory
    rollup = files.read(f"/proc/{pid}/smaps_rollup")
    footprint = None if isinstance(rollup, Absent) else parse_footprint(rollup)
    stat = files.read(f"/proc/{pid}/stat")
    spent = None if isinstance(stat, Absent) else parse_cpu_milliseconds(stat)
    return Child(
        pid=pid,
        tasks=known.threads,
        rss=known.rss,
        peak_rss=max(known.rss, known.peak_rss),
        pss=footprint.pss if footprint else None,
        uss=footprint.uss if footprint else None,
        cpu_milliseconds=spent,
        worked=spent is not None and spent >= _WORKED_MILLISECONDS,
    )


def detect_children(files: Files, instance: Instance) -> Children | Unknown:
    """Look at the parent and at most 64 of the children."""
    found = (detect_process(files, pid) for pid in evenly(instance.child_pids))
    samples = tuple(child for child in found if child is not None)
    if not samples:
        why = "it has none" if not instance.child_pids else "their /proc entries cannot be read"
        return Unknown("httpd.children", why)
    return Children(
        samples=samples,
        parent=detect_process(files, instance.parent_pid),
        worked=any(child.worked for child in samples),
        count=len(instance.child_pids),
    )


def threads_per_child(samples: Sequence[Child], mpm: Mpm, configured: int | None) -> int | None:
    """Tell the worker threads of a child.

    Modules add threads of their own (mod_http2, watchdogs), so the configured number counts where
    the tasks leave room for it; else what the tasks say.
    """
    if not mpm.threaded:
        return 1
    workers = max(child.tasks for child in samples) - _BESIDE_WORKERS
    if configured is not None and configured <= workers:
        return configured
    return workers if workers > 0 else None


def total_pss(files: Files, instance: Instance, children: Children) -> Quantity | None:
    """Add up the PSS of parent, children and helpers; None where one of them may not be read.

    Of more children than were looked at, each counts with the mean.
    """
    helpers = (detect_process(files, pid) for pid in instance.helper_pids)
    beside = [one.pss for one in (children.parent, *helpers) if one is not None]
    known = [child.pss for child in children.samples]
    if children.parent is None or None in known or None in beside:
        return None
    everyone = -(-sum(pss or 0 for pss in known) * children.count // len(known))
    source = f"smaps_rollup of {len(known)} of {children.count} children, parent and helpers"
    total = everyone + sum(pss or 0 for pss in beside)
    return measured("PSS of all httpd processes", total, source, Unit.BYTES)
