"""What must be read before a plan is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.scoreboard import not_yet_read
from mpmtune.model.server import Mpm, Server
from mpmtune.plan.meant import other_servers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.facts import Facts
    from mpmtune.model.plan import Plan
    from mpmtune.plan.resources import Resources

_CARRIES = {
    "memory": "the memory carries",
    "pids": "the task limit carries",
    "nofile": "the descriptors carry",
    "backend": "the backends keep busy",
    "cpu": "the CPUs keep busy",
    "demand": "mpmtune plans at most",
}


def warnings_of(planned: Plan, resources: Resources, facts: Facts) -> tuple[str, ...]:
    """Say what a plan cannot do, and what httpd will do worse under it."""
    return (
        *_of_memory(planned),
        *_of_demand(planned, resources),
        *_of_connections(planned, resources),
        *_of_server(facts),
        *other_servers(facts),
        *_losses(planned.mpm, facts),
    )


def _of_memory(planned: Plan) -> Iterator[str]:
    budget = planned.budget
    if not budget.for_httpd.value:
        yield (
            "Other programs hold all the memory: no setting of httpd helps. "
            "This plan is the smallest that runs."
        )
    elif budget.expected_peak.value > budget.for_httpd.value:
        yield "Even the smallest plan may take more memory than there is for httpd."
    if planned.bound_by == "pids":
        yield "The task limit holds the number of children down, not the memory."


def _of_demand(planned: Plan, resources: Resources) -> Iterator[str]:
    """A plan that is lower than what is asked for says what held it down."""
    workers = planned.setting("MaxRequestWorkers").proposed
    if resources.asked is not None and workers.value < resources.asked.value:
        carries = _CARRIES[planned.bound_by]
        yield f"The workload asks for {resources.asked.whole} workers, {carries} {workers.whole}."


def _of_connections(planned: Plan, resources: Resources) -> Iterator[str]:
    """Event admits so many connections; beyond that newcomers are refused as well."""
    if planned.mpm is not Mpm.EVENT or resources.connections is None:
        return
    workers = planned.setting("MaxRequestWorkers").proposed
    factor = planned.setting("AsyncRequestWorkerFactor").proposed
    admitted = workers.whole * (1 + factor.whole)
    if admitted < resources.connections.value:
        yield (
            f"The workload keeps {resources.connections.whole} connections open, this plan admits "
            f"{admitted}: lower KeepAliveTimeout."
        )


def _of_server(facts: Facts) -> Iterator[str]:
    unread = not_yet_read(facts.server) if isinstance(facts.server, Server) else None
    if unread is not None:
        yield f"{unread} Stop httpd and start it."


def _losses(mpm: Mpm, facts: Facts) -> Iterator[str]:
    """Say what httpd will do worse under this MPM, though it starts."""
    for entry in facts.compatibility:
        if entry.mpm is mpm and entry.loses:
            yield f"{entry.module} under {mpm.value}: {entry.why} {entry.way_out}"
    if mpm is Mpm.EVENT:
        yield from (f"{one.module} under event: {one.why}" for one in facts.fallback)
