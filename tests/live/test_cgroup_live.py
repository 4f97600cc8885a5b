"""Limits of real control groups, put on a process that is called httpd."""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mpmtune.detect.machine import detect_machine
from mpmtune.host.local import LocalHost
from mpmtune.model.quantity import Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

MIB = 1024**2
ROOT = Path("/sys/fs/cgroup")
NAME = f"mpmtune-test-{os.getpid()}"

V1 = {
    ("memory", "memory.limit_in_bytes"): str(300 * MIB),
    ("cpu", "cpu.cfs_quota_us"): "25000",
    ("pids", "pids.max"): "123",
}
V2 = {
    ("", "memory.max"): str(300 * MIB),
    ("", "cpu.max"): "25000 100000",
    ("", "pids.max"): "123",
}


@pytest.fixture
def limits() -> Iterator[dict[tuple[str, str], str]]:
    """Make a group with limits and one without below it, or skip."""
    wanted = V2 if (ROOT / "cgroup.controllers").exists() else V1
    hierarchies = sorted({hierarchy for hierarchy, _ in wanted})
    try:
        for hierarchy in hierarchies:
            (ROOT / hierarchy / NAME / "below").mkdir(parents=True)
        for (hierarchy, control), value in wanted.items():
            (ROOT / hierarchy / NAME / control).write_text(value)
    except OSError as error:
        pytest.skip(f"no control groups can be made here: {error}")
    else:
        yield wanted
    finally:
        for hierarchy in hierarchies:
            for group in (ROOT / hierarchy / NAME / "below", ROOT / hierarchy / NAME):
                _remove(group)


def _remove(group: Path) -> None:
    """Remove a group, once the kernel has cleared its processes away."""
    deadline = time.monotonic() + 5
    while group.exists() and time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            group.rmdir()
        time.sleep(0.02)


def test_limits_of_a_group_above_bind(limits: dict[tuple[str, str], str]) -> None:
    with subprocess.Popen(["/bin/sleep", "60"]) as process:
        try:
            for hierarchy in {hierarchy for hierarchy, _ in limits}:
                procs = ROOT / hierarchy / NAME / "below" / "cgroup.procs"
                procs.write_text(str(process.pid))
            machine, _ = detect_machine(LocalHost(), process.pid)
        finally:
            process.kill()
    assert isinstance(machine.memory_total, Quantity)
    assert isinstance(machine.memory_available, Quantity)
    assert isinstance(machine.cpus, Quantity)
    assert isinstance(machine.pids_limit, Quantity)
    assert machine.memory_total.value == 300 * MIB
    assert 290 * MIB < machine.memory_available.value <= 300 * MIB
    assert float(machine.cpus.value) == 0.25
    assert machine.pids_limit.value == 123
