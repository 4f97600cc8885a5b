"""Processors that httpd can really use: affinity, cpusets and quotas of every control group."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from mpmtune.detect.cgroup import V2
from mpmtune.model.quantity import Quantity, Unit, measured, smallest
from mpmtune.model.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.detect.cgroup import Group, Levels
    from mpmtune.detect.kernel_files import KernelFiles

_ONLINE = "/sys/devices/system/cpu/online"
_RANGE = re.compile(r"([0-9]{1,6})(?:-([0-9]{1,6}))?")
_ALLOWED = re.compile(r"^Cpus_allowed_list:[ \t]*(.*?)[ \t]*$", re.MULTILINE)
_NUMBER = re.compile(r"[0-9]{1,15}")
_NO_QUOTA = "-1"


def parse_cpu_list(text: str) -> int:
    """Count the processors of a list such as ``0-3,8``.

    Raises:
        ValueError: when it is not such a list, ascending as the kernel writes it.
    """
    count, last = 0, -1
    for part in text.strip().split(","):
        match = _RANGE.fullmatch(part)
        if match is None:
            raise ValueError("it holds no list of processors")
        first, end = int(match[1]), int(match[2] or match[1])
        if first <= last or end < first:
            raise ValueError("its list of processors is not in order")
        count += end - first + 1
        last = end
    return count


def parse_cpu_max(text: str) -> Fraction | None:
    """Read cgroup v2's ``cpu.max``, quota and period; None for no quota.

    Raises:
        ValueError: when it is neither.
    """
    words = text.split()
    if len(words) != len(("quota", "period")):
        raise ValueError("it holds no quota and period")
    return None if words[0] == "max" else parse_quota(*words)


def parse_quota(quota: str, period: str) -> Fraction:
    """Divide a quota by its period, both in microseconds.

    Raises:
        ValueError: when either is no positive number.
    """
    if not _NUMBER.fullmatch(quota) or not _NUMBER.fullmatch(period):
        raise ValueError("it holds no quota and period")
    if not int(quota) or not int(period):
        raise ValueError("a quota or period of 0 means nothing")
    return Fraction(int(quota), int(period))


def parse_allowed(status: str) -> str | None:
    """Find the list of processors in /proc/PID/status."""
    match = _ALLOWED.search(status)
    return match[1] if match else None


def detect_processors(
    files: KernelFiles,
    status: str | None,
    levels: tuple[Levels, Levels],
    declared: tuple[Quantity, ...],
) -> Quantity | Unknown:
    """Find the processors of httpd, a fraction where a quota binds.

    Args:
        files: Where to read.
        status: /proc/PID/status of httpd; None while none runs.
        levels: Its groups of the cpu and of the cpuset controller.
        declared: What its unit states, for an httpd that is not running.
    """
    quotas, sets = levels
    found = [
        _online(files),
        None if status is None else _affinity(files, status),
        *(_quota(files, group, quotas.version) for group in quotas.groups),
        *_cpusets(files, sets),
        *declared,
    ]
    bounds = [bound for bound in found if bound is not None]
    if not bounds:
        return Unknown("host.cpus_effective", "nothing tells which processors there are")
    return smallest(*bounds).named(
        "CPUs of httpd", "the tightest of affinity, cpusets and every quota"
    )


def _affinity(files: KernelFiles, path: str) -> Quantity | None:
    listed = parse_allowed(files.text(path) or "")
    if listed is None:
        return None
    try:
        count = parse_cpu_list(listed)
    except ValueError as error:
        files.pass_over(f"{path}: Cpus_allowed_list", str(error))
        return None
    return files.of_httpd("processors allowed", count, f"{path}: Cpus_allowed_list", Unit.CPUS)


def _online(files: KernelFiles) -> Quantity | None:
    count = _count(files, _ONLINE)
    return None if count is None else measured("processors online", count, _ONLINE, Unit.CPUS)


def _count(files: KernelFiles, path: str) -> int | None:
    text = files.text(path)
    if text is None:
        return None
    try:
        return parse_cpu_list(text)
    except ValueError as error:
        files.pass_over(path, str(error))
        return None


def _cpusets(files: KernelFiles, levels: Levels) -> Iterator[Quantity]:
    name = "cpuset.cpus.effective" if levels.version == V2 else "cpuset.effective_cpus"
    for group in levels.groups:
        path = group.file(name)
        count = _count(files, path)
        if count is not None:
            yield files.of_httpd(f"{name} of {group.name}", count, path, Unit.CPUS)


def _quota(files: KernelFiles, group: Group, version: int) -> Quantity | None:
    path = group.file("cpu.max" if version == V2 else "cpu.cfs_quota_us")
    text = files.text(path)
    if text is None:
        return None
    try:
        quota = parse_cpu_max(text) if version == V2 else _v1_quota(files, group, text.strip())
    except ValueError as error:
        files.pass_over(path, str(error))
        return None
    if quota is None:
        return None
    return files.of_httpd(f"CPU quota of {group.name}", quota, path, Unit.CPUS)


def _v1_quota(files: KernelFiles, group: Group, quota: str) -> Fraction | None:
    if quota == _NO_QUOTA:
        return None
    return parse_quota(quota, (files.text(group.file("cpu.cfs_period_us")) or "").strip())
