"""Read aloud, these functions are the derivation of a plan."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mpmtune.httpd.scoreboard import not_yet_read
from mpmtune.model.machine import Machine
from mpmtune.model.plan import Budget, Effect, Plan, Setting
from mpmtune.model.quantity import Quantity
from mpmtune.model.server import EffectiveSetting, Mpm, Server
from mpmtune.model.unknown import Unknown
from mpmtune.plan.child_cost import embeds_interpreter, recommend_cost
from mpmtune.plan.connections import recommend_backlog, recommend_keepalive_timeout
from mpmtune.plan.meant import name_server, other_servers
from mpmtune.plan.os_limits import needed_descriptors, needed_tasks
from mpmtune.plan.policy import DEFAULT
from mpmtune.plan.processes import recommend_processes
from mpmtune.plan.resources import gather_resources
from mpmtune.plan.spares import Spares, recommend_spare_servers, recommend_spare_threads
from mpmtune.plan.switch import plan_switch
from mpmtune.plan.workers import Workers, recommend_workers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mpmtune.model.facts import Facts
    from mpmtune.plan.memory_budget import Account
    from mpmtune.plan.policy import Policy


def plan(mpm: Mpm, chosen_because: str, facts: Facts, policy: Policy = DEFAULT) -> Plan:
    """Plan for an MPM.

    Raises:
        InputError: if the memory of the host is not known.
    """
    planned = (
        plan_prefork(facts, policy) if mpm is Mpm.PREFORK else _plan_threaded(mpm, facts, policy)
    )
    return replace(
        planned,
        chosen_because=chosen_because,
        switch=plan_switch(facts, mpm),
        warnings=(*planned.warnings, *_warnings(planned, facts)),
        unknown=facts.unknown,
        planned_for=name_server(facts.server) if isinstance(facts.server, Server) else "",
    )


def plan_prefork(facts: Facts, policy: Policy) -> Plan:
    """Children that memory and tasks carry; each serves one connection."""
    resources = gather_resources(Mpm.PREFORK, facts, policy)
    cost = recommend_cost(Mpm.PREFORK, _server(facts), policy.child)
    processes = recommend_processes(resources, cost, policy)
    spares = recommend_spare_servers(processes, resources.buckets, policy.shape)
    settings = _Settings(facts)
    restart = settings.after_restart
    graceful = settings.after_reload
    made = (
        restart(processes.server_limit),
        graceful(processes.workers),
        graceful(spares.start),
        graceful(spares.least),
        graceful(spares.most),
        graceful(_lifetime(facts, policy)),
        *_connection_settings(Mpm.PREFORK, processes.workers, facts, policy),
    )
    budget = _budget(resources.account, processes.peak)
    return Plan(
        Mpm.PREFORK,
        "",
        made,
        _system_limits(None, facts, policy),
        budget,
        processes.bound_by,
        None,
        (),
        (),
    )


def _plan_threaded(mpm: Mpm, facts: Facts, policy: Policy) -> Plan:
    """Threads, then the children that carry them, then what waits idle."""
    resources = gather_resources(mpm, facts, policy)
    cost = recommend_cost(mpm, _server(facts), policy.child)
    workers = recommend_workers(mpm, resources, cost, policy)
    spares = recommend_spare_threads(workers, resources.buckets, policy.shape)
    made = (
        *_threaded_settings(workers, spares, facts, policy),
        *_connection_settings(mpm, workers.workers, facts, policy),
        *_h2_settings(workers, facts),
    )
    wanted = _unlimited(mpm, facts, policy)
    return Plan(
        mpm,
        "",
        made,
        _system_limits(wanted, facts, policy),
        _budget(resources.account, workers.peak),
        workers.bound_by,
        None,
        (),
        (),
    )


def _unlimited(mpm: Mpm, facts: Facts, policy: Policy) -> Workers:
    """Plan once more as if neither tasks nor descriptors were limited."""
    free = replace(
        facts.machine,
        pids_limit=Unknown("host.pids_limit", "left out"),
        nofile_limit=Unknown("host.nofile_limit", "left out"),
    )
    freed = replace(facts, machine=free)
    cost = recommend_cost(mpm, _server(facts), policy.child)
    return recommend_workers(mpm, gather_resources(mpm, freed, policy), cost, policy)


def _server(facts: Facts) -> Server | None:
    return facts.server if isinstance(facts.server, Server) else None


def _budget(account: Account, peak: Quantity) -> Budget:
    return Budget(account.total, account.others, account.reserve, account.for_httpd, peak)


def _lifetime(facts: Facts, policy: Policy) -> Quantity:
    if embeds_interpreter(_server(facts)):
        return policy.lifetime.interpreter.named(
            "MaxConnectionsPerChild", "a script's leak ends with its child"
        )
    return policy.lifetime.unlimited.named(
        "MaxConnectionsPerChild", "nothing loaded is known to leak"
    )


class _Settings:
    """Makes the settings of a plan, each with the value in force now."""

    def __init__(self, facts: Facts) -> None:
        self._server = _server(facts)

    def after_reload(self, proposed: Quantity) -> Setting:
        return self._setting(proposed, Effect.GRACEFUL)

    def after_restart(self, proposed: Quantity) -> Setting:
        return self._setting(proposed, Effect.RESTART)

    def _setting(self, proposed: Quantity, effect: Effect) -> Setting:
        name = proposed.label
        current = self._server.setting(name) if self._server is not None else None
        module = "http2_module" if name.startswith("H2") else ""
        return Setting(
            name, current, proposed, effect, proposed.because, module, flag=name == "KeepAlive"
        )


def _threaded_settings(
    workers: Workers, spares: Spares, facts: Facts, policy: Policy
) -> tuple[Setting, ...]:
    settings = _Settings(facts)
    made = [
        settings.after_restart(workers.server_limit),
        settings.after_restart(workers.thread_limit),
        settings.after_reload(workers.threads),
        settings.after_reload(workers.workers),
        settings.after_reload(spares.start),
        settings.after_reload(spares.least),
        settings.after_reload(spares.most),
        settings.after_reload(_lifetime(facts, policy)),
    ]
    if workers.factor is not None:
        made.append(settings.after_reload(workers.factor))
    return tuple(made)


def _connection_settings(
    mpm: Mpm, workers: Quantity, facts: Facts, policy: Policy
) -> tuple[Setting, ...]:
    settings = _Settings(facts)
    choice = policy.connection
    return (
        settings.after_reload(choice.keep_alive.named("KeepAlive", "a page is many requests")),
        settings.after_reload(recommend_keepalive_timeout(mpm, choice)),
        settings.after_reload(
            choice.requests.named("MaxKeepAliveRequests", "several pages on one connection")
        ),
        settings.after_reload(
            choice.timeout.named("Timeout", "a client silent for so long is dropped")
        ),
        settings.after_restart(recommend_backlog(workers, facts.machine, choice)),
    )


def _h2_settings(workers: Workers, facts: Facts) -> tuple[Setting, ...]:
    if workers.h2 is None:
        return ()
    settings = _Settings(facts)
    least = workers.threads.named("H2MinWorkers", "as many as httpd would start by itself")
    return (settings.after_reload(least), settings.after_reload(workers.h2))


def _system_limits(wanted: Workers | None, facts: Facts, policy: Policy) -> tuple[Setting, ...]:
    """Name the limits of systemd that hold the plan down."""
    if wanted is None:
        return ()
    needs = (
        (
            needed_descriptors(wanted.connections_per_child, policy.limit),
            facts.machine.nofile_limit,
            "two descriptors for each connection of a child, and the logs",
        ),
        (
            needed_tasks(wanted.server_limit, wanted.tasks_per_child, policy.limit),
            facts.machine.pids_limit,
            "every child that ServerLimit allows, with its threads",
        ),
    )
    return tuple(
        Setting(
            need.label,
            EffectiveSetting(need.label, limit.whole),
            need,
            Effect.RESTART,
            because,
        )
        for need, limit, because in needs
        if isinstance(limit, Quantity) and limit.value < need.value
    )


def _warnings(planned: Plan, facts: Facts) -> Sequence[str]:
    warnings = []
    budget = planned.budget
    if not budget.for_httpd.value:
        warnings.append(
            "Other programs hold all the memory: no setting of httpd helps. "
            "This plan is the smallest that runs."
        )
    elif budget.expected_peak.value > budget.for_httpd.value:
        warnings.append("Even the smallest plan may take more memory than there is for httpd.")
    if planned.bound_by == "pids" and isinstance(facts.machine, Machine):
        warnings.append("The task limit holds the number of children down, not the memory.")
    server = _server(facts)
    unread = None if server is None else not_yet_read(server)
    if unread is not None:
        warnings.append(f"{unread} Stop httpd and start it.")
    return [*warnings, *other_servers(facts), *_losses(planned.mpm, facts)]


def _losses(mpm: Mpm, facts: Facts) -> Iterator[str]:
    """Say what httpd will do worse under this MPM, though it starts."""
    for entry in facts.compatibility:
        if entry.mpm is mpm and entry.loses:
            yield f"{entry.module} under {mpm.value}: {entry.why} {entry.way_out}"
    if mpm is Mpm.EVENT:
        yield from (f"{one.module} under event: {one.why}" for one in facts.fallback)
