"""Memory that httpd can really have: RAM, huge pages, every control group above it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmtune.detect.cgroup import V2
from mpmtune.detect.kernel_files import NO_LIMIT, parse_keyed
from mpmtune.model.quantity import ZERO_BYTES, Quantity, Unit, measured, smallest
from mpmtune.model.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mpmtune.detect.cgroup import Group, Levels
    from mpmtune.detect.kernel_files import KernelFiles

_MEMINFO = "/proc/meminfo"
_ARCSTATS = "/proc/spl/kstat/zfs/arcstats"
_OVERCOMMIT = "/proc/sys/vm/overcommit_memory"
_STRICT = "2"  # Documentation/mm/overcommit-accounting

_LINE = re.compile(r"(?P<name>[\w()]+):[ \t]+(?P<number>[0-9]{1,15})(?P<kib> kB)?[ \t]*", re.ASCII)
_KIB = 1024


@dataclass(frozen=True, slots=True)
class Memory:
    """What there is and what is left, in bytes.

    ``commit_left`` is what may still be promised where the kernel promises no more than it has
    (overcommit_memory=2), stacks of threads included; None elsewhere.
    """

    total: Quantity | Unknown
    available: Quantity | Unknown
    commit_left: Quantity | None


@dataclass(frozen=True, slots=True)
class _Controls:
    """The names that one version of cgroup has for the same things."""

    limits: tuple[str, ...]
    used: str
    reclaimable: str
    inherited: str | None


_V2_CONTROLS = _Controls(("memory.max", "memory.high"), "memory.current", "inactive_file", None)
# Swap has its own files under both versions (memory.swap.max, memory.memsw.*); it is no memory.
_V1_CONTROLS = _Controls(
    ("memory.limit_in_bytes",),
    "memory.usage_in_bytes",
    "total_inactive_file",
    "hierarchical_memory_limit",
)


def parse_meminfo(text: str) -> dict[str, int]:
    """Read /proc/meminfo: name → bytes, or a plain count where the line has no unit."""
    found: dict[str, int] = {}
    for line in text.split("\n"):
        match = _LINE.fullmatch(line)
        if match is not None:
            scale = _KIB if match["kib"] else 1
            found.setdefault(match["name"], int(match["number"]) * scale)
    return found


def parse_arcstats(text: str) -> dict[str, int]:
    """Read ZFS' arcstats: name → value, from lines of name, type and value."""
    rows = (line.split() for line in text.split("\n"))
    return parse_keyed("\n".join(f"{row[0]} {row[2]}" for row in rows if len(row) == len("ntv")))


def detect_memory(files: KernelFiles, levels: Levels, declared: tuple[Quantity, ...]) -> Memory:
    """Find the memory of httpd.

    Args:
        files: Where to read.
        levels: Its groups of the memory controller.
        declared: Limits that its unit states, for an httpd that is not running.
    """
    meminfo = parse_meminfo(files.text(_MEMINFO) or "")
    controls = _V2_CONTROLS if levels.version == V2 else _V1_CONTROLS
    limited = [
        (group, bound)
        for group in levels.groups
        if (bound := _bound(files, group, controls)) is not None
    ]
    left = [_left(files, group, bound, controls) for group, bound in limited]
    commit_left = _commit_left(files, meminfo)
    bounds = [bound for _, bound in limited]
    return Memory(
        total=_total(files, meminfo, (*bounds, *declared)),
        available=_available(files, meminfo, (*left, *declared), commit_left),
        commit_left=commit_left,
    )


def _total(
    files: KernelFiles, meminfo: Mapping[str, int], bounds: tuple[Quantity, ...]
) -> Quantity | Unknown:
    if not meminfo.get("MemTotal"):
        return Unknown("host.mem_total_effective_bytes", f"{_MEMINFO} names no MemTotal")
    ram = _field(meminfo, "MemTotal")
    huge = _huge_pages(meminfo)
    if huge is not None and huge.value >= ram.value:
        files.pass_over(f"{_MEMINFO}: huge pages", "they are said to be more than all memory")
    elif huge is not None:
        ram = (ram - huge).named("RAM but for huge pages", "httpd maps none of them")
    return smallest(ram, *bounds).named(
        "memory of httpd and its neighbours", "the tightest of RAM and every control group"
    )


def _huge_pages(meminfo: Mapping[str, int]) -> Quantity | None:
    """Find what huge pages hold: those of the default size, or of all sizes where told."""
    default = meminfo.get("HugePages_Total", 0) * meminfo.get("Hugepagesize", 0)
    reserved = max(default, meminfo.get("Hugetlb", 0))
    if not reserved:
        return None
    return measured("reserved huge pages", reserved, f"{_MEMINFO}: HugePages_Total", Unit.BYTES)


def _available(
    files: KernelFiles,
    meminfo: Mapping[str, int],
    left: tuple[Quantity, ...],
    commit_left: Quantity | None,
) -> Quantity | Unknown:
    # Kernels before 3.14 have no MemAvailable; what is free is certainly available.
    name = next((name for name in ("MemAvailable", "MemFree") if name in meminfo), None)
    if name is None:
        return Unknown("host.mem_available_bytes", f"{_MEMINFO} names no MemAvailable")
    free = _field(meminfo, name)
    cache = _shrinkable_arc(files, meminfo)
    if cache is not None:
        free = (free + cache).named("available with ZFS' cache", "MemAvailable leaves it out")
    bounds = left if commit_left is None else (*left, commit_left)
    tightest = smallest(free, *bounds)
    if tightest.value < 0:
        tightest = tightest.at_least(ZERO_BYTES)
    return tightest.named("memory available", "the least that RAM and any control group have left")


def _shrinkable_arc(files: KernelFiles, meminfo: Mapping[str, int]) -> Quantity | None:
    """Find how much ZFS' cache would give back under pressure."""
    text = files.text(_ARCSTATS)
    if text is None:
        return None
    stats = parse_arcstats(text)
    size, least = stats.get("size", 0), stats.get("c_min", 0)
    if size > meminfo.get("MemTotal", 0):
        files.pass_over(_ARCSTATS, "the cache is said to be larger than all memory")
        return None
    if size <= least:
        return None
    held = measured("ZFS cache", size, f"{_ARCSTATS}: size", Unit.BYTES)
    return held - measured("its minimum", least, f"{_ARCSTATS}: c_min", Unit.BYTES)


def _commit_left(files: KernelFiles, meminfo: Mapping[str, int]) -> Quantity | None:
    mode = files.text(_OVERCOMMIT)
    if mode is None or mode.strip() != _STRICT or "CommitLimit" not in meminfo:
        return None
    if "Committed_AS" not in meminfo:
        return _field(meminfo, "CommitLimit")
    left = _field(meminfo, "CommitLimit") - _field(meminfo, "Committed_AS")
    if left.value < 0:
        left = left.at_least(ZERO_BYTES)
    return left.named(
        "memory that may be promised", "overcommit_memory is 2: the kernel keeps count"
    )


def _field(meminfo: Mapping[str, int], name: str) -> Quantity:
    return measured(name, meminfo[name], _MEMINFO, Unit.BYTES)


def _bound(files: KernelFiles, group: Group, controls: _Controls) -> Quantity | None:
    """Find the limit of one group: the smallest that its files state, or None."""
    stated = (
        files.limit(group.file(control), f"{control} of {group.name}", Unit.BYTES)
        for control in controls.limits
    )
    limits = [limit for limit in stated if limit is not None]
    above = None if controls.inherited is None else _inherited(files, group, controls.inherited)
    if above is not None and all(above.value < limit.value for limit in limits):
        limits.append(above)
    return smallest(*limits) if limits else None


def _inherited(files: KernelFiles, group: Group, key: str) -> Quantity | None:
    """Find the limit that groups above impose, told by cgroup v1 even where they are not seen."""
    path = group.file("memory.stat")
    value = parse_keyed(files.text(path) or "").get(key)
    if value is None or value >= NO_LIMIT:
        return None
    return files.of_httpd(f"{key} of {group.name}", value, f"{path}: {key}", Unit.BYTES)


def _left(files: KernelFiles, group: Group, bound: Quantity, controls: _Controls) -> Quantity:
    """Find what a limited group has left; all of its limit where its use is not told."""
    used = files.limit(group.file(controls.used), f"{controls.used} of {group.name}", Unit.BYTES)
    if used is None:
        return bound
    path = group.file("memory.stat")
    cache = parse_keyed(files.text(path) or "").get(controls.reclaimable, 0)
    if (
        0 < cache <= used.value
    ):  # page cache that goes first, before anything is reclaimed or killed
        source = f"{path}: {controls.reclaimable}"
        label = f"{controls.reclaimable} of {group.name}"
        used = (used - files.of_httpd(label, cache, source, Unit.BYTES)).named(
            f"use of {group.name}", "cache that is not in use can go"
        )
    return (bound - used).named(f"left in {group.name}")
