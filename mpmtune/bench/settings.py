"""Settings as text: what distributions ship, and points of a grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.bench.scenario import Point
from mpmtune.httpd.shipped import shipped
from mpmtune.model.httpd import Mpm

if TYPE_CHECKING:
    from collections.abc import Mapping

_DEBIAN = frozenset({"debian"})
_THREADS = 25
_FLAGS = {"on": "1", "off": "0"}


def written(directives: Mapping[str, int | str]) -> str:
    """Write directives, one on a line."""
    return "".join(f"{name} {value}\n" for name, value in directives.items())


def debian(mpm: Mpm) -> str:
    """Give what Debian and Ubuntu ship."""
    return written(shipped(mpm, _DEBIAN)[1])


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


def read(directives: str) -> dict[str, int]:
    """Read directives with one number each; comments, sections and others are left out."""
    words = (line.split() for line in directives.splitlines())
    return {
        pair[0]: int(_FLAGS.get(pair[1].lower(), pair[1]))
        for pair in words
        if len(pair) == len(("name", "value")) and _FLAGS.get(pair[1].lower(), pair[1]).isdigit()
    }
