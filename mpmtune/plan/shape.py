"""The workers, children and connections that given settings come to, as httpd starts with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmtune.httpd.corrections import correct
from mpmtune.httpd.startup import start
from mpmtune.model.httpd import Mpm
from mpmtune.model.quantity import ONE, Quantity, Unit, declared

if TYPE_CHECKING:
    from collections.abc import Mapping

_SOURCE = "these settings, as httpd corrects them"
_FACTOR = 2
_KEEPALIVE_TIMEOUT = 5
_FEWEST_H2_WORKERS = 4


@dataclass(frozen=True, slots=True)
class Shape:
    """Settings in force.

    Attributes:
        mpm: The MPM.
        workers: MaxRequestWorkers.
        threads: ThreadsPerChild; 1 under prefork.
        children: At most at once, those that end not counted.
        first: Children at the start.
        spare: Idle workers that are kept ready.
        connections: Open before newcomers are refused.
        keepalive_timeout: Seconds; 0 where connections are not kept.
        least_streams: HTTP/2 threads of a child from the start.
        most_streams: … at most.
        sendfile: The kernel sends files to slow readers while the worker is free.
    """

    mpm: Mpm
    workers: Quantity
    threads: Quantity
    children: Quantity
    first: Quantity
    spare: Quantity
    connections: Quantity
    keepalive_timeout: Quantity
    least_streams: Quantity
    most_streams: Quantity
    sendfile: bool


def shape_of(mpm: Mpm, settings: Mapping[str, int]) -> Shape:
    """Correct settings as httpd does when it starts, and see what they come to.

    Args:
        mpm: The MPM.
        settings: Directive in the manual's spelling → number, seconds for times, 1 and 0 for On
            and Off; what is missing has httpd's default.
    """
    started = start(mpm, correct(mpm, settings).effective)
    values = {**settings, **started.effective}

    def known(label: str, value: int, unit: Unit = Unit.COUNT) -> Quantity:
        return declared(label, value, _SOURCE, unit)

    per_child = values["ThreadsPerChild"] if mpm.threaded else 1
    workers = known("MaxRequestWorkers", values["MaxRequestWorkers"])
    spare = "MinSpareThreads" if mpm.threaded else "MinSpareServers"
    least = values.get("H2MinWorkers", per_child)
    most = values.get("H2MaxWorkers", max(_FEWEST_H2_WORKERS, least * 3 // 2))
    kept = values.get("KeepAliveTimeout", _KEEPALIVE_TIMEOUT) if values.get("KeepAlive", 1) else 0
    return Shape(
        mpm,
        workers,
        known("ThreadsPerChild", per_child),
        known("children", started.children),
        known("children at the start", started.initial_children),
        known(spare, values[spare]),
        _connections(mpm, workers, known("AsyncRequestWorkerFactor", _factor(values))),
        known("KeepAliveTimeout", kept, Unit.SECONDS),
        known("H2MinWorkers", least),
        known("H2MaxWorkers", most),
        sendfile=mpm is Mpm.EVENT and values.get("EnableSendfile") == 1,
    )


def _factor(values: Mapping[str, int]) -> int:
    return max(1, values.get("AsyncRequestWorkerFactor", _FACTOR))


def _connections(mpm: Mpm, workers: Quantity, factor: Quantity) -> Quantity:
    """Connections that are admitted (event.c: (AsyncRequestWorkerFactor + 1) × workers)."""
    if mpm is not Mpm.EVENT:
        return workers.named("connections", "each holds a worker")
    return (workers * (factor + ONE)).named("connections", "those of idle workers too")
