"""The memory that given settings come to: at the peak of a load, and at the worst."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmtune.model.httpd import Mpm
from mpmtune.model.quantity import ZERO
from mpmtune.model.server import Server
from mpmtune.plan.capacity import children_at
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


def memory_of(shape: Shape, load: Load, facts: Facts, policy: Policy) -> Memory:
    """Give the bytes at the peak of the load and at the worst."""
    cost = observed_cost(shape.mpm, facts, policy)
    server = facts.server
    http2 = shape.mpm.threaded and isinstance(server, Server) and server.has_module("http2_module")
    most = shape.children * shape.most_streams if http2 else None
    waiting = shape.connections - shape.workers
    worst = _bytes(shape, cost, (shape.children, waiting), most).named(
        "memory at the worst", "every worker busy, every connection open"
    )
    if load.concurrency is None:
        return Memory(worst, _sockets(waiting, policy), worst)
    alive = children_at(shape, load, load.concurrency)
    threads = _streams_at(shape, load, alive) if http2 else None
    waiting = _waiting(shape, load, load.concurrency)
    peak = _bytes(shape, cost, (alive, waiting), threads).named(
        "memory at the peak", "children for what is in work, and those kept ready"
    )
    return Memory(peak, _sockets(waiting, policy), worst)


def _sockets(waiting: Quantity, policy: Policy) -> Quantity:
    return (waiting * policy.child.socket).named("of it in the kernel", "for waiting connections")


def _waiting(shape: Shape, load: Load, busy: Quantity) -> Quantity:
    """Connections that wait beside the workers, as far as they are admitted."""
    connections = open_connections(load, shape.keepalive_timeout)
    if connections is None or shape.mpm is not Mpm.EVENT:
        return ZERO
    return (connections.at_most(shape.connections) - busy).at_least(ZERO)


def _streams_at(shape: Shape, load: Load, alive: Quantity) -> Quantity:
    started = alive * shape.least_streams
    if load.streams is None:
        return started
    return started.at_least(load.streams).at_most(alive * shape.most_streams)


def _bytes(
    shape: Shape, cost: Cost, alive: tuple[Quantity, Quantity], streams: Quantity | None
) -> Quantity:
    """Bytes of so many children and waiting connections; a busy worker's is in the worker's."""
    children, connections = alive
    threads = children * shape.threads
    if streams is not None:
        threads = threads + streams.named("threads for HTTP/2 streams")
    memory = cost.fixed + children * cost.child
    if shape.mpm.threaded:
        memory = memory + threads * cost.worker
    return memory + connections * cost.connection
