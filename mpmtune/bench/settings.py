"""Settings as text: what distributions ship, and points of a grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.bench.scenario import Point
from mpmtune.model.httpd import Mpm

if TYPE_CHECKING:
    from collections.abc import Mapping

# mods-available/mpm_*.conf of Debian's and Ubuntu's package.
_DEBIAN_THREADED = {
    "StartServers": 2,
    "MinSpareThreads": 25,
    "MaxSpareThreads": 75,
    "ThreadLimit": 64,
    "ThreadsPerChild": 25,
    "MaxRequestWorkers": 150,
    "MaxConnectionsPerChild": 0,
}
_DEBIAN_PREFORK = {
    "StartServers": 5,
    "MinSpareServers": 5,
    "MaxSpareServers": 10,
    "MaxRequestWorkers": 150,
    "MaxConnectionsPerChild": 0,
}
_THREADS = 25


def written(directives: Mapping[str, int | str]) -> str:
    """Write directives, one on a line."""
    return "".join(f"{name} {value}\n" for name, value in directives.items())


def debian(mpm: Mpm) -> str:
    """Give what Debian and Ubuntu ship."""
    return written(_DEBIAN_THREADED if mpm.threaded else _DEBIAN_PREFORK)


def threads(
    workers: int, mpm: Mpm = Mpm.EVENT, *, factor: int = 2, also: Mapping[str, int | str] = {}
) -> Point:
    """Make a point of worker or event: all its children started at once, and kept.

    Args:
        workers: MaxRequestWorkers; rounded down to whole children of 25.
        mpm: Worker or event.
        factor: AsyncRequestWorkerFactor; event alone knows it.
        also: More directives.
    """
    children = max(1, workers // _THREADS)
    all_threads = children * _THREADS
    values: dict[str, int | str] = {
        "ServerLimit": 2 * children,
        "ThreadsPerChild": _THREADS,
        "MaxRequestWorkers": all_threads,
        "StartServers": children,
        "MinSpareThreads": _THREADS,
        "MaxSpareThreads": max(all_threads, 2 * _THREADS + 1),
    }
    label = f"{mpm.value} {all_threads}"
    if mpm is Mpm.EVENT:
        values["AsyncRequestWorkerFactor"] = factor
    if factor != 2:  # noqa: PLR2004 - httpd's default goes without saying
        label += f", factor {factor}"
    label += "".join(f", {name} {value}" for name, value in also.items())
    return Point(label, mpm, written({**values, **also}))


def processes(workers: int, *, start: int | None = None) -> Point:
    """Make a point of prefork: all its children, or some, started at once, and kept."""
    begun = workers if start is None else start
    label = f"prefork {workers}" + ("" if start is None else f", start {start}")
    values = {
        "ServerLimit": workers,
        "MaxRequestWorkers": workers,
        "StartServers": begun,
        "MinSpareServers": 1,
        "MaxSpareServers": workers,
    }
    return Point(label, Mpm.PREFORK, written(values))
