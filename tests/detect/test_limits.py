from __future__ import annotations

import pytest

from mpmtune.detect.limits import parse_soft_limit
from mpmtune.model.quantity import Quantity
from mpmtune.model.unknown import Unknown
from tests.detect.machine_tree import V1_MOUNTS, MachineTree

LIMITS = (
    "Limit                     Soft Limit           Hard Limit           Units     \n"
    "Max processes             unlimited            100                  processes \n"
    "Max open files            1024                 524288               files     \n"
)


def test_the_soft_limit_is_read() -> None:
    assert parse_soft_limit(LIMITS, "Max open files") == 1024
    assert parse_soft_limit(LIMITS, "Max processes") is None


@pytest.mark.parametrize("text", ["", "Max open files", "Max open files many many files\n"])
def test_a_row_that_is_missing_or_garbage_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="it "):
        parse_soft_limit(text, "Max open files")


def test_tasks_are_bounded_at_every_level() -> None:
    tree = (
        MachineTree.plain(nproc="5000")
        .having(pids_max="max")
        .at("/sys/fs/cgroup/system.slice", pids_max="900")
        .at("/sys/fs/cgroup", pids_max="1000")
    )
    assert tree.numbers()[3] == 900


def test_v1_bounds_tasks_too() -> None:
    tree = MachineTree.plain(cgroup="5:pids:/a", mountinfo=V1_MOUNTS).at(
        "/sys/fs/cgroup/pids/a", pids_max="77"
    )
    assert tree.numbers()[3] == 77


def test_garbage_of_the_kernel_is_passed_over() -> None:
    tree = MachineTree.plain().file("/proc/sys/kernel/threads-max", "many\n")
    assert tree.numbers()[3] == 4194304
    assert tree.passed_over() == ["/proc/sys/kernel/threads-max"]


def test_no_bound_of_tasks_is_unknown() -> None:
    tree = MachineTree({"/proc/100/cgroup": "0::/\n"})
    assert isinstance(tree.detect()[0].pids_limit, Unknown)


def test_unlimited_descriptors_end_at_what_the_kernel_allows() -> None:
    tree = MachineTree.plain(nofile="unlimited").file("/proc/sys/fs/nr_open", "1048576\n")
    assert tree.numbers()[4] == 1048576


@pytest.mark.parametrize("nofile", ["unlimited", "lots"])
def test_descriptors_without_a_number_are_unknown(nofile: str) -> None:
    machine, _ = MachineTree.plain(nofile=nofile).detect()
    assert machine.nofile_limit == Unknown("host.nofile_limit", "no limit of httpd itself is known")


def test_the_cap_of_a_listen_queue_is_read() -> None:
    machine, _ = MachineTree.plain().file("/proc/sys/net/core/somaxconn", "128\n").detect()
    assert isinstance(machine.somaxconn, Quantity)
    assert machine.somaxconn.value == 128


def test_a_missing_cap_is_unknown() -> None:
    assert isinstance(MachineTree.plain().detect()[0].somaxconn, Unknown)
