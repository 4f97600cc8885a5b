"""Everything known about a host and its httpd."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmtune.model.load import NOTHING_KNOWN

if TYPE_CHECKING:
    from mpmtune.model.compatibility import Compatibility, Fallback
    from mpmtune.model.load import Load, MemorySample
    from mpmtune.model.machine import Machine
    from mpmtune.model.server import Instance, Server
    from mpmtune.model.unknown import Unknown
    from mpmtune.model.workload import Workload


@dataclass(frozen=True, slots=True)
class Remark:
    """Something an administrator should know, found while looking.

    Attributes:
        severity: ``error``, ``warning`` or ``info``.
        message: One sentence.
        way_out: What to do, one sentence; may be empty.
    """

    severity: str
    message: str
    way_out: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """The machine, the server on it, and what could not be found out.

    ``server`` is Unknown where no httpd is installed. ``instances`` are all that run;
    ``server`` describes the one that was chosen. ``workload`` is what it had to carry, where logs
    or mod_status told. What ``load`` knows goes before what follows from ``workload``: options
    state it, or a bench measured it. Two ``memory_samples`` of one MPM tell what one more child
    really costs.
    """

    machine: Machine
    server: Server | Unknown
    instances: tuple[Instance, ...]
    compatibility: tuple[Compatibility, ...]
    fallback: tuple[Fallback, ...]
    remarks: tuple[Remark, ...]
    unknown: tuple[Unknown, ...]
    workload: Workload | None = None
    load: Load = NOTHING_KNOWN
    memory_samples: tuple[MemorySample, ...] = ()
