"""How many workers are worth having, without a workload."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmtune.httpd.php_handlers import fpm_answers
from mpmtune.model.quantity import HUNDRED, ONE, Quantity, assumed, declared, total
from mpmtune.plan.child_cost import embeds_interpreter

if TYPE_CHECKING:
    from mpmtune.model.machine import Machine
    from mpmtune.model.server import FpmPool, Mpm, Server
    from mpmtune.plan.policy import DemandPolicy

_UNKNOWN_LOAD = "no workload is known: a stated number for each CPU"
_ONE_CPU = assumed("CPUs", 1, "none could be counted", measure="say it with --cpus")


@dataclass(frozen=True, slots=True)
class Demand:
    """Workers worth having; ``kind`` is ``backend`` when bounded backends fixed it."""

    workers: Quantity
    kind: str


def recommend_demand(
    mpm: Mpm, machine: Machine, server: Server | None, policy: DemandPolicy
) -> Demand:
    """Workers beyond which more only add latency and memory.

    With PHP-FPM pools or bounded proxies: what keeps the backends busy, and a share for the
    rest. Without: a stated number for each CPU.
    """
    cpus = machine.cpus if isinstance(machine.cpus, Quantity) else _ONE_CPU
    most = policy.most_workers if mpm.threaded else policy.most_processes
    backends = None if embeds_interpreter(server) else _backends(mpm, server, policy)
    if backends is not None:
        busy = backends * policy.backend_rise // HUNDRED
        wanted = busy + (cpus * policy.unserved_per_cpu).at_least(policy.least)
        because = "all backends busy, and a share for what they do not answer"
        kind = "backend"
    elif embeds_interpreter(server):
        wanted = cpus * policy.interpreters_per_cpu
        because, kind = _UNKNOWN_LOAD, "demand"
    else:
        wanted = cpus * policy.per_cpu
        because, kind = _UNKNOWN_LOAD, "demand"
    workers = (
        (wanted // ONE).at_least(policy.least).at_most(most).named("workers worth having", because)
    )
    return Demand(workers, kind)


def _backends(mpm: Mpm, server: Server | None, policy: DemandPolicy) -> Quantity | None:
    """Add up what the backends can do at once; None when nothing bounded is known."""
    if server is None:
        return None
    parts = [
        declared(f"pm.max_children of pool {pool.name}", pool.max_children, pool.file)
        for pool in asked_pools(server)
    ]
    if mpm.threaded:  # prefork keeps one backend connection for each child, whatever max= says
        parts += [
            declared(f"max= of {proxy.url}", proxy.max, f"{proxy.file}:{proxy.line}") * policy.pools
            for proxy in server.backends
            if proxy.max is not None
        ]
    if not parts:
        return None
    return total(*parts).named("requests that the backends can work on at once")


def asked_pools(server: Server) -> tuple[FpmPool, ...]:
    """Leave out the pools that httpd passes nothing to: one may run here and serve another."""
    asks = fpm_answers(server.php_handlers) or any("fcgi:" in one.url for one in server.backends)
    return tuple(pool for pool in server.fpm_pools if asks and pool.asked)
