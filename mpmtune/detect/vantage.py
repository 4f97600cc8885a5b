"""From where httpd's limits are seen: its own process, its unit, or, failing both, ourselves."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmtune.detect.cgroup import (
    V2,
    Membership,
    find_levels,
    parse_memberships,
    parse_mounts,
)
from mpmtune.detect.envvars import detect_envvars
from mpmtune.detect.systemd_unit import detect_unit
from mpmtune.host.doorway import Absent
from mpmtune.model.quantity import Quantity, declared, documented
from mpmtune.model.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mpmtune.detect.cgroup import Levels, Mount
    from mpmtune.host.doorway import Files, Host
    from mpmtune.model.machine import Distro

_DEBIAN_ROOT = "/etc/apache2"
_DEBIAN_NOFILE = 8192  # apache2ctl: ULIMIT_MAX_FILES="${APACHE_ULIMIT_MAX_FILES:-ulimit -n 8192}"
_ULIMIT = re.compile(r"ulimit -(?:[HS]*n|n[HS]*) ([0-9]{1,9})")
# The real root group has none of these; where they are, groups above it are hidden.
_NOT_THE_ROOT = ("cgroup.type", "memory.max", "cpu.max", "pids.max")


@dataclass(frozen=True, slots=True)
class Vantage:
    """Where to look for the limits of httpd.

    Attributes:
        status: /proc/PID/status of httpd, or of the one who asks; None when neither says much.
        limits: /proc/PID/limits, likewise.
        memberships: The control groups it is in, or would be.
        mounts: The hierarchies as they are mounted here.
        memory: Limits that its unit states, in bytes; likewise ``cpus``, ``pids``, ``nofile``.
        borrowed: Why what the files say is only assumed to hold for httpd; empty when they are
            its own.
    """

    status: str | None
    limits: str | None
    memberships: tuple[Membership, ...]
    mounts: tuple[Mount, ...]
    memory: tuple[Quantity, ...] = ()
    cpus: tuple[Quantity, ...] = ()
    pids: tuple[Quantity, ...] = ()
    nofile: tuple[Quantity, ...] = ()
    borrowed: str = ""

    def levels(self, controller: str) -> Levels:
        """Find the groups whose controller limits httpd."""
        return find_levels(controller, self.memberships, self.mounts)


def find_vantage(
    host: Host, httpd_pid: int | None, units: Sequence[str], distro: Distro | Unknown
) -> Vantage:
    """Choose where to look.

    Args:
        host: The machine.
        httpd_pid: httpd's parent process; None while none runs.
        units: systemd units that may be httpd's, the likeliest first.
        distro: The distribution; Debian's apache2ctl sets a limit of its own.
    """
    if httpd_pid is not None:
        return _of_process(host, str(httpd_pid))
    debian = _debian_nofile(host, distro)
    unit = detect_unit(host, units)
    mounts = _mounts(host, "self")
    if unit is None:
        own = _of_process(host, "self")
        return Vantage(
            status=own.status,
            limits=own.limits,
            memberships=own.memberships,
            mounts=mounts,
            nofile=debian,
            borrowed="that of mpmtune itself, for no httpd runs",
        )
    memberships = (
        Membership(mount.controllers, mount.root.rstrip("/") + unit.group) for mount in mounts
    )
    return Vantage(
        status=None,
        limits=None,
        memberships=tuple(memberships),
        mounts=mounts,
        memory=unit.memory,
        cpus=unit.cpus,
        pids=unit.pids,
        nofile=debian or unit.nofile,
    )


def _of_process(host: Host, pid: str) -> Vantage:
    content = host.read(f"/proc/{pid}/cgroup")
    text = "" if isinstance(content, Absent) else os.fsdecode(content)
    # What is read lies in our own mounts, and paths of groups are shown as seen from our own
    # namespace: for an httpd in a container, its own table would lead to other directories.
    mounts = _mounts(host, "self") or _mounts(host, pid)
    return Vantage(f"/proc/{pid}/status", f"/proc/{pid}/limits", parse_memberships(text), mounts)


def _mounts(files: Files, pid: str) -> tuple[Mount, ...]:
    content = files.read(f"/proc/{pid}/mountinfo")
    return () if isinstance(content, Absent) else parse_mounts(os.fsdecode(content))


def _debian_nofile(files: Files, distro: Distro | Unknown) -> tuple[Quantity, ...]:
    """Give what apache2ctl would set before it starts httpd; empty elsewhere."""
    if isinstance(distro, Unknown) or "debian" not in {distro.id, *distro.like}:
        return ()
    chosen = dict(detect_envvars(files, _DEBIAN_ROOT).values).get("APACHE_ULIMIT_MAX_FILES")
    if chosen is None:
        return (documented("descriptors", _DEBIAN_NOFILE, "apache2ctl: ulimit -n 8192"),)
    match = _ULIMIT.fullmatch(chosen.strip())
    if match is None:
        return ()
    source = f"{_DEBIAN_ROOT}/envvars: APACHE_ULIMIT_MAX_FILES"
    return (declared("descriptors", int(match[1]), source),)


def hidden_limits(files: Files, levels: Levels) -> Unknown | None:
    """Say what of the groups above httpd cannot be seen; None when all is."""
    if not levels.complete:
        places = ", ".join(group.directory for group in levels.groups)
        return Unknown(
            "control group of httpd", f"it lies outside of what is mounted; only {places} counts"
        )
    if levels.version != V2 or [group.name for group in levels.groups] != ["/"]:
        return None
    top = levels.groups[0]
    if all(isinstance(files.entry(top.file(name)), Absent) for name in _NOT_THE_ROOT):
        return None
    return Unknown(
        "limits above the container", "its own control group is the topmost that can be seen"
    )
