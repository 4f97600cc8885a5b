"""The memory that given settings come to: at the peak of a load, and at the worst."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from mpmtune.model.httpd import Mpm
from mpmtune.model.quantity import ONE, ZERO
from mpmtune.model.server import Server
from mpmtune.plan.capacity import children_at
from mpmtune.plan.demand import busiest
from mpmtune.plan.load import open_connections
from mpmtune.plan.resources import observed_cost

if TYPE_CHECKING:
    from mpmtune.model.facts import Facts
    from mpmtune.model.load import Load
    from mpmtune.model.quantity import Quantity
    from mpmtune.plan.child_cost import Cost
    from mpmtune.plan.policy import Policy
    from mpmtune.plan.shape import Shape


@dataclass(frozen=True, slots=True)
class Memory:
    """What settings come to.

    Attributes:
        peak: Bytes at the peak of the load; at the worst without one.
        sockets: Bytes of it that the kernel holds for connections, and no process shows.
        worst: Bytes with every worker busy and every connection open.
    """

    peak: Quantity
    sockets: Quantity
    worst: Quantity


class _Alive(NamedTuple):
    """What takes memory.

    Attributes:
        working: Children whose workers are busy, or were.
        ready: Those that only wait.
        connections: Open beside busy workers; theirs are in what a worker takes.
        streams: Threads for HTTP/2; None where there are none.
    """

    working: Quantity
    ready: Quantity
    connections: Quantity
    streams: Quantity | None


def memory_of(shape: Shape, load: Load, facts: Facts, policy: Policy) -> Memory:
    """Give the bytes at the peak of the load and at the worst."""
    cost = observed_cost(shape.mpm, facts, policy)
    server = facts.server
    http2 = shape.mpm.threaded and isinstance(server, Server) and server.has_module("http2_module")
    most = shape.children * shape.most_streams if http2 else None
    waiting = shape.connections - shape.workers
    worst = _bytes(shape, cost, _Alive(shape.children, ZERO, waiting, most)).named(
        "memory at the worst", "every worker busy, every connection open"
    )
    if load.concurrency is None:
        return Memory(worst, _sockets(waiting, policy), worst)
    alive = children_at(shape, load, load.concurrency)
    working = _working(alive, shape, cost, busiest(load, policy.demand))
    streams = _streams_at(shape, load, alive) if http2 else None
    waiting = _waiting(shape, load)
    peak = _bytes(shape, cost, _Alive(working, alive - working, waiting, streams)).named(
        "memory at the peak", "children for what is in work, and those kept ready"
    )
    return Memory(peak, _sockets(waiting, policy), worst)


def _working(alive: Quantity, shape: Shape, cost: Cost, busy: Quantity | None) -> Quantity:
    """Children whose workers are busy at the peak; as many as were seen, whatever they did."""
    if cost.seen is None or busy is None:
        return alive
    needed = (busy + shape.threads - ONE) // shape.threads
    return needed.at_least(cost.seen).at_most(alive).named("children at work")


def _sockets(waiting: Quantity, policy: Policy) -> Quantity:
    return (waiting * policy.child.socket).named("of it in the kernel", "for waiting connections")


def _waiting(shape: Shape, load: Load) -> Quantity:
    """Connections that wait beside the workers, as far as they are admitted."""
    connections = open_connections(load, shape.keepalive_timeout)
    if connections is None or shape.mpm is not Mpm.EVENT:
        return ZERO
    return (connections.at_most(shape.connections) - _in_work(load)).at_least(ZERO)


def _in_work(load: Load) -> Quantity:
    """Requests in work in the busiest second; for a moment there may be many more of quick ones."""
    busy = load.concurrency or ZERO
    if load.arrivals is None or load.service is None:
        return busy
    return busy.at_most(load.arrivals * load.service)


def _streams_at(shape: Shape, load: Load, alive: Quantity) -> Quantity:
    started = alive * shape.least_streams
    if load.streams is None:
        return started
    return started.at_least(load.streams).at_most(alive * shape.most_streams)


def _bytes(shape: Shape, cost: Cost, alive: _Alive) -> Quantity:
    threads = alive.working * shape.threads
    if alive.streams is not None:
        threads = threads + alive.streams.named("threads for HTTP/2 streams")
    memory = cost.fixed + alive.working * cost.child + alive.ready * cost.ready
    if shape.mpm.threaded:
        memory = memory + threads * cost.worker
    return memory + alive.connections * cost.connection
