from __future__ import annotations

import pytest

from mpmtune.detect.kernel_files import parse_keyed, parse_limit
from mpmtune.detect.memory import parse_arcstats, parse_meminfo
from mpmtune.model.quantity import Quantity, Trust
from mpmtune.model.unknown import Unknown
from tests.detect.machine_tree import MIB, MachineTree, meminfo

OVERCOMMIT = "/proc/sys/vm/overcommit_memory"


def promised(limit_mib: int, committed_mib: int) -> str:
    return f"CommitLimit: {limit_mib * 1024} kB\nCommitted_AS: {committed_mib * 1024} kB\n"


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("max\n", None),
        ("0\n", 0),
        ("536870912\n", 536870912),
        ("9223372036854771712\n", None),
        ("9223372036854710272\n", None),  # pages of 64 KiB
        ("18446744073709551615\n", None),
    ],
)
def test_a_limit_is_a_number_or_none(text: str, limit: int | None) -> None:
    assert parse_limit(text) == limit


@pytest.mark.parametrize("text", ["", "\n", "-5", "+5", "1_000", "abc", "1\n2", "٣", "5\0", "1e3"])
def test_what_is_no_limit_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="it holds no number"):
        parse_limit(text)


def test_keyed_numbers_are_read_and_the_rest_passed_over() -> None:
    assert parse_keyed("anon 5\nfile x\n\ninactive_file 7\nanon 9\n") == {
        "anon": 5,
        "inactive_file": 7,
    }


def test_meminfo_has_bytes_and_counts() -> None:
    assert parse_meminfo("MemTotal:  4 kB\nHugePages_Total:   3\nActive(anon): 1 kB\nbad\n") == {
        "MemTotal": 4096,
        "HugePages_Total": 3,
        "Active(anon)": 1024,
    }


def test_arcstats_are_read_by_their_third_column() -> None:
    assert parse_arcstats("13 1 0x01\nname type data\nsize 4 77\nc_min 4 5\n") == {
        "size": 77,
        "c_min": 5,
    }


def test_a_group_without_figures_of_its_use_counts_with_its_limit() -> None:
    assert MachineTree.plain().having(memory_max=str(100 * MIB)).numbers()[:2] == (100, 100)


def test_the_group_with_the_least_left_need_not_be_the_one_with_the_least_limit() -> None:
    tree = (
        MachineTree.plain()
        .having(memory_max=str(1000 * MIB), memory_current=str(100 * MIB))
        .at(
            "/sys/fs/cgroup/system.slice",
            memory_max=str(4000 * MIB),
            memory_current=str(3500 * MIB),
        )
    )
    assert tree.numbers()[:2] == (1000, 500)


def test_cache_beyond_the_use_is_not_given_back() -> None:
    tree = MachineTree.plain().having(
        memory_max=str(100 * MIB),
        memory_current=str(60 * MIB),
        memory_stat=f"inactive_file {70 * MIB}",
    )
    assert tree.numbers()[1] == 40


def test_a_limit_of_zero_is_a_limit() -> None:
    assert MachineTree.plain().having(memory_max="0").numbers()[:2] == (0, 0)


def test_huge_pages_of_other_sizes_count_where_the_kernel_adds_them_up() -> None:
    tree = MachineTree.plain().file(
        "/proc/meminfo", meminfo(more="HugePages_Total: 512\nHugetlb: 3145728 kB\n")
    )
    assert tree.numbers()[0] == 13312


def test_huge_pages_beyond_all_memory_are_passed_over() -> None:
    tree = MachineTree.plain().file("/proc/meminfo", meminfo(more="HugePages_Total: 99999999\n"))
    assert tree.numbers()[0] == 16384
    assert tree.passed_over() == ["/proc/meminfo: huge pages"]


@pytest.mark.parametrize(
    ("size_mib", "least_mib", "available"),
    [(6144, 1024, 17408), (1024, 6144, 12288), (65536, 0, 12288)],
)
def test_zfs_gives_back_what_is_above_its_minimum(
    size_mib: int, least_mib: int, available: int
) -> None:
    stats = f"size 4 {size_mib * MIB}\nc_min 4 {least_mib * MIB}\n"
    tree = MachineTree.plain().file("/proc/spl/kstat/zfs/arcstats", stats)
    assert tree.numbers()[1] == available


def test_an_old_kernel_has_at_least_its_free_memory() -> None:
    tree = MachineTree.plain().file("/proc/meminfo", "MemTotal: 4096 kB\nMemFree: 1024 kB\n")
    assert tree.numbers()[:2] == (4, 1)


def test_without_meminfo_memory_is_unknown_whatever_the_limit() -> None:
    tree = MachineTree.plain().having(memory_max="1000").file("/proc/meminfo", "garbage\n")
    machine, unknown = tree.detect()
    assert machine.memory_total == Unknown(
        "host.mem_total_effective_bytes", "/proc/meminfo names no MemTotal"
    )
    assert machine.memory_available == Unknown(
        "host.mem_available_bytes", "/proc/meminfo names no MemAvailable"
    )
    assert machine.memory_total in unknown
    assert machine.memory_available in unknown


def test_strict_overcommit_bounds_what_is_available() -> None:
    tree = (
        MachineTree.plain()
        .file("/proc/meminfo", meminfo(more=promised(10000, 4000)))
        .file(OVERCOMMIT, "2\n")
    )
    machine, _ = tree.detect()
    assert tree.numbers()[:2] == (16384, 6000)
    assert isinstance(machine.commit_left, Quantity)
    assert machine.commit_left.value == 6000 * MIB


@pytest.mark.parametrize("mode", ["0\n", "1\n", "x\n"])
def test_other_kinds_of_overcommit_bound_nothing(mode: str) -> None:
    tree = (
        MachineTree.plain()
        .file("/proc/meminfo", meminfo(more=promised(10, 4)))
        .file(OVERCOMMIT, mode)
    )
    assert tree.numbers()[1] == 12288
    assert tree.detect()[0].commit_left is None


def test_more_promised_than_there_is_leaves_nothing() -> None:
    tree = (
        MachineTree.plain()
        .file("/proc/meminfo", meminfo(more=promised(4000, 5000)))
        .file(OVERCOMMIT, "2\n")
    )
    assert tree.numbers()[1] == 0


def test_an_unknown_sum_of_promises_leaves_the_limit() -> None:
    tree = (
        MachineTree.plain()
        .file("/proc/meminfo", meminfo(more="CommitLimit: 4096 kB\n"))
        .file(OVERCOMMIT, "2\n")
    )
    assert tree.numbers()[1] == 4


def test_numbers_of_httpd_itself_are_measured() -> None:
    machine, _ = MachineTree.plain().having(memory_max="1000").detect()
    assert isinstance(machine.memory_total, Quantity)
    assert machine.memory_total.trust is Trust.MEASURED
