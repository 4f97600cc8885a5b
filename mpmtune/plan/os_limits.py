"""Tasks and descriptors: what the kernel and systemd allow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.model.quantity import ZERO, Quantity

if TYPE_CHECKING:
    from mpmtune.model.machine import Machine
    from mpmtune.plan.policy import LimitPolicy


def recommend_task_room(machine: Machine, policy: LimitPolicy) -> Quantity | None:
    """Tasks left for children; None when no limit is known.

    Where the kernel promises no more memory than it has (overcommit_memory=2), the stacks of
    threads have to fit into what may still be promised.
    """
    limit = machine.pids_limit
    if machine.commit_left is not None:
        stacks = (machine.commit_left // policy.thread_stack).named("threads whose stacks fit")
        limit = limit.at_most(stacks) if isinstance(limit, Quantity) else stacks
    if not isinstance(limit, Quantity):
        return None
    return (
        (limit - limit // policy.task_divisor - policy.parent_tasks)
        .at_least(ZERO)
        .named("tasks for children", "a tenth of the limit is left to others")
    )


def recommend_connection_room(machine: Machine, policy: LimitPolicy) -> Quantity | None:
    """Connections that one child's descriptors carry; None when no limit is known."""
    limit = machine.nofile_limit
    if not isinstance(limit, Quantity):
        return None
    return ((limit - policy.descriptors_apart).at_least(ZERO) // policy.per_connection).named(
        "connections that the descriptors of a child carry"
    )


def needed_tasks(children: Quantity, tasks_per_child: Quantity, policy: LimitPolicy) -> Quantity:
    """Tasks under httpd when every child that may exist does, and the tenth for others."""
    own = children * tasks_per_child + policy.parent_tasks
    return (own + own // policy.task_divisor + own // policy.task_divisor).named(
        "TasksMax", "every child at once, and room for others"
    )


def needed_descriptors(connections_per_child: Quantity, policy: LimitPolicy) -> Quantity:
    """Descriptors of a child that holds all its connections."""
    return (
        (connections_per_child * policy.per_connection + policy.descriptors_apart)
        .at_least(policy.nofile_wanted)
        .named("LimitNOFILE", "two descriptors a connection, and the logs")
    )
