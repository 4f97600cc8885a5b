"""How much of the host's memory httpd may have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmtune.errors import InputError
from mpmtune.model.quantity import HUNDRED, ZERO_BYTES, Quantity, Unit, declared, measured
from mpmtune.model.server import Server
from mpmtune.plan.backends import asked_pools

if TYPE_CHECKING:
    from mpmtune.model.facts import Facts
    from mpmtune.model.machine import Machine
    from mpmtune.model.server import FpmPool
    from mpmtune.plan.policy import MemoryPolicy


@dataclass(frozen=True, slots=True)
class Account:
    """The memory account, in bytes.

    ``total − others − reserve = for_httpd``, unless the others leave nothing: then
    ``for_httpd`` is 0. ``usable`` is the part of it that a plan may fill.
    """

    total: Quantity
    others: Quantity
    reserve: Quantity
    for_httpd: Quantity
    usable: Quantity


def recommend_account(facts: Facts, policy: MemoryPolicy) -> Account:
    """Share the memory out: total, the others', the reserve, httpd's.

    Raises:
        InputError: if nobody knows how much memory there is.
    """
    total = _total(facts.machine)
    reserve = (
        (total // policy.reserve_divisor)
        .at_least(policy.least_reserve)
        .at_most(policy.most_reserve)
        .at_most(total // policy.small_host_divisor)
        .named("reserve", "kept free for the page cache and for surprises")
    )
    others = _others(facts, total, policy)
    for_httpd = (total - others - reserve).at_least(ZERO_BYTES).named("memory for httpd")
    usable = (for_httpd * policy.fill // HUNDRED).named(
        "memory that a plan may fill", "a few per cent of the kernel's are seen nowhere"
    )
    return Account(total, others, reserve, for_httpd, usable)


def _total(machine: Machine) -> Quantity:
    if not isinstance(machine.memory_total, Quantity):
        raise InputError(
            f"The memory of this host is not known: {machine.memory_total.why}.",
            "Say it with --memory, for example --memory 4GiB.",
        )
    return machine.memory_total.named("total", "what httpd and its neighbours can have at most")


def _others(facts: Facts, total: Quantity, policy: MemoryPolicy) -> Quantity:
    available = facts.machine.memory_available
    server = facts.server if isinstance(facts.server, Server) else None
    if not isinstance(available, Quantity):
        held = policy.others.at_most(total // policy.others_divisor)
    else:
        ours = (
            server.httpd_pss if server is not None and server.httpd_pss is not None else ZERO_BYTES
        )
        held = (total - available - ours).at_least(ZERO_BYTES)
    held = held.named("held by others now", "all that is neither free nor httpd's")
    pools = () if server is None else _growing(server)
    if not pools:
        return held.named("others", "all that is not httpd")
    return (held + _fpm_growth(pools, policy)).named(
        "others", "all that is not httpd, PHP-FPM at its own limit"
    )


def _growing(server: Server) -> tuple[FpmPool, ...]:
    """Leave out the pools that are configured, do not run, and are asked by nobody here."""
    asked = asked_pools(server)
    return tuple(pool for pool in server.fpm_pools if pool in asked or pool.children != 0)


def _fpm_growth(pools: tuple[FpmPool, ...], policy: MemoryPolicy) -> Quantity:
    """Price the children that the pools may still start."""
    missing = sum(max(0, pool.max_children - (pool.children or 0)) for pool in pools)
    files = ", ".join(sorted({pool.file for pool in pools}))
    running = sum(pool.children or 0 for pool in pools if pool.pss is not None)
    pss = sum(pool.pss or 0 for pool in pools)
    peak = sum(pool.peak or pool.pss or 0 for pool in pools)
    child = policy.fpm_child
    if running and pss:
        source = f"PSS + VmHWM − VmRSS, mean of {running} children"
        child = measured("a PHP-FPM child at its peak", peak // running, source, Unit.BYTES)
    growth = declared("PHP-FPM children still to come", missing, files) * child
    if peak > pss:
        growth = growth + measured(
            "those that run may grow again", peak - pss, "VmHWM − VmRSS", Unit.BYTES
        )
    return growth.named("PHP-FPM may still take", "its pools may grow to pm.max_children")
