"""The 30 situations in which readers of MemTotal and cpu_count go wrong, each with its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mpmtune.detect.machine import detect_machine
from tests.detect.machine_tree import (
    MIB,
    V1_MOUNTS,
    MachineTree,
    meminfo,
    numbers,
)

if TYPE_CHECKING:
    from pathlib import Path

ROOT = "/sys/fs/cgroup"
SLICE = f"{ROOT}/system.slice"
UNLIMITED_V1 = "9223372036854771712"
V1_PATHS = "4:memory:{0}\n3:cpu:{0}\n2:cpuset:{0}\n5:pids:{0}"


def mib(number: int) -> str:
    return str(number * MIB)


def plain() -> MachineTree:
    return MachineTree.plain()


SITUATIONS = {
    "01 bare metal": (plain(), (16384, 12288, 8, 127000, 8192)),
    "02 limit on the unit": (
        plain().having(
            memory_max=mib(2048), memory_current=mib(500), memory_stat=f"inactive_file {mib(100)}"
        ),
        (2048, 1648, 8, 127000, 8192),
    ),
    "03 limit on an ancestor only": (
        plain()
        .having(memory_max="max", cpu_max="max 100000", memory_current=mib(700))
        .at(
            SLICE,
            memory_max=mib(4096),
            memory_current=mib(3572),
            memory_stat=f"inactive_file {mib(500)}",
            cpu_max="200000 100000",
        ),
        (4096, 1024, 2, 127000, 8192),
    ),
    "04 leaf looser than its ancestor": (
        plain()
        .having(memory_max=mib(8192), memory_current=mib(1024))
        .at(SLICE, memory_max=mib(4096), memory_current=mib(1024)),
        (4096, 3072, 8, 127000, 8192),
    ),
    "05 memory.high below memory.max": (
        plain().having(
            memory_max=mib(4096), memory_high=mib(3072), memory_current=mib(1024), memory_stat="a 1"
        ),
        (3072, 2048, 8, 127000, 8192),
    ),
    "06 limit larger than RAM": (
        plain().having(memory_max=mib(65536), memory_current=mib(1024)),
        (16384, 12288, 8, 127000, 8192),
    ),
    "07 TasksMax": (plain().having(pids_max="512"), (16384, 12288, 8, 512, 8192)),
    "08 default TasksMax": (
        plain().file("/proc/sys/kernel/pid_max", "32768\n").having(pids_max="4915"),
        (16384, 12288, 8, 4915, 8192),
    ),
    "09 CPUQuota of 150 %": (
        plain().having(cpu_max="150000 100000"),
        (16384, 12288, 1.5, 127000, 8192),
    ),
    "10 CPUQuota of 5 %": (
        plain().having(cpu_max="5000 100000"),
        (16384, 12288, 0.05, 127000, 8192),
    ),
    "11 affinity": (MachineTree.plain(cpus="0-1"), (16384, 12288, 2, 127000, 8192)),
    "12 cpuset, affinity not narrowed": (
        plain().file(f"{SLICE}/apache2.service/cpuset.cpus.effective", "2,4-6\n"),
        (16384, 12288, 4, 127000, 8192),
    ),
    "13 docker from inside": (
        MachineTree.plain(cgroup="0::/", nofile="1048576").at(
            ROOT,
            memory_max=mib(512),
            memory_current=mib(100),
            memory_stat=f"inactive_file {mib(20)}",
            cpu_max="50000 100000",
            pids_max="max",
        ),
        (512, 432, 0.5, 127000, 1048576),
    ),
    "14 docker from the host": (
        MachineTree.plain(cgroup="0::/system.slice/docker-abc.scope").at(
            f"{SLICE}/docker-abc.scope",
            memory_max=mib(512),
            memory_current=mib(100),
            memory_stat=f"inactive_file {mib(20)}",
            cpu_max="50000 100000",
        ),
        (512, 432, 0.5, 127000, 8192),
    ),
    "15 kubernetes, limit on the pod": (
        MachineTree.plain(cgroup="0::/kubepods.slice/pod1.slice/c.scope")
        .at(f"{ROOT}/kubepods.slice/pod1.slice/c.scope", memory_max="max", memory_current=mib(500))
        .at(
            f"{ROOT}/kubepods.slice/pod1.slice",
            memory_max=mib(1024),
            memory_current=mib(500),
            cpu_max="100000 100000",
            pids_max="1024",
        ),
        (1024, 524, 1, 1024, 8192),
    ),
    "16 kubernetes requests are no limits": (
        MachineTree.plain(cgroup="0::/kubepods.slice/c.scope").at(
            f"{ROOT}/kubepods.slice/c.scope", cpu_weight="20", memory_min=mib(256)
        ),
        (16384, 12288, 8, 127000, 8192),
    ),
    "17 cgroup v1": (
        MachineTree.plain(cgroup=V1_PATHS.format("/docker/x"), mountinfo=V1_MOUNTS)
        .at(
            f"{ROOT}/memory/docker/x",
            memory_limit__in__bytes=mib(1024),
            memory_usage__in__bytes=mib(300),
            memory_stat=f"hierarchical_memory_limit {mib(1024)}\ntotal_inactive_file {mib(50)}",
        )
        .at(f"{ROOT}/cpu/docker/x", cpu_cfs__quota__us="75000", cpu_cfs__period__us="100000")
        .at(f"{ROOT}/pids/docker/x", pids_max="200"),
        (1024, 774, 0.75, 200, 8192),
    ),
    "18 cgroup v1, limit on the parent": (
        MachineTree.plain(cgroup=V1_PATHS.format("/a/b"), mountinfo=V1_MOUNTS)
        .at(
            f"{ROOT}/memory/a/b",
            memory_limit__in__bytes=UNLIMITED_V1,
            memory_usage__in__bytes=mib(100),
            memory_stat=f"hierarchical_memory_limit {mib(512)}\ntotal_inactive_file 0",
        )
        .at(
            f"{ROOT}/memory/a",
            memory_limit__in__bytes=mib(512),
            memory_usage__in__bytes=mib(200),
            memory_stat=f"hierarchical_memory_limit {mib(512)}\ntotal_inactive_file 0",
        )
        .at(f"{ROOT}/cpu/a/b", cpu_cfs__quota__us="-1", cpu_cfs__period__us="100000")
        .at(f"{ROOT}/cpu/a", cpu_cfs__quota__us="50000", cpu_cfs__period__us="100000"),
        (512, 312, 0.5, 127000, 8192),
    ),
    "19 cgroup v1 inside docker, the mount's root is the path": (
        MachineTree.plain(
            cgroup="4:memory:/docker/x",
            mountinfo=f"31 30 0:27 /docker/x {ROOT}/memory ro master:5 - cgroup cgroup rw,memory",
        ).at(
            f"{ROOT}/memory",
            memory_limit__in__bytes=mib(256),
            memory_usage__in__bytes=mib(66),
            memory_stat=f"total_inactive_file {mib(10)}",
        ),
        (256, 200, 8, 127000, 8192),
    ),
    "20 hybrid, the v2 tree is empty": (
        MachineTree.plain(
            cgroup="8:pids:/\n4:memory:/system/x\n3:cpuset:/\n1:cpu:/\n0::/",
            mountinfo=f"{V1_MOUNTS}\n50 30 0:60 / {ROOT}/unified rw - cgroup2 cgroup2 rw",
            nofile="20000",
            cpus="0-1",
        )
        .file("/proc/meminfo", "MemTotal: 24684092 kB\nMemAvailable: 24103824 kB\n")
        .file("/proc/sys/kernel/pid_max", "32768\n")
        .at(
            f"{ROOT}/memory/system/x",
            memory_limit__in__bytes=UNLIMITED_V1,
            memory_stat=f"hierarchical_memory_limit {UNLIMITED_V1}",
        )
        .at(f"{ROOT}/cpu", cpu_cfs__quota__us="-1"),
        (24105.55859375, 23538.890625, 2, 32768, 20000),
    ),
    "21 LXC with lxcfs": (
        MachineTree.plain(cgroup="0::/").file("/proc/meminfo", meminfo(2048, 1024)),
        (2048, 1024, 8, 127000, 8192),
    ),
    "22 LXC without lxcfs": (
        MachineTree.plain(cgroup="0::/").at(
            ROOT, memory_max=mib(2048), memory_current=mib(1024), memory_stat="inactive_file 0"
        ),
        (2048, 1024, 8, 127000, 8192),
    ),
    "23 reserved huge pages": (
        plain().file("/proc/meminfo", meminfo(available_mib=8192, more="HugePages_Total: 2048\n")),
        (12288, 8192, 8, 127000, 8192),
    ),
    "24 ZFS cache": (
        plain()
        .file("/proc/meminfo", meminfo(available_mib=4096))
        .file(
            "/proc/spl/kstat/zfs/arcstats",
            "13 1 0x01 123 33456 12345 67890\nname                            type data\n"
            f"hits                            4    99\nsize                            4    {mib(6144)}\n"
            f"c_min                           4    {mib(1024)}\n",
        ),
        (16384, 9216, 8, 127000, 8192),
    ),
    "25 swap is no memory": (plain(), (16384, 12288, 8, 127000, 8192)),
    "26 LimitNPROC and low nofile": (
        MachineTree.plain(nproc="100", nofile="256"),
        (16384, 12288, 8, 100, 256),
    ),
    "27 tmpfs is outside MemAvailable already": (
        plain().file("/proc/meminfo", meminfo(available_mib=6144, more="Shmem: 5242880 kB\n")),
        (16384, 6144, 8, 127000, 8192),
    ),
    "28 limit lowered below the present use": (
        plain().having(memory_max=mib(1024), memory_current=mib(1500)),
        (1024, 0, 8, 127000, 8192),
    ),
    "29 garbage in control files": (
        plain().having(memory_max="", cpu_max="abc", pids_max="-5"),
        (16384, 12288, 8, 127000, 8192),
    ),
    "30 a path outside of the mount": (
        MachineTree.plain(cgroup="0::/../../other"),
        (16384, 12288, 8, 127000, 8192),
    ),
}


@pytest.mark.parametrize("name", SITUATIONS)
def test_a_situation_has_the_right_answer(name: str) -> None:
    tree, expected = SITUATIONS[name]
    assert tree.numbers() == expected


@pytest.mark.parametrize("name", SITUATIONS)
def test_a_tree_on_disk_gives_the_same_answer(name: str, tmp_path: Path) -> None:
    tree, expected = SITUATIONS[name]
    machine, _ = detect_machine(tree.write(tmp_path), 100)
    assert numbers(machine) == expected


def test_garbage_is_named_with_its_file() -> None:
    tree, _ = SITUATIONS["29 garbage in control files"]
    unit = f"{SLICE}/apache2.service"
    assert tree.passed_over() == [f"{unit}/memory.max", f"{unit}/cpu.max", f"{unit}/pids.max"]


def test_a_group_outside_of_the_mount_is_named() -> None:
    tree, _ = SITUATIONS["30 a path outside of the mount"]
    _, unknown = tree.detect()
    why = {one.what: one.why for one in unknown}
    assert why["control group of httpd"] == (
        "it lies outside of what is mounted; only /sys/fs/cgroup counts"
    )


def test_limits_above_a_container_are_said_to_be_hidden() -> None:
    tree, _ = SITUATIONS["13 docker from inside"]
    assert "limits above the container" in {one.what for one in tree.detect()[1]}


def test_a_real_root_group_hides_nothing() -> None:
    _, unknown = MachineTree.plain(cgroup="0::/").detect()
    assert "limits above the container" not in {one.what for one in unknown}


def test_the_limit_that_binds_is_named_in_the_derivation() -> None:
    tree, _ = SITUATIONS["03 limit on an ancestor only"]
    machine, _ = tree.detect()
    assert [
        (leaf.label, leaf.evidence.source)
        for leaf in machine.memory_total.leaves()  # type: ignore[union-attr]  # known here
    ] == [
        ("MemTotal", "/proc/meminfo"),
        ("memory.max of /system.slice", f"{SLICE}/memory.max"),
    ]
