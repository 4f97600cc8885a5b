from __future__ import annotations

import pytest

from mpmtune.detect.cgroup import (
    NO_LEVELS,
    Membership,
    Mount,
    find_levels,
    parse_memberships,
    parse_mounts,
)

V2 = Mount(2, frozenset(), "/", "/sys/fs/cgroup")
MEMORY = Mount(1, frozenset({"rw", "memory"}), "/", "/sys/fs/cgroup/memory")


def directories(controller: str, paths: str, *mounts: Mount) -> list[str]:
    levels = find_levels(controller, parse_memberships(paths), mounts)
    return [group.directory for group in levels.groups]


def test_a_line_of_several_controllers_is_read() -> None:
    assert parse_memberships("3:cpu,cpuacct:/a\n0::/b\n") == (
        Membership(frozenset({"cpu", "cpuacct"}), "/a"),
        Membership(frozenset(), "/b"),
    )


def test_a_path_may_hold_colons_and_blanks() -> None:
    assert parse_memberships("0::/a:b c\n")[0].path == "/a:b c"


@pytest.mark.parametrize("line", ["", "0:/x", "garbage", "0::relative", "::"])
def test_a_line_that_is_none_is_passed_over(line: str) -> None:
    assert parse_memberships(line) == ()


def test_a_mount_is_known_by_its_type_and_not_by_a_word_in_it() -> None:
    assert parse_mounts(
        "24 1 0:21 / /sys/fs/cgroup rw - tmpfs cgroup rw,memory\n"
        "25 1 0:22 / /srv/cgroup rw - ext4 /dev/sda rw,memory\n"
        "26 1 0:23 / /cg rw,relatime shared:1 master:2 - cgroup none rw,memory\n"
    ) == (Mount(1, frozenset({"rw", "memory"}), "/", "/cg"),)


def test_escapes_in_root_and_mount_point_are_resolved() -> None:
    assert parse_mounts(r"1 2 0:3 /a\040b /mnt/c\134d\011e rw - cgroup2 none rw") == (
        Mount(2, frozenset(), "/a b", "/mnt/c\\d\te"),
    )


@pytest.mark.parametrize("line", ["", "1 2 3 - cgroup2", "a b c d e f", " - cgroup x rw"])
def test_a_mount_line_that_is_too_short_is_passed_over(line: str) -> None:
    assert parse_mounts(line) == ()


def test_a_mount_line_without_options_names_no_controller() -> None:
    assert parse_mounts("1 2 0:3 / /cg rw - cgroup none") == (
        Mount(1, frozenset({""}), "/", "/cg"),
    )


def test_the_walk_goes_from_the_own_group_up_to_the_mount() -> None:
    assert directories("memory", "0::/a/b", V2) == [
        "/sys/fs/cgroup/a/b",
        "/sys/fs/cgroup/a",
        "/sys/fs/cgroup",
    ]


def test_a_controller_mounted_as_v1_is_read_there() -> None:
    paths = "4:memory:/m\n0::/u"
    assert directories("memory", paths, V2, MEMORY) == [
        "/sys/fs/cgroup/memory/m",
        "/sys/fs/cgroup/memory",
    ]
    assert directories("pids", paths, V2, MEMORY) == ["/sys/fs/cgroup/u", "/sys/fs/cgroup"]


def test_a_v1_line_without_a_mount_leaves_the_v2_hierarchy() -> None:
    assert directories("memory", "4:memory:/m\n0::/u", V2) == ["/sys/fs/cgroup/u", "/sys/fs/cgroup"]


def test_nothing_mounted_means_no_levels() -> None:
    assert find_levels("memory", parse_memberships("0::/a"), ()) == NO_LEVELS


def test_the_root_of_a_mount_is_stripped_off_whole_components_only() -> None:
    inside = Mount(2, frozenset(), "/docker/x", "/cg")
    assert directories("memory", "0::/docker/x/sub", inside) == ["/cg/sub", "/cg"]
    outside = find_levels("memory", parse_memberships("0::/docker/xy"), (inside,))
    assert [group.directory for group in outside.groups] == ["/cg"]
    assert not outside.complete


def test_dots_are_never_followed() -> None:
    levels = find_levels("memory", parse_memberships("0::/a/../../b"), (V2,))
    assert [group.directory for group in levels.groups] == ["/sys/fs/cgroup"]
    assert not levels.complete


def test_a_mount_that_shows_the_process_is_preferred_to_one_that_does_not() -> None:
    other = Mount(2, frozenset(), "/other", "/aaa")
    assert directories("memory", "0::/x", other, V2) == ["/sys/fs/cgroup/x", "/sys/fs/cgroup"]


def test_each_mount_that_shows_the_process_counts() -> None:
    again = Mount(2, frozenset(), "/x", "/again")
    assert directories("memory", "0::/x", V2, again) == [
        "/again",
        "/sys/fs/cgroup/x",
        "/sys/fs/cgroup",
    ]


def test_a_mount_at_the_root_of_the_file_system_has_no_double_slash() -> None:
    levels = find_levels("memory", parse_memberships("0::/a"), (Mount(2, frozenset(), "/", "/"),))
    assert [group.file("memory.max") for group in levels.groups] == ["/a/memory.max", "/memory.max"]
