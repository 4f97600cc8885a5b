"""The machine as the httpd process meets it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mpmtune.model.quantity import Quantity
    from mpmtune.model.unknown import Unknown


@dataclass(frozen=True, slots=True)
class Distro:
    """What os-release says.

    Attributes:
        id: ``debian``, ``ubuntu``, ``rhel``…; empty when the file does not say.
        version_id: ``12``, ``24.04``; empty when the file does not say.
        like: ID_LIKE, split at blanks.
        pretty_name: For a reader.
    """

    id: str
    version_id: str
    like: tuple[str, ...]
    pretty_name: str


@dataclass(frozen=True, slots=True)
class Machine:
    """What httpd may use here, each value with its derivation.

    Attributes:
        memory_total: Bytes that httpd and its neighbours can have at most: RAM less reserved
            huge pages, and the tightest limit of every control group above httpd.
        memory_available: Bytes that can still be taken before something is reclaimed or killed.
        cpus: Processors, with fractions for quotas.
        pids_limit: Tasks (processes and threads) that may exist under httpd's limits.
        nofile_limit: Descriptors that one httpd process may hold open (soft limit).
        somaxconn: The kernel's cap on ``ListenBacklog``.
        distro: The distribution.
        virtualization: ``none``, ``container``, ``docker``, ``lxc``, ``kvm``…
        commit_left: Bytes of address space, thread stacks included, that may still be promised
            where the kernel keeps count (overcommit_memory=2); None where it does not.
    """

    memory_total: Quantity | Unknown
    memory_available: Quantity | Unknown
    cpus: Quantity | Unknown
    pids_limit: Quantity | Unknown
    nofile_limit: Quantity | Unknown
    somaxconn: Quantity | Unknown
    distro: Distro | Unknown
    virtualization: str | Unknown
    commit_left: Quantity | None = None
