from __future__ import annotations

import pytest

from mpmtune.detect.distro import detect_distro, parse_os_release
from mpmtune.model.machine import Distro
from mpmtune.model.unknown import Unknown
from tests.detect.machine_tree import MemoryHost

DEBIAN = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_ID="12"\nID=debian\n'


def test_os_release_is_read() -> None:
    text = 'NAME=\'Rocky\'\nID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID=9.4\n'
    assert parse_os_release(text) == Distro("rocky", "9.4", ("rhel", "centos", "fedora"), "Rocky")


def test_escapes_are_undone_and_what_needs_a_shell_is_passed_over() -> None:
    text = 'PRETTY_NAME="a \\"b\\" \\$c"\nID=$(id)\nVERSION_ID=`id`\nbad line\n'
    assert parse_os_release(text) == Distro("", "", (), 'a "b" $c')


@pytest.mark.parametrize("path", ["/etc/os-release", "/usr/lib/os-release"])
def test_either_file_will_do(path: str) -> None:
    distro = detect_distro(MemoryHost(files={path: DEBIAN}))
    assert distro == Distro("debian", "12", (), "Debian GNU/Linux 12 (bookworm)")


def test_the_second_file_counts_where_the_first_says_nothing() -> None:
    host = MemoryHost(files={"/etc/os-release": "\n", "/usr/lib/os-release": DEBIAN})
    assert detect_distro(host) == Distro("debian", "12", (), "Debian GNU/Linux 12 (bookworm)")


def test_no_file_is_unknown() -> None:
    assert detect_distro(MemoryHost()) == Unknown(
        "host.distro", "neither /etc/os-release nor /usr/lib/os-release names it"
    )


def test_bytes_that_are_no_text_do_not_matter() -> None:
    distro = detect_distro(MemoryHost(files={"/etc/os-release": b'ID=x\nNAME="\xff"\n'}))
    assert distro == Distro("x", "", (), "\udcff")
