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
    """Children for the idle threads; all of them where a load is known.

    A child admits its own connections only, starting one takes CPU time when there is least of it,
    and none is stopped that was started once (MaxSpareThreads).
    """
    if resources.load.known:
        return workers.children, "nothing has to be started in a rush, and none stops later"
    return least // workers.threads + ONE, "the idle threads are there from the start"


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
