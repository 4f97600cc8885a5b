"""How many children start, and how many workers wait idle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmtune.model.quantity import ONE, Quantity

if TYPE_CHECKING:
    from mpmtune.plan.policy import ShapePolicy
    from mpmtune.plan.processes import Processes
    from mpmtune.plan.resources import Resources
    from mpmtune.plan.workers import Workers


@dataclass(frozen=True, slots=True)
class Spares:
    """StartServers, and the bounds of idle workers (threads, or children under prefork)."""

    start: Quantity
    least: Quantity
    most: Quantity


def recommend_spare_threads(workers: Workers, resources: Resources, policy: ShapePolicy) -> Spares:
    """Keep a quarter of the threads idle, or a burst, and stop no child that keeps connections.

    The bounds are those that httpd enforces at start (event.c, worker.c: the MPM's run hook),
    so that it changes nothing.
    """
    buckets = resources.buckets
    idle, because = _idle(workers.workers // policy.spare_divisor, resources.burst)
    least = (
        idle.at_most(workers.workers - workers.threads)
        .at_least(workers.threads * (buckets - ONE) + buckets)
        .named("MinSpareThreads", because)
    )
    most = (
        (least + (workers.threads + ONE) * buckets)
        .at_least(workers.workers)
        .named("MaxSpareThreads", "none stops: a stopped child cuts kept-alive connections")
    )
    first, because = _children_at_start(workers, least, resources)
    start = (
        first.at_least(policy.least_children)
        .at_most(workers.children)
        .at_most(most // workers.threads)
        .at_least(buckets)
        .named("StartServers", because)
    )
    return Spares(start, least, most)


def _children_at_start(
    workers: Workers, least: Quantity, resources: Resources
) -> tuple[Quantity, str]:
    """Children for the idle threads; all of them for HTTP/2 streams and for many connections.

    A child admits its own connections only, no further one is started while threads are idle, and
    one whose threads are all busy closes every connection that waits (event.c: listener_thread,
    perform_idle_server_maintenance).
    """
    if workers.child.h2 is not None and resources.load.streams is not None:
        return workers.children, "HTTP/2 connections spread over all children"
    idle, because = least // workers.threads + ONE, "the idle threads are there from the start"
    if resources.load.concurrency is not None:
        busy = (resources.load.concurrency + least) // workers.threads + ONE
        idle, because = busy, "the threads of the peak, and the idle ones, are there from the start"
    kept = resources.connections
    if workers.factor is not None and kept is not None and kept.value > workers.workers.value:
        return workers.children, "kept connections are admitted from the start, and kept in a rush"
    return idle, because


def recommend_spare_servers(
    processes: Processes, resources: Resources, policy: ShapePolicy
) -> Spares:
    """Keep a quarter of the children idle, at most what httpd can fork in a second; or a burst."""
    buckets = resources.buckets
    quarter = (processes.workers // policy.spare_divisor).at_most(policy.most_spare_servers)
    idle, _ = _idle(quarter, resources.burst)
    least = (
        idle.at_most(processes.workers - ONE)
        .at_least(buckets)
        .named("MinSpareServers", "a burst is met without waiting for forks")
    )
    most = (least * policy.spare_span).at_least(least + buckets)
    start = least.at_most(processes.workers).at_least(buckets)
    return Spares(
        start.named("StartServers", "the idle children are there from the start"),
        least,
        most.named("MaxSpareServers", "children stop only well above the minimum"),
    )


def _idle(quarter: Quantity, burst: Quantity | None) -> tuple[Quantity, str]:
    if burst is None or burst.value <= quarter.value:
        return quarter, "a burst of a quarter of all workers is met at once"
    return quarter.at_least(burst), "a burst as large as the largest seen is met at once"
