"""Threads, children and workers of worker and event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmtune.model.plan import Bound
from mpmtune.model.quantity import HUNDRED, ONE, ZERO, ZERO_BYTES, Quantity, documented, smallest
from mpmtune.model.server import Mpm
from mpmtune.plan.bounds import in_order, more_would
from mpmtune.plan.child import children_beside, recommend_child

if TYPE_CHECKING:
    from mpmtune.plan.child import ThreadedChild
    from mpmtune.plan.policy import Policy
    from mpmtune.plan.resources import Resources

# worker.c and event.c, MAX_SERVER_LIMIT: the hard maximum of ServerLimit
_MOST_CHILDREN = documented("hard maximum of ServerLimit", 20_000, "MAX_SERVER_LIMIT")


@dataclass(frozen=True, slots=True)
class Workers:
    """How the workers of a threaded MPM are cut into children.

    ``factor`` is None under worker. ``bounds`` are those of ``workers``, the tightest first.
    """

    child: ThreadedChild
    children: Quantity
    server_limit: Quantity
    workers: Quantity
    factor: Quantity | None
    connections_per_child: Quantity
    peak: Quantity
    bounds: tuple[Bound, ...]
    factor_bounds: tuple[Bound, ...]

    @property
    def threads(self) -> Quantity:
        """ThreadsPerChild."""
        return self.child.threads


def recommend_workers(mpm: Mpm, resources: Resources, policy: Policy) -> Workers:
    """Cut the workers into children that memory, tasks and descriptors carry."""
    child = recommend_child(mpm, resources, policy)
    threads = child.threads
    carried = _children(mpm, child, resources, policy)
    children = (
        smallest(*(bound.value for bound in carried), _MOST_CHILDREN // policy.shape.graceful)
        .at_least(ONE)
        .at_least(resources.buckets)
        .named("children", "as many as the tightest bound allows")
    )
    why = more_would(carried[0].name, load_known=resources.load.known)
    workers = (children * threads).named(
        "MaxRequestWorkers", f"{children.whole} × {threads.whole} threads: {why}"
    )
    peak = (resources.cost.fixed + children * child.memory).named("memory of all children")
    factor = None
    bounds: tuple[Bound, ...] = ()
    if mpm is Mpm.EVENT:
        bounds = _factor_bounds(child, children, workers, resources, policy)
        factor = _factor(bounds)
        extra = workers * (factor - policy.connection.least_factor).at_least(ZERO)
        peak = peak + extra * resources.cost.connection
    return Workers(
        child,
        children,
        _server_limit(mpm, children, policy),
        workers,
        factor,
        threads * (ONE + factor if factor is not None else ONE),
        peak.named(
            "expected peak", "every worker busy, every connection open, old children ending"
        ),
        tuple(Bound(bound.name, bound.value * threads) for bound in carried),
        bounds,
    )


def _children(
    mpm: Mpm, child: ThreadedChild, resources: Resources, policy: Policy
) -> tuple[Bound, ...]:
    """Hold the children against what asks for them and what carries them.

    The last child is whole: a demand is never cut.
    """
    threads = child.threads
    bounds = {
        bound.name: ((bound.value + (threads - ONE)) // threads).named(
            "children worth having", bound.value.because
        )
        for bound in resources.worth
    }
    room = _room(mpm, resources, policy)
    bounds["memory"] = resources.cost.children_in(room, child.memory).named(
        "children that memory carries"
    )
    if resources.task_room is not None:
        bounds["pids"] = (
            resources.task_room // (child.tasks * children_beside(mpm, policy))
        ).named("children that the task limit carries")
    return in_order(bounds)


def _room(mpm: Mpm, resources: Resources, policy: Policy) -> Quantity:
    """Memory for children: under event without that of connections beyond those of its workers."""
    if mpm is not Mpm.EVENT or resources.connections is None:
        return resources.room
    wanted = resources.connections * policy.connection.rise // HUNDRED
    own = resources.demand * (ONE + policy.connection.least_factor)
    beyond = (wanted - own).at_least(ZERO)
    if not beyond.value:
        return resources.room
    set_apart = (beyond * resources.cost.connection).at_most(
        resources.room // policy.connection.most_of_room
    )
    return (resources.room - set_apart).named("memory for children, idle connections set apart")


def _server_limit(mpm: Mpm, children: Quantity, policy: Policy) -> Quantity:
    if mpm is Mpm.EVENT:
        return (
            (children * policy.shape.graceful)
            .at_most(_MOST_CHILDREN)
            .named("ServerLimit", "room for old children that end during a reload")
        )
    return (
        (children + (children // policy.shape.room_divisor).at_least(ONE))
        .at_most(_MOST_CHILDREN)
        .named("ServerLimit", "room to raise MaxRequestWorkers by a reload")
    )


def _factor_bounds(
    child: ThreadedChild,
    children: Quantity,
    workers: Quantity,
    resources: Resources,
    policy: Policy,
) -> tuple[Bound, ...]:
    """Hold AsyncRequestWorkerFactor against what asks for idle connections and carries them."""
    choice, cost = policy.connection, resources.cost
    left = (resources.room - children * child.memory).at_least(ZERO_BYTES)
    needed = _factor_for(workers, resources, policy)
    bounds = {
        "demand": choice.most_factor if needed is None else choice.most_factor.at_least(needed),
        "memory": choice.least_factor + left // (workers * cost.connection),
    }
    if resources.connection_room is not None:
        bounds["nofile"] = (resources.connection_room // child.threads - ONE).at_least(ONE)
    return in_order(bounds)


def _factor_for(workers: Quantity, resources: Resources, policy: Policy) -> Quantity | None:
    """Factor with which the idle workers at the peak admit all connections (event.c, 5.3 there)."""
    choice = policy.connection
    if resources.connections is None:
        return None
    idle = workers
    if resources.busy is not None:
        idle = (
            (workers - resources.busy)
            .at_least(workers // choice.least_idle)
            .at_least(ONE)
            .named("idle workers")
        )
    wanted = resources.connections * choice.rise // HUNDRED
    beyond = (wanted - workers).at_least(ZERO)
    return ((beyond + (idle - ONE)) // idle).named(
        "connections for each idle worker", "all of them, with room"
    )


def _factor(bounds: tuple[Bound, ...]) -> Quantity:
    """AsyncRequestWorkerFactor: idle connections as far as memory and descriptors carry them."""
    because = (
        "so many kept-alive connections for each idle worker"
        if bounds[0].name == "demand"
        else "kept-alive connections for each idle worker fit memory"
    )
    return smallest(*(bound.value for bound in bounds)).named("AsyncRequestWorkerFactor", because)
