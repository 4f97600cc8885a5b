from __future__ import annotations

from mpmtune.host.mounts import Mount, parse_mounts, visible

PLAIN = b"""\
22 27 0:21 / /proc rw,relatime - proc proc rw
23 27 0:22 / /sys rw,relatime shared:7 - sysfs sysfs rw
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
31 27 0:25 / /srv/two\\040words rw - xfs /dev/vdb rw
"""


def test_the_lines_of_mountinfo_are_read_with_their_escapes() -> None:
    assert parse_mounts(PLAIN) == (
        Mount(22, 27, "/proc", "proc"),
        Mount(23, 27, "/sys", "sysfs"),
        Mount(27, 1, "/", "ext4"),
        Mount(31, 27, "/srv/two words", "xfs"),
    )


def test_what_is_no_line_of_mountinfo_is_left_out() -> None:
    assert parse_mounts(b"\nnonsense\n22 27 0:21 / - proc\nx y 0:1 / /a rw - ext4 d rw\n") == ()


def test_a_mount_comes_after_the_one_that_it_lies_on() -> None:
    paths = [one.path for one in visible(parse_mounts(PLAIN))]
    assert paths == ["/", "/proc", "/sys", "/srv/two words"]


def test_of_two_mounts_at_one_place_the_upper_one_is_seen() -> None:
    root = Mount(1, 0, "/", "ext4")
    lower = Mount(2, 1, "/dev/pts", "devpts")
    upper = Mount(3, 2, "/dev/pts", "tmpfs")
    assert visible((upper, lower, root)) == (root, upper)


def test_a_mount_above_a_directory_hides_what_was_mounted_beneath_it_before() -> None:
    root = Mount(1, 0, "/", "ext4")
    inner = Mount(2, 1, "/var/log", "ext4")
    later = Mount(3, 1, "/var", "ext4")
    assert visible((root, inner, later)) == (root, later)


def test_without_a_root_nothing_is_seen() -> None:
    assert visible((Mount(2, 1, "/var", "ext4"), Mount(1, 2, "/srv", "ext4"))) == ()


def test_file_systems_of_the_kernel_are_told_from_those_of_disks() -> None:
    assert Mount(1, 0, "/sys/fs/cgroup", "cgroup2").made_by_kernel
    assert not Mount(1, 0, "/run", "tmpfs").made_by_kernel
