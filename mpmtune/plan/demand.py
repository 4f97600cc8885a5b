"""How many workers are worth having: for a load, for backends, for the CPUs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.model.plan import Bound
from mpmtune.model.quantity import HUNDRED, ONE, ZERO, Quantity, assumed
from mpmtune.model.server import Mpm, Server
from mpmtune.plan.backends import at_work_in_backends
from mpmtune.plan.child_cost import embeds_interpreter
from mpmtune.plan.connections import recommend_keepalive_timeout
from mpmtune.plan.load import STREAMS_WERE_FULL, open_connections

if TYPE_CHECKING:
    from mpmtune.model.facts import Facts
    from mpmtune.model.load import Load
    from mpmtune.plan.policy import DemandPolicy, Policy

_WORTH = "workers worth having"
_ONE_CPU = assumed("CPUs", 1, "none could be counted", measure="say it with --cpus")


def recommend_demand(mpm: Mpm, facts: Facts, load: Load, policy: Policy) -> tuple[Bound, ...]:
    """Workers beyond which more only add latency and memory, each with what says so.

    With bounded backends: what keeps them busy, and a share for the rest (``backend``). With a
    load: what it asks for (``demand``), and what the CPUs can work on where the CPU time of a
    request is known (``cpu``). With nothing: a stated number for each CPU.
    """
    server = facts.server if isinstance(facts.server, Server) else None
    cpus = facts.machine.cpus if isinstance(facts.machine.cpus, Quantity) else _ONE_CPU
    limits = dict(_limits(mpm, server, cpus, (load, policy)))
    by_cpu = _by_cpu(server, cpus, policy.demand)
    if load.known and not (_is_open(load) and "backend" in limits):
        limits["demand"] = _for_load(mpm, load, cpus, by_cpu, policy)
    elif not limits:
        limits["demand"] = by_cpu
    choice = policy.demand
    most = choice.most_workers if mpm.threaded else choice.most_processes
    return tuple(
        Bound(
            name,
            (workers // ONE).at_least(choice.least).at_most(most).named(_WORTH, workers.because),
        )
        for name, workers in limits.items()
    )


def asked_for(mpm: Mpm, load: Load, policy: Policy) -> Quantity | None:
    """Workers that a load keeps busy at its peak, with room; None when it does not tell.

    ``1.3 × L``, twice that where more was wanted than was seen, or what a burst takes on top of the
    mean; and under prefork and worker those that wait on kept-alive connections.
    """
    at_once = in_workers(mpm, load, policy)
    if at_once is None:
        return None
    choice = policy.demand
    busy = at_once * choice.headroom // HUNDRED + ONE
    if _is_open(load):
        busy = busy * choice.hidden
    burst = burst_of(load, choice)
    if burst is not None:
        busy = busy.at_least(burst if load.usual is None else load.usual + burst)
    busy = busy.named("workers busy at the peak, with room")
    held = _held(mpm, load, policy)
    return busy if held is None else busy + held


def burst_of(load: Load, policy: DemandPolicy) -> Quantity | None:
    """Workers that a burst takes at once; None when no burst is known.

    A burst of quick requests is over before anyone notices, with few workers.
    """
    if load.burst is None:
        return None
    return _at_once(load.burst * policy.headroom // HUNDRED, load, policy)


def busiest(load: Load, policy: DemandPolicy) -> Quantity | None:
    """Workers busy at once at the peak, or in the largest burst, as it was seen."""
    burst = None if load.burst is None else _at_once(load.burst, load, policy)
    if load.concurrency is None or burst is None:
        return load.concurrency
    return load.concurrency.at_least(burst)


def _at_once(burst: Quantity, load: Load, policy: DemandPolicy) -> Quantity | None:
    if load.service is None:
        return None
    patience = load.service.at_least(policy.burst_patience)
    return (burst * load.service // patience).named(
        "workers for a burst", "each of its requests within its own time, or a tenth of a second"
    )


def in_workers(mpm: Mpm, load: Load, policy: Policy) -> Quantity | None:
    """Requests in work by workers: HTTP/2 streams have threads of their own."""
    busy = load.concurrency
    if busy is None or load.streams is None or not mpm.threaded:
        return busy
    connections = load.streams // policy.connection.h2_per_thread
    return (busy - load.streams).at_least(ZERO) + connections.named(
        "HTTP/2 connections with streams in work"
    )


def _held(mpm: Mpm, load: Load, policy: Policy) -> Quantity | None:
    """Workers held by connections that wait for a request; None under event, which holds none."""
    if mpm is Mpm.EVENT:
        return None
    timeout = recommend_keepalive_timeout(mpm, policy.connection)
    connections = open_connections(load, timeout)
    if connections is None or load.concurrency is None:
        return connections
    return (
        (connections - load.concurrency)
        .at_least(ZERO)
        .named("connections that wait", "each holds a worker")
    )


def _for_load(mpm: Mpm, load: Load, cpus: Quantity, by_cpu: Quantity, policy: Policy) -> Quantity:
    """What the load asks for; where it does not tell all, at least the stated number."""
    asked = asked_for(mpm, load, policy)
    because = "what the workload asks for at its peak, with room"
    connections = open_connections(load, recommend_keepalive_timeout(mpm, policy.connection))
    if asked is None:
        if connections is None or mpm is Mpm.EVENT:
            return by_cpu
        return by_cpu.at_least(connections).named("", because)
    if _is_open(load):
        return asked.at_least(by_cpu).named("", load.open_ended[0])
    if connections is None:
        return asked.at_least(by_cpu).named("", because)
    if mpm is Mpm.EVENT and _is_full(cpus, load, policy.demand):
        connections = (connections * policy.demand.hidden).named(
            "connections", "where the CPUs are full, who is not yet accepted is in no count"
        )
    rush = by_cpu
    if load.arrivals is not None:
        rush = by_cpu.at_least(load.arrivals * policy.demand.hiccup)
    return asked.at_least(connections.at_most(rush)).named("", because)


def _is_open(load: Load) -> bool:
    """Tell whether more workers may be wanted; HTTP/2 streams want threads of their own."""
    return any(why != STREAMS_WERE_FULL for why in load.open_ended)


def _limits(
    mpm: Mpm, server: Server | None, cpus: Quantity, told: tuple[Load, Policy]
) -> list[tuple[str, Quantity]]:
    """What backends and CPUs can work on, and those that need neither."""
    load, policy = told
    choice = policy.demand
    found = []
    if not embeds_interpreter(server):
        backends = at_work_in_backends(mpm, server, choice)
        if backends is not None:
            rest = (cpus * choice.unserved_per_cpu).at_least(choice.least)
            busy = backends * choice.backend_rise // HUNDRED + rest
            found.append(
                ("backend", busy, "all backends busy, and a share for what they do not answer")
            )
    cpu = _for_cpus(mpm, cpus, load, choice)
    if cpu is not None:
        found.append(("cpu", cpu, "more would only wait for the CPUs"))
    apart = [part for part in (_held(mpm, load, policy), load.slow_readers) if part is not None]
    return [(name, sum(apart, workers).named("", because)) for name, workers, because in found]


def _for_cpus(mpm: Mpm, cpus: Quantity, load: Load, policy: DemandPolicy) -> Quantity | None:
    """Requests that the CPUs can work on while others wait; None where they bound nothing.

    Where the CPUs are full, a request's time is mostly waiting for them and says nothing. A process
    more takes memory in vain then; a thread costs little, and without it an open connection waits
    until others are closed. One that waits for a TLS handshake or for a request's head is in no
    log: some are added.
    """
    if load.cpu_seconds is None or load.service is None or not load.cpu_seconds.value:
        return None
    if _is_full(cpus, load, policy):
        return None if mpm.threaded else cpus * policy.per_full_cpu
    rise = cpus * policy.cpu_rise
    at_once = rise * load.service // (load.cpu_seconds * HUNDRED)
    if load.concurrency is not None and load.arrivals is not None and load.arrivals.value:
        # By Little's law a request may hold its worker for longer than a log says: it begins late.
        used = load.arrivals * load.cpu_seconds * HUNDRED
        at_once = at_once.at_least(rise * load.concurrency // used)
    apart = policy.unseen_per_cpu if mpm.threaded else policy.cpu_apart
    return at_once + cpus * apart


def _is_full(cpus: Quantity, load: Load, policy: DemandPolicy) -> bool:
    """Tell whether the load leaves the CPUs hardly any time."""
    if load.cpu_seconds is None or load.arrivals is None:
        return False
    busy = (load.arrivals * load.cpu_seconds).value * 100
    return busy >= cpus.value * policy.cpu_full.value


def _by_cpu(server: Server | None, cpus: Quantity, policy: DemandPolicy) -> Quantity:
    each = policy.interpreters_per_cpu if embeds_interpreter(server) else policy.per_cpu
    return (cpus * each).named("", "no workload is known: a stated number for each CPU")
