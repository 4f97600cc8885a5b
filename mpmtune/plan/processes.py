"""Children of prefork: each is one worker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmtune.model.quantity import ONE, ZERO_BYTES, Quantity, documented, smallest
from mpmtune.plan.bounds import MORE_WOULD

if TYPE_CHECKING:
    from mpmtune.plan.child_cost import Cost
    from mpmtune.plan.policy import Policy
    from mpmtune.plan.resources import Resources

# prefork.c, MAX_SERVER_LIMIT
_MOST_CHILDREN = documented("hard maximum of ServerLimit", 200_000, "MAX_SERVER_LIMIT")


@dataclass(frozen=True, slots=True)
class Processes:
    """The children of prefork; ``bound_by`` names what fixed their number."""

    workers: Quantity
    server_limit: Quantity
    peak: Quantity
    bound_by: str


def recommend_processes(resources: Resources, cost: Cost, policy: Policy) -> Processes:
    """Find how many children memory and tasks carry."""
    slot = policy.child.worker_slot + policy.child.process_slot
    child = (cost.child + cost.connection + slot * policy.shape.spare_span).named(
        "memory of a child", "with its connection and its slots in the scoreboard"
    )
    room = (resources.account.usable - cost.fixed).at_least(ZERO_BYTES)
    bounds = {
        resources.demand_kind: resources.demand,
        "memory": (room // child).named("children that memory carries"),
    }
    if resources.task_room is not None:
        bounds["pids"] = resources.task_room
    bound = min(bounds, key=lambda name: bounds[name].value)
    workers = (
        smallest(*bounds.values())
        .at_least(ONE)
        .at_least(resources.buckets)
        .named("MaxRequestWorkers", f"a child for each: {MORE_WOULD[bound]}")
    )
    limit = (workers + (workers // policy.shape.room_divisor).at_least(ONE)).at_most(_MOST_CHILDREN)
    return Processes(
        workers,
        limit.named("ServerLimit", "room to raise MaxRequestWorkers by a reload"),
        (cost.fixed + workers * child).named("expected peak", "every child busy"),
        bound,
    )
