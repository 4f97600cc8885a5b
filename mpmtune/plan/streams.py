"""HTTP/2: the threads that a child has for streams, beside ThreadsPerChild."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.model.quantity import HUNDRED, ONE, ZERO, ZERO_BYTES, Quantity
from mpmtune.plan.bounds import in_order
from mpmtune.plan.load import STREAMS_WERE_FULL

if TYPE_CHECKING:
    from mpmtune.model.plan import Bound
    from mpmtune.plan.policy import ConnectionPolicy, Policy
    from mpmtune.plan.resources import Resources


def bound_streams(
    threads: Quantity,
    used: tuple[Quantity, Quantity, Quantity],
    resources: Resources,
    policy: Policy,
) -> tuple[Bound, ...]:
    """Hold the threads for streams of a child against what asks for and carries them.

    Args:
        threads: ThreadsPerChild.
        used: Bytes and tasks of a child without them, and children for each one in service.
        resources: What there is.
        policy: The choices.
    """
    usual = (threads * policy.connection.h2_per_thread).at_least(policy.connection.least_h2)
    if resources.load.streams is None:
        return in_order({"demand": usual})
    memory, tasks, finishing = used
    least = policy.shape.least_children
    share = (resources.room // least - memory).at_least(ZERO_BYTES)
    bounds = {
        "demand": usual.at_least(_of_one_child(threads, resources.load.streams, resources, policy)),
        "memory": share // (resources.cost.worker * finishing),
    }
    if resources.task_room is not None:
        bounds["pids"] = (resources.task_room // (least * finishing) - tasks).at_least(ZERO)
    return in_order(bounds)


def recommend_h2_workers(bounds: tuple[Bound, ...], policy: ConnectionPolicy) -> Quantity:
    """H2MaxWorkers of a child: the tightest bound, but what httpd itself holds for the least."""
    return (
        bounds[0]
        .value.at_least(policy.least_h2)
        .named("H2MaxWorkers", "streams run in threads beside ThreadsPerChild")
    )


def _of_one_child(
    threads: Quantity, streams: Quantity, resources: Resources, policy: Policy
) -> Quantity:
    """Streams that a child may come to have: twice its even share, half of all where two are."""
    children = ((resources.demand + threads - ONE) // threads).named("children that are wanted")
    sharing = (children // policy.shape.least_children).at_least(policy.shape.least_children)
    wanted = streams * policy.demand.headroom // HUNDRED + ONE
    if STREAMS_WERE_FULL in resources.load.open_ended:
        wanted = wanted * policy.demand.hidden
    return (wanted // sharing).named(
        "streams of a child", "connections do not spread evenly over the children"
    )
