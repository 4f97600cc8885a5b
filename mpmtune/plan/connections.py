"""Keep-alive, time-outs, queue and sendfile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.model.quantity import Quantity
from mpmtune.model.server import Mpm

if TYPE_CHECKING:
    from mpmtune.model.load import Load
    from mpmtune.model.machine import Machine
    from mpmtune.model.server import Server
    from mpmtune.plan.policy import ConnectionPolicy


def recommend_keepalive_timeout(mpm: Mpm, policy: ConnectionPolicy) -> Quantity:
    """Seconds that an idle connection is kept: short where it holds a worker."""
    chosen = policy.timeout_async if mpm is Mpm.EVENT else policy.timeout_held
    because = (
        "an idle connection costs memory, no worker"
        if mpm is Mpm.EVENT
        else "an idle connection holds a worker"
    )
    return chosen.named("KeepAliveTimeout", because)


def recommend_backlog(workers: Quantity, machine: Machine, policy: ConnectionPolicy) -> Quantity:
    """Connections that the kernel queues while all workers are busy."""
    backlog = policy.backlog.at_least(workers)
    if isinstance(machine.somaxconn, Quantity):
        backlog = backlog.at_most(machine.somaxconn)
    else:
        backlog = policy.backlog
    return backlog.named("ListenBacklog", "so many new connections wait in a burst, none refused")


def recommend_sendfile(
    mpm: Mpm, load: Load, server: Server | None, policy: ConnectionPolicy
) -> Quantity | None:
    """EnableSendfile On for slow readers under event; None where it is no use, or turned off.

    A file that the kernel sends leaves the worker free while the reader is slow
    (core_filters.c: only what has to be copied into memory is written blocking).
    """
    if mpm is not Mpm.EVENT or load.slow_readers is None:
        return None
    now = server.setting("EnableSendfile") if server is not None else None
    if now is not None and now.file is not None and now.value == "Off":
        return None
    return policy.sendfile.named(
        "EnableSendfile", "slow readers hold no worker; not for files on NFS, SMB or FUSE"
    )
