"""How many requests a second can be answered, and what ends it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmtune.model.httpd import Mpm
from mpmtune.model.quantity import ONE, ZERO, Quantity, Trust
from mpmtune.model.server import Server
from mpmtune.plan.backends import at_work_in_backends
from mpmtune.plan.child_cost import embeds_interpreter
from mpmtune.plan.load import open_connections

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.facts import Facts
    from mpmtune.model.load import Load
    from mpmtune.plan.policy import Policy
    from mpmtune.plan.shape import Shape


@dataclass(frozen=True, slots=True)
class Station:
    """Something that works on requests, several at once.

    Attributes:
        name: ``workers``, ``streams``, ``backend`` or ``cpu``.
        at_once: Requests that it works on at once.
        rate: Requests a second when it never idles.
    """

    name: str
    at_once: Quantity
    rate: Quantity


def tightest_station(shape: Shape, load: Load, facts: Facts, policy: Policy) -> Station | None:
    """Find what limits the throughput; None where the time of a request is not known."""
    if load.service is None or not load.service.value:
        return None
    found = [
        Station(name, at_once, (at_once // load.service).named("requests a second", because))
        for name, at_once, because in (*_of_httpd(shape, load), *_behind(shape, facts, policy))
    ]
    cpus = facts.machine.cpus
    if load.cpu_seconds is not None and load.cpu_seconds.value and isinstance(cpus, Quantity):
        rate = (cpus // load.cpu_seconds).named("requests a second", "every CPU busy")
        at_once = (rate * load.service).named("requests that the CPUs work on")
        found.append(Station("cpu", at_once, rate))
    return min(found, key=lambda station: station.rate.value)


def held_by_connections(shape: Shape, load: Load) -> Quantity:
    """Workers that wait for the next request of a kept-alive connection; none under event."""
    connections = open_connections(load, shape.keepalive_timeout)
    if shape.mpm is Mpm.EVENT or connections is None:
        return ZERO
    if load.concurrency is None:
        return connections
    return (connections - load.concurrency).at_least(ZERO).named("connections that wait")


def children_at(shape: Shape, load: Load, busy: Quantity) -> Quantity:
    """Children alive at a peak: for those busy and those kept ready, as many as started or more.

    HTTP/2 streams keep no worker busy, so they let no further child start.
    """
    if load.streams is not None and shape.mpm.threaded:
        busy = (busy - load.streams).at_least(ZERO)
    held = held_by_connections(shape, load)
    return (
        ((busy + held + shape.spare + (shape.threads - ONE)) // shape.threads)
        .at_least(shape.first)
        .at_most(shape.children)
        .named("children alive")
    )


def _of_httpd(shape: Shape, load: Load) -> Iterator[tuple[str, Quantity, str]]:
    """The workers that are free for requests, and the threads for streams beside them.

    Where only a share of the requests needs one of the two, that one is busy with all of them
    when so many more are in work.
    """
    held = held_by_connections(shape, load)
    slow = load.slow_readers
    if slow is not None and slow.trust is Trust.DECLARED and not shape.sendfile:
        held = held + slow
    free = shape.workers
    if held.value:
        free = (free - held).at_least(ZERO).named("workers for requests", "the others are held")
    busy, streams = load.concurrency, load.streams
    if busy is None or streams is None or not streams.value or not shape.mpm.threaded:
        yield "workers", free, "every worker busy"
        return
    others = (busy - streams).at_least(ZERO)
    if others.value:
        yield "workers", free * busy // others, "every worker busy"
    threads = (children_at(shape, load, busy) * shape.most_streams).named(
        "threads for HTTP/2 streams"
    )
    yield "streams", threads * busy // streams, "every thread for HTTP/2 busy"


def _behind(shape: Shape, facts: Facts, policy: Policy) -> Iterator[tuple[str, Quantity, str]]:
    server = facts.server if isinstance(facts.server, Server) else None
    if embeds_interpreter(server):
        return
    backends = at_work_in_backends(shape.mpm, server, policy.demand)
    if backends is not None:
        yield "backend", backends, "every backend busy, if each request needs one"
