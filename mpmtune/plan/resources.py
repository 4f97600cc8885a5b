"""What a plan may use: memory, tasks, descriptors, and what is worth using."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmtune.model.quantity import ZERO_BYTES, Quantity, Unit, declared, documented, smallest
from mpmtune.model.server import Mpm, Server
from mpmtune.plan.child_cost import Observed, recommend_cost
from mpmtune.plan.demand import asked_for, burst_of, in_workers, recommend_demand
from mpmtune.plan.load import load_of, open_connections
from mpmtune.plan.memory_budget import recommend_account
from mpmtune.plan.os_limits import recommend_connection_room, recommend_task_room

if TYPE_CHECKING:
    from mpmtune.model.facts import Facts
    from mpmtune.model.load import Load
    from mpmtune.model.plan import Bound
    from mpmtune.plan.child_cost import Cost
    from mpmtune.plan.memory_budget import Account
    from mpmtune.plan.policy import Policy

# mpm_common.c: one listener bucket unless ListenCoresBucketsRatio is set.
_ONE_BUCKET = documented("listener buckets", 1, "ListenCoresBucketsRatio is not set")


@dataclass(frozen=True, slots=True)
class Resources:
    """All that bounds the number of workers, and what they cost.

    Attributes:
        account: The memory.
        cost: Of a child, a worker, a connection.
        worth: Workers worth having: by the demand, by what backends and CPUs can do.
        task_room: None where no limit is known.
        connection_room: Of a child; None where no limit is known.
        buckets: Listener buckets.
        http2: mod_http2 works here.
        load: What is known of the demand.
        busy: Workers that the load keeps busy at its peak; None where it does not tell.
        asked: The same with room, and with those that connections hold.
        burst: Workers that a burst takes at once; None where it does not tell.
        connections: Connections that an asynchronous MPM has to keep open; None likewise.
    """

    account: Account
    cost: Cost
    worth: tuple[Bound, ...]
    task_room: Quantity | None
    connection_room: Quantity | None
    buckets: Quantity
    http2: bool
    load: Load
    busy: Quantity | None
    asked: Quantity | None
    burst: Quantity | None
    connections: Quantity | None

    @property
    def demand(self) -> Quantity:
        """Workers worth having, by everything but the host's own limits."""
        return smallest(*(bound.value for bound in self.worth))

    @property
    def room(self) -> Quantity:
        """Bytes for children."""
        return (
            (self.account.usable - self.cost.fixed)
            .at_least(ZERO_BYTES)
            .named("memory for children")
        )


def gather_resources(mpm: Mpm, facts: Facts, policy: Policy) -> Resources:
    """Read the bounds off the facts."""
    server = facts.server if isinstance(facts.server, Server) else None
    load = load_of(facts, policy)
    return Resources(
        account=recommend_account(facts, policy.memory),
        cost=observed_cost(mpm, facts, policy),
        worth=recommend_demand(mpm, facts, load, policy),
        task_room=recommend_task_room(facts.machine, policy.limit),
        connection_room=recommend_connection_room(facts.machine, policy.limit),
        buckets=_buckets(facts, server),
        http2=server is not None and server.has_module("http2_module") and mpm.threaded,
        load=load,
        busy=in_workers(mpm, load, policy),
        asked=asked_for(mpm, load, policy),
        burst=burst_of(load, policy.demand),
        connections=open_connections(load, policy.connection.timeout_async),
    )


def observed_cost(mpm: Mpm, facts: Facts, policy: Policy) -> Cost:
    """Price a child by all that was seen of httpd; what took more than it may have is left out."""
    server = facts.server if isinstance(facts.server, Server) else None
    requests = 0 if facts.workload is None else facts.workload.requests.read
    ours = recommend_account(facts, policy.memory).for_httpd.value
    within = tuple(one for one in facts.memory_samples if one.pss_bytes <= ours)
    return recommend_cost(mpm, server, policy.child, Observed(within, requests))


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
