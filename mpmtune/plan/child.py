"""A child of worker or event: its threads, its tasks and its memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmtune.model.quantity import ONE, ZERO, ZERO_BYTES, Quantity
from mpmtune.model.server import Mpm
from mpmtune.plan.bounds import in_order
from mpmtune.plan.streams import bound_streams, recommend_h2_workers

if TYPE_CHECKING:
    from mpmtune.model.plan import Bound
    from mpmtune.plan.policy import Policy
    from mpmtune.plan.resources import Resources


@dataclass(frozen=True, slots=True)
class ThreadedChild:
    """One child of the plan; its memory has that of its finishing predecessor in it.

    ``h2`` is None without mod_http2. The bounds are those of ``threads`` and of ``h2``.
    """

    threads: Quantity
    thread_limit: Quantity
    h2: Quantity | None
    tasks: Quantity
    memory: Quantity
    bounds: tuple[Bound, ...]
    h2_bounds: tuple[Bound, ...]


def recommend_child(mpm: Mpm, resources: Resources, policy: Policy) -> ThreadedChild:
    """Shape a child such that at least two fit.

    ThreadsPerChild is httpd's 25, 100 where that still leaves 16 children, fewer on tiny hosts;
    streams of HTTP/2 stay in the child that has their connection, so few children share them best.
    """
    shape = policy.shape
    limits = _thread_limits(mpm, resources, policy)
    wanted = (
        (_workers_in_usual_children(mpm, resources, policy) // shape.children)
        .down_to_multiple_of(shape.most_threads)
        .at_least(shape.least_threads)
        .at_most(shape.most_threads)
    )
    if resources.load.streams is not None and resources.http2:
        wanted = (
            (resources.demand // shape.least_children)
            .at_least(shape.least_threads)
            .at_most(shape.most_threads)
        )
    threads = wanted.at_most(resources.demand // shape.least_children)
    bounds = in_order({"demand": threads, **limits})
    for limit in limits.values():
        threads = threads.at_most(limit)
    because = "a crash ends few requests, and few children save memory"
    if threads.value < shape.least_threads.value:
        because = "so few that two children fit: a crash must not end all"
    threads = threads.at_least(ONE).named("ThreadsPerChild", because)
    return _child(mpm, threads, resources, policy, bounds)


def children_beside(mpm: Mpm, policy: Policy) -> Quantity:
    """Children that may exist for each one in service: event ends old ones beside new ones."""
    return policy.shape.graceful if mpm is Mpm.EVENT else ONE


def _thread_limits(mpm: Mpm, resources: Resources, policy: Policy) -> dict[str, Quantity]:
    limits = {"memory": _threads_in_memory(mpm, resources, policy)}
    if resources.task_room is not None:
        tasks = resources.task_room // (policy.shape.least_children * children_beside(mpm, policy))
        own = (tasks - policy.limit.beside_threads).at_least(ZERO)
        limits["pids"] = own // _tasks_per_thread(resources, policy)
    if resources.connection_room is not None:
        limits["nofile"] = resources.connection_room // _connections(mpm, policy)
    return limits


def _workers_in_usual_children(mpm: Mpm, resources: Resources, policy: Policy) -> Quantity:
    """Workers that memory and tasks would carry in children of 25 threads."""
    usual = policy.shape.least_threads
    child = _child(mpm, usual, resources, policy, ())
    workers = resources.demand.at_most(resources.room // child.memory * usual)
    if resources.task_room is not None:
        each = child.tasks * children_beside(mpm, policy)
        workers = workers.at_most(resources.task_room // each * usual)
    return workers.named("workers in children of the usual size")


def _tasks_per_thread(resources: Resources, policy: Policy) -> Quantity:
    return ONE + policy.connection.h2_per_thread if resources.http2 else ONE


def _threads_in_memory(mpm: Mpm, resources: Resources, policy: Policy) -> Quantity:
    """Threads such that two children fit into the memory."""
    cost, shape = resources.cost, policy.shape
    twice = children_beside(mpm, policy)
    apart = cost.child * shape.graceful + _scoreboard(shape.thread_limit, policy)
    share = (resources.room // shape.least_children - apart).at_least(ZERO_BYTES)
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


def _child(
    mpm: Mpm, threads: Quantity, resources: Resources, policy: Policy, bounds: tuple[Bound, ...]
) -> ThreadedChild:
    cost, finishing = resources.cost, children_beside(mpm, policy)
    limit = threads.at_least(policy.shape.thread_limit).named(
        "ThreadLimit", "room to raise ThreadsPerChild by a reload"
    )
    memory = (
        cost.child * policy.shape.graceful
        + threads * cost.worker * finishing
        + threads * _connections(mpm, policy) * cost.connection
        + _scoreboard(limit, policy)
    )
    tasks = threads + policy.limit.beside_threads
    h2 = None
    streams: tuple[Bound, ...] = ()
    if resources.http2:
        streams = bound_streams(threads, (memory, tasks, finishing), resources, policy)
        h2 = recommend_h2_workers(streams, policy.connection)
        tasks, memory = tasks + h2, memory + h2 * cost.worker * finishing
    return ThreadedChild(
        threads,
        limit,
        h2,
        tasks.named("tasks of a child"),
        memory.named(
            "memory of a child", "with its connections, and with the old child that a reload leaves"
        ),
        bounds,
        streams,
    )
