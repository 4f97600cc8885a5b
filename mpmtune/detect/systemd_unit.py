"""The limits that systemd would give an httpd which is not running."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from mpmtune.detect.kernel_files import parse_limit
from mpmtune.detect.processors import parse_cpu_list
from mpmtune.host.doorway import Absent, EntryKind
from mpmtune.host.httpd_binary import find_program, unit_limits
from mpmtune.model.quantity import Quantity, Unit, declared

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mpmtune.host.doorway import Host
    from mpmtune.model.quantity import Number

_BOOTED = "/run/systemd/system"  # sd_booted(3)
_ROOT_SLICE = "-.slice"
_MICROSECONDS = {"us": 1, "ms": 10**3, "s": 10**6, "min": 60 * 10**6, "h": 3600 * 10**6}
_SPAN = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,6})?)(us|ms|s|min|h)")


@dataclass(frozen=True, slots=True)
class UnitLimits:
    """What a unit and the slices above it state; each tuple may be empty.

    ``group`` is the path of the control group that it will have.
    """

    unit: str
    group: str
    memory: tuple[Quantity, ...]
    cpus: tuple[Quantity, ...]
    pids: tuple[Quantity, ...]
    nofile: tuple[Quantity, ...]


def parse_properties(text: str) -> dict[str, str]:
    """Read the ``NAME=VALUE`` lines of ``systemctl show``."""
    pairs = (line.partition("=") for line in text.split("\n"))
    return {name: value.strip() for name, separator, value in pairs if separator}


def parse_bound(text: str) -> int | None:
    """Read a number, or ``infinity`` for none.

    Raises:
        ValueError: when it is neither.
    """
    return None if text == "infinity" else parse_limit(text)


def parse_cpu_quota(text: str) -> Fraction | None:
    """Read CPU time per second (``1.5s``, ``50ms``, ``1min 4s``) as a number of CPUs.

    Raises:
        ValueError: when it is no span of time.
    """
    if text == "infinity":
        return None
    spans = [_SPAN.fullmatch(part) for part in text.split()]
    microseconds = sum(
        (Fraction(span[1]) * _MICROSECONDS[span[2]] for span in spans if span), Fraction(0)
    )
    if not all(spans) or not microseconds:
        raise ValueError("it is no span of time")
    return microseconds / 10**6


def parse_cpus(text: str) -> int | None:
    """Count the processors of ``0-3 8``; None for an empty list, which allows all.

    Raises:
        ValueError: when it is no such list.
    """
    return parse_cpu_list(",".join(text.split())) if text else None


def slices_above(name: str) -> tuple[str, ...]:
    """Name a slice and those it lies in, outermost first: systemd's dashes are its folders."""
    stem = name.removesuffix(".slice")
    if not stem or name == _ROOT_SLICE:
        return ()
    parts = stem.split("-")
    return tuple("-".join(parts[:depth]) + ".slice" for depth in range(1, len(parts) + 1))


def detect_unit(host: Host, units: Sequence[str]) -> UnitLimits | None:
    """Ask systemd for the first of ``units`` that there is; None where none is, or no systemd."""
    booted = host.entry(_BOOTED)
    systemctl = find_program(host, "systemctl")
    if isinstance(booted, Absent) or booted.kind is not EntryKind.DIRECTORY or systemctl is None:
        return None
    for unit in units:
        stated = _show(host, systemctl, unit)
        if stated.get("LoadState") == "loaded":
            slices = slices_above(stated.get("Slice", "system.slice"))
            above = {name: _show(host, systemctl, name) for name in slices}
            return _limits(unit, {unit: stated, **above})
    return None


def _show(host: Host, systemctl: str, unit: str) -> dict[str, str]:
    answer = host.run(unit_limits(systemctl, unit))
    if isinstance(answer, Absent) or answer.timed_out or answer.status:
        return {}
    return parse_properties(os.fsdecode(answer.stdout))


def _limits(unit: str, stated: Mapping[str, Mapping[str, str]]) -> UnitLimits:
    def collect(
        read: Callable[[str], Number | None], kind: Unit, *names: str
    ) -> tuple[Quantity, ...]:
        found = (
            _leaf(owner, name, read, kind, values)
            for owner, values in stated.items()
            for name in names
            if name in values
        )
        return tuple(quantity for quantity in found if quantity is not None)

    path = [name for name in stated if name != unit]
    return UnitLimits(
        unit=unit,
        group="/" + "/".join((*path, unit)),
        memory=collect(parse_bound, Unit.BYTES, "MemoryMax", "MemoryHigh"),
        cpus=(
            *collect(parse_cpu_quota, Unit.CPUS, "CPUQuotaPerSecUSec"),
            *collect(parse_cpus, Unit.CPUS, "AllowedCPUs", "CPUAffinity"),
        ),
        pids=collect(parse_bound, Unit.COUNT, "TasksMax", "LimitNPROCSoft"),
        nofile=collect(parse_bound, Unit.COUNT, "LimitNOFILESoft"),
    )


def _leaf(
    owner: str,
    name: str,
    read: Callable[[str], Number | None],
    kind: Unit,
    values: Mapping[str, str],
) -> Quantity | None:
    try:
        value = read(values[name])
    except ValueError:
        return None
    if value is None:
        return None
    return declared(f"{name} of {owner}", value, f"systemctl show {owner}: {name}", kind)
