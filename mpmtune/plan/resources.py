"""What a plan may use: memory, tasks, descriptors, and what is worth using."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmtune.model.quantity import Quantity, Unit, declared, documented
from mpmtune.model.server import Server
from mpmtune.plan.demand import recommend_demand
from mpmtune.plan.memory_budget import recommend_account
from mpmtune.plan.os_limits import recommend_connection_room, recommend_task_room

if TYPE_CHECKING:
    from mpmtune.model.facts import Facts
    from mpmtune.model.server import Mpm
    from mpmtune.plan.memory_budget import Account
    from mpmtune.plan.policy import Policy

# mpm_common.c: one listener bucket unless ListenCoresBucketsRatio is set.
_ONE_BUCKET = documented("listener buckets", 1, "ListenCoresBucketsRatio is not set")


@dataclass(frozen=True, slots=True)
class Resources:
    """All that bounds the number of workers.

    ``task_room`` and ``connection_room`` are None where no limit is known.
    ``demand_kind`` is ``demand``, or ``backend`` when bounded backends fixed it.
    """

    account: Account
    demand: Quantity
    demand_kind: str
    task_room: Quantity | None
    connection_room: Quantity | None
    buckets: Quantity
    http2: bool


def gather_resources(mpm: Mpm, facts: Facts, policy: Policy) -> Resources:
    """Read the bounds off the facts."""
    server = facts.server if isinstance(facts.server, Server) else None
    demand = recommend_demand(mpm, facts.machine, server, policy.demand)
    return Resources(
        account=recommend_account(facts, policy.memory),
        demand=demand.workers,
        demand_kind=demand.kind,
        task_room=recommend_task_room(facts.machine, policy.limit),
        connection_room=recommend_connection_room(facts.machine, policy.limit),
        buckets=_buckets(facts, server),
        http2=server is not None and server.has_module("http2_module") and mpm.threaded,
    )


def _buckets(facts: Facts, server: Server | None) -> Quantity:
    """Listener buckets: online CPUs ÷ ListenCoresBucketsRatio, at least 1 (mpm_common.c)."""
    ratio = server.setting("ListenCoresBucketsRatio") if server is not None else None
    cpus = facts.machine.cpus
    if ratio is None or not isinstance(ratio.value, int) or not isinstance(cpus, Quantity):
        return _ONE_BUCKET
    if ratio.value < 1:
        return _ONE_BUCKET
    source = f"{ratio.file}:{ratio.line}"
    written = declared("ListenCoresBucketsRatio", ratio.value, source, Unit.CPUS)
    return (cpus // written).at_least(_ONE_BUCKET).named("listener buckets")
