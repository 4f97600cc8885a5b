"""How many children start, and how many workers wait idle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmtune.model.quantity import ONE, Quantity

if TYPE_CHECKING:
    from mpmtune.plan.policy import ShapePolicy
    from mpmtune.plan.processes import Processes
    from mpmtune.plan.workers import Workers


@dataclass(frozen=True, slots=True)
class Spares:
    """StartServers, and the bounds of idle workers (threads, or children under prefork)."""

    start: Quantity
    least: Quantity
    most: Quantity


def recommend_spare_threads(workers: Workers, buckets: Quantity, policy: ShapePolicy) -> Spares:
    """Keep a quarter of the threads idle, and stop no child that keeps connections.

    The bounds are those that httpd enforces at start (event.c, worker.c: the MPM's run hook),
    so that it changes nothing.
    """
    least = (
        (workers.workers // policy.spare_divisor)
        .at_most(workers.workers - workers.threads)
        .at_least(workers.threads * (buckets - ONE) + buckets)
        .named("MinSpareThreads", "a burst of a quarter of all workers is met at once")
    )
    most = (
        (least + (workers.threads + ONE) * buckets)
        .at_least(workers.workers)
        .named("MaxSpareThreads", "none stops: a stopped child cuts kept-alive connections")
    )
    start = (
        (least // workers.threads + ONE)
        .at_least(policy.least_children)
        .at_most(workers.children)
        .at_most(most // workers.threads)
        .at_least(buckets)
        .named("StartServers", "the idle threads are there from the start")
    )
    return Spares(start, least, most)


def recommend_spare_servers(processes: Processes, buckets: Quantity, policy: ShapePolicy) -> Spares:
    """Keep a quarter of the children idle, at most what httpd can fork in a second."""
    least = (
        (processes.workers // policy.spare_divisor)
        .at_most(policy.most_spare_servers)
        .at_most(processes.workers - ONE)
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
