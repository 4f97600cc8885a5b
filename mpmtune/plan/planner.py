"""Read aloud, these functions are the derivation of a plan."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mpmtune.model.plan import Budget, Effect, Plan, Setting
from mpmtune.model.quantity import Quantity
from mpmtune.model.server import EffectiveSetting, Mpm, Server
from mpmtune.model.unknown import Unknown
from mpmtune.plan.child_cost import embeds_interpreter
from mpmtune.plan.connections import (
    recommend_backlog,
    recommend_keepalive_timeout,
    recommend_sendfile,
)
from mpmtune.plan.meant import name_server
from mpmtune.plan.os_limits import needed_descriptors, needed_tasks, recommend_task_room
from mpmtune.plan.policy import DEFAULT
from mpmtune.plan.prediction import predict, settings_of
from mpmtune.plan.processes import recommend_processes
from mpmtune.plan.resources import gather_resources
from mpmtune.plan.spares import Spares, recommend_spare_servers, recommend_spare_threads
from mpmtune.plan.switch import plan_switch
from mpmtune.plan.warnings import warnings_of
from mpmtune.plan.workers import Workers, recommend_workers

if TYPE_CHECKING:
    from mpmtune.model.facts import Facts
    from mpmtune.model.plan import Bound
    from mpmtune.plan.memory_budget import Account
    from mpmtune.plan.policy import Policy
    from mpmtune.plan.resources import Resources


def plan(mpm: Mpm, chosen_because: str, facts: Facts, policy: Policy = DEFAULT) -> Plan:
    """Plan for an MPM, for the load that the facts tell of.

    Raises:
        InputError: if the memory of the host is not known.
    """
    resources = gather_resources(mpm, facts, policy)
    planned = (
        _plan_prefork(resources, facts, policy)
        if mpm is Mpm.PREFORK
        else _plan_threaded(mpm, resources, facts, policy)
    )
    return replace(
        planned,
        chosen_because=chosen_because,
        switch=plan_switch(facts, mpm),
        warnings=warnings_of(planned, resources, facts),
        unknown=facts.unknown,
        planned_for=name_server(facts.server) if isinstance(facts.server, Server) else "",
        load=resources.load,
        prediction=predict(mpm, settings_of(planned), facts, policy)
        if resources.load.known
        else None,
    )


def _plan_prefork(resources: Resources, facts: Facts, policy: Policy) -> Plan:
    """Children that memory and tasks carry; each serves one connection."""
    processes = recommend_processes(resources, policy)
    spares = recommend_spare_servers(processes, resources, policy.shape)
    settings = _Settings(facts)
    restart = settings.after_restart
    graceful = settings.after_reload
    bounds = processes.bounds
    made = (
        restart(processes.server_limit, bounds[:1]),
        graceful(processes.workers, bounds),
        graceful(spares.start),
        graceful(spares.least),
        graceful(spares.most),
        graceful(_lifetime(facts, policy)),
        *_connection_settings(Mpm.PREFORK, processes.workers, resources, facts, policy),
    )
    return Plan(
        Mpm.PREFORK,
        "",
        made,
        _system_limits(None, facts, policy),
        _budget(resources.account, processes.peak),
        bounds[0].name,
        None,
        (),
        (),
    )


def _plan_threaded(mpm: Mpm, resources: Resources, facts: Facts, policy: Policy) -> Plan:
    """Threads, then the children that carry them, then what waits idle."""
    workers = recommend_workers(mpm, resources, policy)
    spares = recommend_spare_threads(workers, resources, policy.shape)
    made = (
        *_threaded_settings(workers, spares, facts, policy),
        *_connection_settings(mpm, workers.workers, resources, facts, policy),
        *_h2_settings(workers, facts),
    )
    wanted = recommend_workers(mpm, _unlimited(resources, facts, policy), policy)
    return Plan(
        mpm,
        "",
        made,
        _system_limits(wanted, facts, policy),
        _budget(resources.account, workers.peak),
        workers.bounds[0].name,
        None,
        (),
        (),
    )


def _unlimited(resources: Resources, facts: Facts, policy: Policy) -> Resources:
    """Leave the limits of tasks and descriptors out; stacks have to fit all the same."""
    free = replace(facts.machine, pids_limit=Unknown("host.pids_limit", "left out"))
    room = recommend_task_room(free, policy.limit)
    return replace(resources, task_room=room, connection_room=None)


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


_FLAGS = frozenset({"KeepAlive", "EnableSendfile"})


class _Settings:
    """Makes the settings of a plan, each with the value in force now."""

    def __init__(self, facts: Facts) -> None:
        self._server = _server(facts)

    def after_reload(self, proposed: Quantity, bounds: tuple[Bound, ...] = ()) -> Setting:
        return self._setting(proposed, Effect.GRACEFUL, bounds)

    def after_restart(self, proposed: Quantity, bounds: tuple[Bound, ...] = ()) -> Setting:
        return self._setting(proposed, Effect.RESTART, bounds)

    def _setting(self, proposed: Quantity, effect: Effect, bounds: tuple[Bound, ...]) -> Setting:
        name = proposed.label
        current = self._server.setting(name) if self._server is not None else None
        module = "http2_module" if name.startswith("H2") else ""
        return Setting(
            name,
            current,
            proposed,
            effect,
            proposed.because,
            module,
            flag=name in _FLAGS,
            bounds=bounds,
        )


def _threaded_settings(
    workers: Workers, spares: Spares, facts: Facts, policy: Policy
) -> tuple[Setting, ...]:
    settings, child = _Settings(facts), workers.child
    made = [
        settings.after_restart(workers.server_limit, workers.bounds[:1]),
        settings.after_restart(child.thread_limit, child.bounds[:1]),
        settings.after_reload(child.threads, child.bounds),
        settings.after_reload(workers.workers, workers.bounds),
        settings.after_reload(spares.start),
        settings.after_reload(spares.least),
        settings.after_reload(spares.most),
        settings.after_reload(_lifetime(facts, policy)),
    ]
    if workers.factor is not None:
        made.append(settings.after_reload(workers.factor, workers.factor_bounds))
    return tuple(made)


def _connection_settings(
    mpm: Mpm, workers: Quantity, resources: Resources, facts: Facts, policy: Policy
) -> tuple[Setting, ...]:
    settings = _Settings(facts)
    choice = policy.connection
    queue = workers if resources.load.burst is None else workers.at_least(resources.load.burst)
    made = (
        settings.after_reload(choice.keep_alive.named("KeepAlive", "a page is many requests")),
        settings.after_reload(recommend_keepalive_timeout(mpm, choice)),
        settings.after_reload(
            choice.requests.named("MaxKeepAliveRequests", "several pages on one connection")
        ),
        settings.after_reload(
            choice.timeout.named("Timeout", "a client silent for so long is dropped")
        ),
        settings.after_restart(recommend_backlog(queue, facts.machine, choice)),
    )
    sendfile = recommend_sendfile(mpm, resources.load, _server(facts), choice)
    return made if sendfile is None else (*made, settings.after_reload(sendfile))


def _h2_settings(workers: Workers, facts: Facts) -> tuple[Setting, ...]:
    child = workers.child
    if child.h2 is None:
        return ()
    settings = _Settings(facts)
    least = child.threads.at_most(child.h2).named(
        "H2MinWorkers", "as many as httpd would start by itself"
    )
    return (settings.after_reload(least), settings.after_reload(child.h2, child.h2_bounds))


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
            needed_tasks(wanted.server_limit, wanted.child.tasks, policy.limit),
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
