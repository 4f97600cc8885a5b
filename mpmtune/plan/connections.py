"""Keep-alive, time-outs, queue and HTTP/2 workers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.model.quantity import Quantity
from mpmtune.model.server import Mpm

if TYPE_CHECKING:
    from mpmtune.model.machine import Machine
    from mpmtune.plan.policy import ConnectionPolicy


def recommend_keepalive_timeout(mpm: Mpm, policy: ConnectionPolicy) -> Quantity:
    """Seconds that an idle connection is kept: short where it holds a worker."""
    chosen = policy.timeout_async if mpm is Mpm.EVENT else policy.timeout_held
    because = (
        "an idle connection costs memory, no worker"
        if mpm is Mpm.EVENT
        else "an idle connection holds a worker"
    )
    return chosen.named("KeepAliveTimeout", because)


def recommend_backlog(workers: Quantity, machine: Machine, policy: ConnectionPolicy) -> Quantity:
    """Connections that the kernel queues while all workers are busy."""
    backlog = policy.backlog.at_least(workers)
    if isinstance(machine.somaxconn, Quantity):
        backlog = backlog.at_most(machine.somaxconn)
    else:
        backlog = policy.backlog
    return backlog.named("ListenBacklog", "so many new connections wait in a burst, none refused")


def recommend_h2_workers(threads: Quantity, policy: ConnectionPolicy) -> Quantity:
    """Threads a child has for HTTP/2 streams, beside ThreadsPerChild."""
    return (
        (threads * policy.h2_per_thread)
        .at_least(policy.least_h2)
        .named("H2MaxWorkers", "streams run in threads beside ThreadsPerChild")
    )
