"""The machine as httpd meets it: the limits of its process, not of the one who asks."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from mpmtune.detect.distro import detect_distro
from mpmtune.detect.kernel_files import KernelFiles
from mpmtune.detect.limits import detect_nofile_limit, detect_pids_limit, detect_somaxconn
from mpmtune.detect.memory import detect_memory
from mpmtune.detect.processors import detect_processors
from mpmtune.detect.vantage import find_vantage, hidden_limits
from mpmtune.detect.virtualization import detect_virtualization
from mpmtune.model.machine import Machine
from mpmtune.model.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mpmtune.detect.vantage import Vantage
    from mpmtune.host.doorway import Host
    from mpmtune.model.quantity import Quantity

UNITS = ("apache2.service", "httpd.service")


def detect_machine(
    host: Host, httpd_pid: int | None, units: Sequence[str] = UNITS
) -> tuple[Machine, tuple[Unknown, ...]]:
    """Find what httpd may use on a host.

    Args:
        host: The machine.
        httpd_pid: httpd's parent process; None while none runs. Then its systemd unit is asked,
            and failing that our own limits are taken, at the trust of an assumption.
        units: systemd units that may be httpd's, the likeliest first.

    Returns:
        The machine, and everything that could not be known: fields that are Unknown, files that
        said nothing of use, groups that cannot be seen.
    """
    distro = detect_distro(host)
    vantage = find_vantage(host, httpd_pid, units, distro)
    files = KernelFiles(host, vantage.borrowed)
    memory_levels = vantage.levels("memory")
    memory = detect_memory(files, memory_levels, vantage.memory)
    cpu_levels = vantage.levels("cpu"), vantage.levels("cpuset")
    machine = Machine(
        memory_total=memory.total,
        memory_available=memory.available,
        cpus=detect_processors(files, vantage.status, cpu_levels, vantage.cpus),
        pids_limit=detect_pids_limit(files, vantage.limits, vantage.levels("pids"), vantage.pids),
        nofile_limit=_nofile(files, vantage),
        somaxconn=detect_somaxconn(files),
        distro=distro,
        virtualization=detect_virtualization(host),
        commit_left=memory.commit_left,
    )
    hidden = hidden_limits(host, memory_levels)
    remarks = () if hidden is None else (hidden,)
    return machine, (*_unknown_fields(machine), *files.passed_over, *remarks)


def _nofile(files: KernelFiles, vantage: Vantage) -> Quantity | Unknown:
    """What apache2ctl or a unit sets replaces what mpmtune itself was given."""
    limits = None if vantage.nofile and vantage.borrowed else vantage.limits
    return detect_nofile_limit(files, limits, vantage.nofile)


def _unknown_fields(machine: Machine) -> Iterator[Unknown]:
    for field in fields(machine):
        value = getattr(machine, field.name)
        if isinstance(value, Unknown):
            yield value
