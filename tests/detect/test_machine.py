"""From where the limits are seen, and what holds for every machine."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpmtune.detect.machine import detect_machine
from mpmtune.host.doorway import Absent
from mpmtune.model.quantity import Quantity, Trust
from tests.detect.machine_tree import (
    MIB,
    V2_MOUNT,
    MachineTree,
    MemoryHost,
    meminfo,
    numbers,
)
from tests.detect.test_systemd_unit import a_systemd

if TYPE_CHECKING:
    from mpmtune.model.machine import Machine

DEBIAN = 'ID=debian\nPRETTY_NAME="Debian"\n'
KERNEL = {
    "/proc/meminfo": meminfo(),
    "/proc/sys/kernel/pid_max": "4194304\n",
    "/proc/sys/kernel/threads-max": "127000\n",
    "/sys/devices/system/cpu/online": "0-7\n",
    "/proc/self/mountinfo": V2_MOUNT + "\n",
}
OURS = {
    "/proc/self/cgroup": "0::/user.slice\n",
    "/proc/self/status": "Cpus_allowed_list:\t0-3\n",
    "/proc/self/limits": "Max processes 5000 5000 processes\nMax open files 1024 1024 files\n",
    "/sys/fs/cgroup/user.slice/memory.max": f"{1024 * MIB}\n",
}


def stopped(host: MemoryHost) -> Machine:
    return detect_machine(host, None)[0]


def value(quantity: object) -> object:
    assert isinstance(quantity, Quantity)
    return quantity.value


def trust(quantity: object) -> Trust:
    assert isinstance(quantity, Quantity)
    return quantity.trust


def test_our_own_limits_are_not_those_of_a_running_httpd() -> None:
    tree = MachineTree.plain()
    tree.files |= OURS
    assert tree.numbers() == (16384, 12288, 8, 127000, 8192)


def test_groups_are_looked_up_in_our_own_mounts() -> None:
    tree = MachineTree.plain(
        cgroup="0::/system.slice/docker-abc.scope",
        mountinfo=(
            "30 23 0:26 /system.slice/docker-abc.scope /sys/fs/cgroup ro - cgroup2 cgroup ro"
        ),
    )
    tree.file("/proc/self/mountinfo", V2_MOUNT + "\n").at(
        "/sys/fs/cgroup/system.slice/docker-abc.scope", memory_max=str(512 * MIB)
    )
    assert tree.numbers()[0] == 512


def test_a_stopped_httpd_has_the_limits_of_its_unit_and_of_the_slices_above() -> None:
    host = a_systemd(
        httpd__service=(
            "LoadState=loaded\nSlice=system.slice\nMemoryMax=2147483648\nTasksMax=512\n"
            "CPUQuotaPerSecUSec=1.500000s\nLimitNOFILESoft=4096\n"
        ),
        system__slice="MemoryMax=infinity\n",
    )
    slice_ = {"/sys/fs/cgroup/system.slice/pids.max": "300\n"}
    host.files |= KERNEL | OURS | slice_
    machine = stopped(host)
    assert numbers(machine) == (2048, 2048, 1.5, 300, 4096)
    assert trust(machine.memory_total) is Trust.DECLARED


def test_debians_apache2ctl_sets_the_descriptors_whatever_the_unit_says() -> None:
    host = a_systemd(
        apache2__service="LoadState=loaded\nSlice=system.slice\nLimitNOFILESoft=524288\n",
        system__slice="",
    )
    host.files |= KERNEL | {"/etc/os-release": DEBIAN}
    machine = stopped(host)
    assert value(machine.nofile_limit) == 8192
    assert trust(machine.nofile_limit) is Trust.DOCUMENTED


@pytest.mark.parametrize(
    ("line", "nofile"),
    [
        ("export APACHE_ULIMIT_MAX_FILES='ulimit -n 65536'\n", 65536),
        ('APACHE_ULIMIT_MAX_FILES="ulimit -Hn 4096"\n', 4096),
        ("#APACHE_ULIMIT_MAX_FILES='ulimit -n 65536'\n", 8192),
        ("APACHE_ULIMIT_MAX_FILES=true\n", 1024),
    ],
)
def test_envvars_can_choose_the_descriptors(line: str, nofile: int) -> None:
    more = {"/etc/os-release": DEBIAN, "/etc/apache2/envvars": line}
    assert value(stopped(MemoryHost(files=KERNEL | OURS | more)).nofile_limit) == nofile


def test_without_a_unit_our_own_limits_are_assumed() -> None:
    machine = stopped(MemoryHost(files=KERNEL | OURS))
    assert numbers(machine) == (1024, 1024, 4, 5000, 1024)
    assert trust(machine.memory_total) is Trust.ASSUMED
    assert isinstance(machine.cpus, Quantity)
    assert [
        one.evidence.measure
        for one in machine.cpus.leaves()
        if one.evidence is not None and one.evidence.measure
    ] == ["start httpd, ask again"]


def test_unreadable_groups_of_httpd_are_no_crash() -> None:
    tree = MachineTree.plain()
    del tree.files["/proc/100/cgroup"]
    assert tree.numbers() == (16384, 12288, 8, 127000, 8192)


def test_a_file_that_may_not_be_read_is_named_and_counts_as_no_limit() -> None:
    class Forbidding(MemoryHost):
        def read(self, path: str) -> bytes | Absent:
            return Absent(path, "permission denied") if "memory" in path else super().read(path)

    tree = MachineTree.plain().having(memory_max="1000")
    machine, unknown = detect_machine(Forbidding(files=tree.files), 100)
    assert numbers(machine)[0] == 16384
    assert "permission denied; it counts as no limit" in {one.why for one in unknown}


def test_an_empty_machine_is_unknown_in_every_field() -> None:
    machine, unknown = detect_machine(MemoryHost(), 100)
    assert {one.what for one in unknown} == {
        "host.mem_total_effective_bytes",
        "host.mem_available_bytes",
        "host.cpus_effective",
        "host.pids_limit",
        "host.nofile_limit",
        "host.somaxconn",
        "host.distro",
        "host.virtualization",
    }
    assert machine.commit_left is None


# What holds for every machine -------------------------------------------------------------------

GROUPS = ("", "/a", "/a/b", "/a/b/c")
SIZES = st.integers(0, 20_000).map(lambda mib: str(mib * MIB))
CONTROLS = {
    "memory.max": SIZES,
    "memory.high": SIZES,
    "memory.current": SIZES,
    "memory.stat": SIZES.map("inactive_file {}".format),
    "pids.max": st.integers(0, 200_000).map(str),
    "cpu.max": st.integers(1, 1_600_000).map("{} 100000".format),
    "cpuset.cpus.effective": st.integers(0, 15).map("0-{}".format),
}
LIMITS = ("memory.max", "memory.high", "pids.max", "cpu.max", "cpuset.cpus.effective")
GARBAGE = st.sampled_from(
    ["", "max", "abc", "-5", "1e9", "٣٣", "\x00", "\x1b[2J", "5 5", "0 0", "9" * 30, "1,0"]
)


@st.composite
def hierarchies(draw: st.DrawFn) -> dict[str, str | bytes]:
    files: dict[str, str | bytes] = {}
    for group in GROUPS:
        for control in draw(st.sets(st.sampled_from(sorted(CONTROLS)), max_size=5)):
            files[f"/sys/fs/cgroup{group}/{control}"] = draw(CONTROLS[control]) + "\n"
    return files


PLACES = st.tuples(st.sampled_from(GROUPS), st.sampled_from(LIMITS))


def path_of(place: tuple[str, str]) -> str:
    return f"/sys/fs/cgroup{place[0]}/{place[1]}"


def answers(files: dict[str, str | bytes], mountinfo: str = V2_MOUNT) -> tuple[float, ...]:
    tree = MachineTree.plain(cgroup="0::/a/b/c", mountinfo=mountinfo)
    tree.files |= files
    return tree.numbers()


def number(content: str) -> Fraction:
    """A limit as a number that grows as it loosens."""
    words = content.split()
    if content.startswith("0-"):
        return Fraction(content[2:])
    return Fraction(int(words[0]), int(words[1])) if len(words) > 1 else Fraction(words[0])


@settings(max_examples=300, deadline=None)
@given(hierarchies(), PLACES)
def test_a_looser_limit_at_any_level_changes_nothing(
    files: dict[str, str | bytes], place: tuple[str, str]
) -> None:
    path = path_of(place)
    files.pop(path, None)
    loosest = {
        "memory.max": str(1 << 50),
        "memory.high": str(1 << 50),
        "pids.max": "4194304",
        "cpu.max": "9999999 100000",
        "cpuset.cpus.effective": "0-511",
    }
    assert answers(files | {path: loosest[place[1]]}) == answers(files)


@settings(max_examples=300, deadline=None)
@given(hierarchies(), PLACES, st.data())
def test_tightening_one_level_raises_no_answer(
    files: dict[str, str | bytes], place: tuple[str, str], data: st.DataObject
) -> None:
    path = path_of(place)
    tighter = data.draw(CONTROLS[place[1]])
    before = files.get(path)
    if isinstance(before, str) and number(tighter) > number(before.strip()):
        tighter = before
    assert all(
        after <= earlier
        for after, earlier in zip(answers(files | {path: tighter}), answers(files), strict=True)
    )


@settings(max_examples=100, deadline=None)
@given(hierarchies(), st.permutations([0, 1, 2, 3]))
def test_the_order_of_mount_lines_is_irrelevant(
    files: dict[str, str | bytes], order: list[int]
) -> None:
    lines = [
        V2_MOUNT,
        "31 23 0:27 /other /mnt/cg rw - cgroup2 cgroup2 rw",
        "32 23 0:28 / /proc rw - proc proc rw",
        "33 23 0:29 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory",
    ]
    shuffled = "\n".join(lines[at] for at in order)
    assert answers(files, shuffled) == answers(files, V2_MOUNT)


@settings(max_examples=300, deadline=None)
@given(hierarchies(), PLACES, GARBAGE)
def test_garbage_is_no_crash_and_never_a_larger_answer(
    files: dict[str, str | bytes], place: tuple[str, str], garbage: str
) -> None:
    path = path_of(place)
    without = {key: said for key, said in files.items() if key != path}
    assert all(
        after <= before
        for after, before in zip(answers(files | {path: garbage}), answers(without), strict=True)
    )


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(
            [
                *(f"/proc/100/{name}" for name in ("cgroup", "mountinfo", "status", "limits")),
                "/proc/meminfo",
                "/proc/self/mountinfo",
                "/proc/spl/kstat/zfs/arcstats",
                "/proc/sys/kernel/pid_max",
                "/proc/sys/vm/overcommit_memory",
                "/etc/os-release",
                "/proc/cpuinfo",
                "/sys/fs/cgroup/memory.stat",
            ]
        ),
        st.binary(max_size=200),
    )
)
def test_no_content_of_any_file_is_a_crash(files: dict[str, str | bytes]) -> None:
    tree = MachineTree.plain().having(memory_max="1000")
    tree.files |= files
    tree.detect()
