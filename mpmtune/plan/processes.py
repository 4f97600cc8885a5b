"""Children of prefork: each is one worker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmtune.model.quantity import ONE, Quantity, documented, smallest
from mpmtune.plan.bounds import in_order, more_would

if TYPE_CHECKING:
    from mpmtune.model.plan import Bound
    from mpmtune.plan.policy import Policy
    from mpmtune.plan.resources import Resources

# prefork.c, MAX_SERVER_LIMIT
_MOST_CHILDREN = documented("hard maximum of ServerLimit", 200_000, "MAX_SERVER_LIMIT")


@dataclass(frozen=True, slots=True)
class Processes:
    """The children of prefork; ``bounds`` are those of ``workers``, the tightest first."""

    workers: Quantity
    server_limit: Quantity
    peak: Quantity
    bounds: tuple[Bound, ...]


def recommend_processes(resources: Resources, policy: Policy) -> Processes:
    """Find how many children memory and tasks carry."""
    cost = resources.cost
    slot = policy.child.worker_slot + policy.child.process_slot
    child = (cost.child + cost.connection + slot * policy.shape.spare_span).named(
        "memory of a child", "with its connection and its slots in the scoreboard"
    )
    limits = {bound.name: bound.value for bound in resources.worth}
    limits["memory"] = cost.children_in(resources.room, child).named("children that memory carries")
    if resources.task_room is not None:
        limits["pids"] = resources.task_room
    bounds = in_order(limits)
    why = more_would(bounds[0].name, load_known=resources.load.known)
    workers = (
        smallest(*(bound.value for bound in bounds))
        .at_least(ONE)
        .at_least(resources.buckets)
        .named("MaxRequestWorkers", f"a child for each: {why}")
    )
    limit = (workers + (workers // policy.shape.room_divisor).at_least(ONE)).at_most(_MOST_CHILDREN)
    return Processes(
        workers,
        limit.named("ServerLimit", "room to raise MaxRequestWorkers by a reload"),
        (cost.fixed + workers * child).named("expected peak", "every child busy"),
        bounds,
    )
