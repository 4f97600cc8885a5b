from __future__ import annotations

from fractions import Fraction

import pytest

from mpmtune.detect.processors import parse_allowed, parse_cpu_list, parse_cpu_max, parse_quota
from mpmtune.model.unknown import Unknown
from tests.detect.machine_tree import V1_MOUNTS, MachineTree

CPU = "/sys/fs/cgroup/cpu"
V1 = "3:cpu:/\n2:cpuset:/\n"


@pytest.mark.parametrize(
    ("text", "count"), [("0\n", 1), ("0-7", 8), ("0,2,4-6", 5), ("0-99999", 100000)]
)
def test_a_list_of_processors_is_counted(text: str, count: int) -> None:
    assert parse_cpu_list(text) == count


@pytest.mark.parametrize("text", ["", "x", "3-1", "0-3,2", "0,,1", "-1", "0-9999999"])
def test_what_is_no_list_of_processors_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="processors"):
        parse_cpu_list(text)


@pytest.mark.parametrize(
    ("text", "cpus"),
    [
        ("max 100000\n", None),
        ("5000 100000\n", Fraction(1, 20)),
        ("100000 33333", Fraction(100000, 33333)),
    ],
)
def test_a_quota_is_exact(text: str, cpus: Fraction | None) -> None:
    assert parse_cpu_max(text) == cpus


@pytest.mark.parametrize("text", ["", "abc", "50000", "0 100000", "50000 0", "-1 5", "1 2 3"])
def test_what_is_no_quota_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="quota"):
        parse_cpu_max(text)


def test_a_v1_quota_needs_its_period() -> None:
    with pytest.raises(ValueError, match="quota and period"):
        parse_quota("50000", "")


def test_the_list_in_status_is_found_in_its_own_line() -> None:
    assert (
        parse_allowed("Cpus_allowed:\tff\nCpus_allowed_list:\t0-3\nMems_allowed_list:\t0\n")
        == "0-3"
    )
    assert parse_allowed("Name:\tx\n") is None


def test_v1_quotas_bind_at_every_level() -> None:
    tree = (
        MachineTree.plain(cgroup="3:cpu:/a/b", mountinfo=V1_MOUNTS)
        .at(f"{CPU}/a/b", cpu_cfs__quota__us="-1", cpu_cfs__period__us="100000")
        .at(f"{CPU}/a", cpu_cfs__quota__us="150000", cpu_cfs__period__us="100000")
        .at(CPU, cpu_cfs__quota__us="400000", cpu_cfs__period__us="100000")
    )
    assert tree.numbers()[2] == 1.5


def test_a_v1_quota_without_a_period_is_passed_over() -> None:
    tree = MachineTree.plain(cgroup=V1, mountinfo=V1_MOUNTS).at(CPU, cpu_cfs__quota__us="50000")
    assert tree.numbers()[2] == 8
    assert tree.passed_over() == [f"{CPU}/cpu.cfs_quota_us"]


def test_a_v1_cpuset_binds() -> None:
    tree = MachineTree.plain(cgroup=V1, mountinfo=V1_MOUNTS).file(
        "/sys/fs/cgroup/cpuset/cpuset.effective_cpus", "1-3\n"
    )
    assert tree.numbers()[2] == 3


def test_an_empty_cpuset_is_passed_over() -> None:
    tree = MachineTree.plain(cgroup="0::/a").file("/sys/fs/cgroup/a/cpuset.cpus.effective", "\n")
    assert tree.numbers()[2] == 8
    assert tree.passed_over() == ["/sys/fs/cgroup/a/cpuset.cpus.effective"]


def test_processors_that_are_allowed_but_not_there_do_not_count() -> None:
    tree = MachineTree.plain(cpus="0-127").file("/sys/devices/system/cpu/online", "0-3\n")
    assert tree.numbers()[2] == 4


def test_a_status_without_a_list_leaves_the_other_bounds() -> None:
    tree = MachineTree.plain().file("/proc/100/status", "Name:\tapache2\n")
    tree.having(cpu_max="200000 100000")
    assert tree.numbers()[2] == 2


def test_a_garbage_list_is_passed_over() -> None:
    tree = MachineTree.plain(cpus="zero").having(cpu_max="200000 100000")
    assert tree.numbers()[2] == 2
    assert tree.passed_over() == ["/proc/100/status: Cpus_allowed_list"]


def test_no_bound_at_all_is_unknown() -> None:
    tree = MachineTree.plain().file("/proc/100/status", "")
    assert tree.detect()[0].cpus == Unknown(
        "host.cpus_effective", "nothing tells which processors there are"
    )
