"""How many tasks and descriptors httpd may have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mpmtune.detect.kernel_files import parse_limit
from mpmtune.model.quantity import Quantity, measured, smallest
from mpmtune.model.unknown import Unknown

if TYPE_CHECKING:
    from mpmtune.detect.cgroup import Levels
    from mpmtune.detect.kernel_files import KernelFiles

_KERNEL_WIDE = ("/proc/sys/kernel/pid_max", "/proc/sys/kernel/threads-max")
_NR_OPEN = "/proc/sys/fs/nr_open"
_SOMAXCONN = "/proc/sys/net/core/somaxconn"
_ROW = r"^{name}[ \t]+(\S+)[ \t]+(\S+)"
_UNLIMITED = "unlimited"


def parse_soft_limit(text: str, name: str) -> int | None:
    """Read a soft limit from /proc/PID/limits; None when it is unlimited.

    Raises:
        ValueError: when the file has no such row, or no number in it.
    """
    match = re.search(_ROW.format(name=re.escape(name)), text, re.MULTILINE)
    if match is None:
        raise ValueError(f"it has no row {name}")
    return None if match[1] == _UNLIMITED else parse_limit(match[1])


def detect_pids_limit(
    files: KernelFiles, limits: str | None, levels: Levels, declared: tuple[Quantity, ...]
) -> Quantity | Unknown:
    """Find how many tasks may exist: groups, kernel, and the user that the children run as.

    Args:
        files: Where to read.
        limits: /proc/PID/limits of httpd; None while none runs.
        levels: Its groups of the pids controller.
        declared: What its unit states, for an httpd that is not running.
    """
    found = [
        *(_machine_wide(files, path) for path in _KERNEL_WIDE),
        *(
            files.limit(group.file("pids.max"), f"pids.max of {group.name}")
            for group in levels.groups
        ),
        None if limits is None else _soft(files, limits, "Max processes"),
        *declared,
    ]
    bounds = [bound for bound in found if bound is not None]
    if not bounds:
        return Unknown("host.pids_limit", "nothing tells how many tasks there may be")
    return smallest(*bounds).named(
        "tasks that may exist", "the tightest of the kernel, every control group and the user's"
    )


def detect_nofile_limit(
    files: KernelFiles, limits: str | None, declared: tuple[Quantity, ...]
) -> Quantity | Unknown:
    """Find how many descriptors one httpd process may hold open: the parent's soft limit."""
    own = None if limits is None else _soft(files, limits, "Max open files")
    bounds = [*declared] if own is None else [own, *declared]
    if not bounds and limits is not None and _UNLIMITED in (files.text(limits) or ""):
        ceiling = _machine_wide(files, _NR_OPEN)
        bounds = [] if ceiling is None else [ceiling]
    if not bounds:
        return Unknown("host.nofile_limit", "no limit of httpd itself is known")
    return smallest(*bounds).named("descriptors of one httpd process")


def detect_somaxconn(files: KernelFiles) -> Quantity | Unknown:
    """Find the kernel's cap on a listen queue."""
    return _machine_wide(files, _SOMAXCONN) or Unknown(
        "host.somaxconn", f"{_SOMAXCONN} does not tell"
    )


def _machine_wide(files: KernelFiles, path: str) -> Quantity | None:
    text = files.text(path)
    if text is None:
        return None
    try:
        value = parse_limit(text)
    except ValueError as error:
        files.pass_over(path, str(error))
        return None
    return None if value is None else measured(path.rpartition("/")[2], value, path)


def _soft(files: KernelFiles, path: str, row: str) -> Quantity | None:
    text = files.text(path)
    if text is None:
        return None
    try:
        value = parse_soft_limit(text, row)
    except ValueError as error:
        files.pass_over(f"{path}: {row}", str(error))
        return None
    return None if value is None else files.of_httpd(row, value, f"{path}: {row}")
