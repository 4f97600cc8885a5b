"""Threads, children and workers of worker and event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmtune.model.quantity import ONE, ZERO, ZERO_BYTES, Quantity, documented, smallest
from mpmtune.model.server import Mpm
from mpmtune.plan.bounds import MORE_WOULD
from mpmtune.plan.connections import recommend_h2_workers

if TYPE_CHECKING:
    from mpmtune.plan.child_cost import Cost
    from mpmtune.plan.policy import Policy
    from mpmtune.plan.resources import Resources

# worker.c and event.c, MAX_SERVER_LIMIT: the hard maximum of ServerLimit
_MOST_CHILDREN = documented("hard maximum of ServerLimit", 20_000, "MAX_SERVER_LIMIT")


@dataclass(frozen=True, slots=True)
class Workers:
    """How the workers of a threaded MPM are cut into children.

    ``factor`` is None under worker. ``h2`` is None without mod_http2.
    ``bound_by`` names what fixed ``children``: ``memory``, ``pids``, ``demand`` or ``backend``.
    """

    threads: Quantity
    thread_limit: Quantity
    children: Quantity
    server_limit: Quantity
    workers: Quantity
    factor: Quantity | None
    h2: Quantity | None
    tasks_per_child: Quantity
    connections_per_child: Quantity
    peak: Quantity
    bound_by: str


@dataclass(frozen=True, slots=True)
class _Child:
    """One child of the plan: its tasks, and its memory with its finishing predecessor's."""

    threads: Quantity
    thread_limit: Quantity
    h2: Quantity | None
    tasks: Quantity
    memory: Quantity


def recommend_workers(mpm: Mpm, resources: Resources, cost: Cost, policy: Policy) -> Workers:
    """Cut the workers into children that memory, tasks and descriptors carry."""
    finishing = _finishing(mpm, policy)
    threads = _threads(mpm, resources, cost, policy)
    child = _child(mpm, threads, resources, cost, policy)
    room = (resources.account.usable - cost.fixed).at_least(ZERO_BYTES)
    bounds = {
        resources.demand_kind: resources.demand // threads,
        "memory": (room // child.memory).named("children that memory carries"),
    }
    if resources.task_room is not None:
        bounds["pids"] = (resources.task_room // (child.tasks * finishing)).named(
            "children that the task limit carries"
        )
    bound = min(bounds, key=lambda name: bounds[name].value)
    children = (
        smallest(*bounds.values(), _MOST_CHILDREN // policy.shape.graceful)
        .at_least(ONE)
        .at_least(resources.buckets)
        .named("children", "as many as the tightest bound allows")
    )
    workers = (children * threads).named(
        "MaxRequestWorkers", f"{children.whole} × {threads.whole} threads: {MORE_WOULD[bound]}"
    )
    peak = (cost.fixed + children * child.memory).named("memory of all children")
    factor = None
    if mpm is Mpm.EVENT:
        left = (room - children * child.memory).at_least(ZERO_BYTES)
        carried = left // (workers * cost.connection)
        factor = _factor(threads, carried, resources, policy)
        extra = workers * (factor - policy.connection.least_factor).at_least(ZERO)
        peak = peak + extra * cost.connection
    return Workers(
        threads,
        child.thread_limit,
        children,
        _server_limit(mpm, children, policy),
        workers,
        factor,
        child.h2,
        child.tasks,
        threads * (ONE + factor if factor is not None else ONE),
        peak.named(
            "expected peak", "every worker busy, every connection open, old children ending"
        ),
        bound,
    )


def _finishing(mpm: Mpm, policy: Policy) -> Quantity:
    """Children that may exist for each one in service: event ends old ones beside new ones."""
    return policy.shape.graceful if mpm is Mpm.EVENT else ONE


def _threads(mpm: Mpm, resources: Resources, cost: Cost, policy: Policy) -> Quantity:
    """ThreadsPerChild: httpd's 25, 100 where that still leaves 16 children, fewer on tiny hosts."""
    shape = policy.shape
    threads = (
        (_workers_in_usual_children(mpm, resources, cost, policy) // shape.children)
        .down_to_multiple_of(shape.most_threads)
        .at_least(shape.least_threads)
        .at_most(shape.most_threads)
        .at_most(resources.demand // shape.least_children)
        .at_most(_threads_in_memory(mpm, resources, cost, policy))
    )
    if resources.task_room is not None:
        tasks = resources.task_room // (shape.least_children * _finishing(mpm, policy))
        own = (tasks - policy.limit.beside_threads).at_least(ZERO)
        threads = threads.at_most(own // _tasks_per_thread(resources, policy))
    if resources.connection_room is not None:
        threads = threads.at_most(resources.connection_room // _connections(mpm, policy))
    because = "a crash ends few requests, and few children save memory"
    if threads.value < shape.least_threads.value:
        because = "so few that two children fit: a crash must not end all"
    return threads.at_least(ONE).named("ThreadsPerChild", because)


def _workers_in_usual_children(
    mpm: Mpm, resources: Resources, cost: Cost, policy: Policy
) -> Quantity:
    """Workers that memory and tasks would carry in children of 25 threads."""
    usual = policy.shape.least_threads
    child = _child(mpm, usual, resources, cost, policy)
    room = (resources.account.usable - cost.fixed).at_least(ZERO_BYTES)
    workers = resources.demand.at_most(room // child.memory * usual)
    if resources.task_room is not None:
        each = child.tasks * _finishing(mpm, policy)
        workers = workers.at_most(resources.task_room // each * usual)
    return workers.named("workers in children of the usual size")


def _tasks_per_thread(resources: Resources, policy: Policy) -> Quantity:
    return ONE + policy.connection.h2_per_thread if resources.http2 else ONE


def _threads_in_memory(mpm: Mpm, resources: Resources, cost: Cost, policy: Policy) -> Quantity:
    """Threads such that two children fit into the memory."""
    room = (resources.account.usable - cost.fixed).at_least(ZERO_BYTES)
    twice, shape = _finishing(mpm, policy), policy.shape
    apart = cost.child * shape.graceful + _scoreboard(shape.thread_limit, policy)
    share = (room // shape.least_children - apart).at_least(ZERO_BYTES)
    per_thread = (
        cost.worker * twice
        + cost.connection * _connections(mpm, policy)
        + policy.child.worker_slot * shape.graceful
    )
    if resources.http2:
        per_thread = per_thread + cost.worker * policy.connection.h2_per_thread * twice
    return (share // per_thread).named("threads such that two children fit")


def _scoreboard(thread_limit: Quantity, policy: Policy) -> Quantity:
    """Bytes of the scoreboard for a child and for its finishing predecessor (scoreboard.c)."""
    slots = thread_limit * policy.child.worker_slot + policy.child.process_slot
    return slots * policy.shape.graceful


def _connections(mpm: Mpm, policy: Policy) -> Quantity:
    return ONE + policy.connection.least_factor if mpm is Mpm.EVENT else ONE


def _child(mpm: Mpm, threads: Quantity, resources: Resources, cost: Cost, policy: Policy) -> _Child:
    finishing = _finishing(mpm, policy)
    limit = threads.at_least(policy.shape.thread_limit).named(
        "ThreadLimit", "room to raise ThreadsPerChild by a reload"
    )
    h2 = recommend_h2_workers(threads, policy.connection) if resources.http2 else None
    tasks = threads + policy.limit.beside_threads
    busy = threads
    if h2 is not None:
        tasks, busy = tasks + h2, busy + h2
    memory = (
        cost.child * policy.shape.graceful
        + busy * cost.worker * finishing
        + threads * _connections(mpm, policy) * cost.connection
        + _scoreboard(limit, policy)
    ).named(
        "memory of a child", "with its connections, and with the old child that a reload leaves"
    )
    return _Child(threads, limit, h2, tasks.named("tasks of a child"), memory)


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


def _factor(threads: Quantity, carried: Quantity, resources: Resources, policy: Policy) -> Quantity:
    """AsyncRequestWorkerFactor: idle connections as far as memory and descriptors carry them."""
    choice = policy.connection
    factor = (choice.least_factor + carried).at_most(choice.most_factor)
    if resources.connection_room is not None:
        factor = factor.at_most((resources.connection_room // threads - ONE).at_least(ONE))
    return factor.named(
        "AsyncRequestWorkerFactor",
        "kept-alive connections for each idle worker fit memory",
    )
