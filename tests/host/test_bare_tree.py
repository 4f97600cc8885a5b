from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from mpmtune.host.bare_tree import BareTree, beneath
from mpmtune.host.doorway import Absent, Command, Entry, Process

if TYPE_CHECKING:
    from pathlib import Path

STAT = "{pid} ({name}) S {parent} 1 1 0 -1 4194560 1 0 0 0 1 2 0 0 20 0 1 0 {start} 99 100\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "tree"
    (root / "proc" / "100").mkdir(parents=True)
    (root / "etc").mkdir()
    (tmp_path / "outside").write_text("secret")
    return root


def a_process(tree: Path, pid: int, **files: str) -> None:
    (tree / "proc" / str(pid)).mkdir(exist_ok=True)
    for name, text in files.items():
        (tree / "proc" / str(pid) / name).write_bytes(os.fsencode(text))


def test_paths_are_those_of_the_machine(tree: Path) -> None:
    (tree / "etc" / "a").write_text("x")
    host = BareTree(str(tree))
    assert host.read("/etc/a") == b"x"
    assert host.read("etc/../etc/a") == b"x"
    assert host.glob("/etc/*") == ("/etc/a",)
    assert b"".join(host.stream("/etc/a")) == b"x"


@pytest.mark.parametrize(
    "target", ["../../outside", "../../../outside", "/outside", "/../../outside"]
)
def test_links_lead_no_further_than_the_directory(tree: Path, target: str) -> None:
    (tree / "etc" / "link").symlink_to(target)
    assert isinstance(BareTree(str(tree)).read("/etc/link"), Absent)


def test_a_link_to_the_real_file_outside_is_resolved_inside(tree: Path, tmp_path: Path) -> None:
    (tree / "etc" / "link").symlink_to(tmp_path / "outside")
    (tree / "etc" / "folder").symlink_to(tmp_path)
    host = BareTree(str(tree))
    assert isinstance(host.read("/etc/link"), Absent)
    assert isinstance(host.read("/etc/folder/outside"), Absent)
    assert host.glob("/etc/folder/*") == ()
    assert isinstance(host.entry("/etc/folder/outside"), Absent)


def test_absolute_links_of_the_machine_work(tree: Path) -> None:
    (tree / "etc" / "a").write_text("x")
    (tree / "etc" / "b").symlink_to("/etc/a")
    assert BareTree(str(tree)).read("/etc/b") == b"x"
    entry = BareTree(str(tree)).entry("/etc/b")
    assert isinstance(entry, Entry)
    assert entry.target == "/etc/a"


def test_links_in_a_circle_are_absent(tree: Path) -> None:
    (tree / "etc" / "a").symlink_to("b")
    (tree / "etc" / "b").symlink_to("a")
    assert BareTree(str(tree)).read("/etc/a") == Absent(
        "/etc/a", "too many levels of symbolic links"
    )


def test_a_resolved_path_holds_no_dots(tree: Path) -> None:
    assert beneath(str(tree), "/a/./b/../../../c") == f"{tree}/c"


def test_a_device_in_a_tree_is_not_opened(tree: Path) -> None:
    os.mkfifo(tree / "etc" / "fifo")
    assert BareTree(str(tree)).read("/etc/fifo") == Absent("/etc/fifo", "it is a FIFO")


def test_a_configuration_cannot_lead_to_the_kernels_files(tree: Path) -> None:
    (tree / "proc" / "version").write_text("x")
    (tree / "etc" / "a.conf").symlink_to("/proc/version")
    host = BareTree(str(tree))
    assert host.read("/proc/version") == b"x"
    assert isinstance(host.read("/etc/a.conf"), Absent)


def test_a_tree_has_no_process_that_asks(tree: Path) -> None:
    (tree / "proc" / "self").symlink_to("100")
    a_process(tree, 100, limits="x")
    answer = BareTree(str(tree)).read("/proc/self/limits")
    assert isinstance(answer, Absent)
    assert answer.missing


def test_nothing_is_started_and_nobody_asked(tree: Path) -> None:
    host = BareTree(str(tree))
    assert isinstance(host.run(Command(("/bin/true",))), Absent)
    assert isinstance(host.loopback_get(80, "/"), Absent)
    assert host.user() == 0


def test_processes_are_read_from_whichever_file_is_there(tree: Path) -> None:
    a_process(
        tree,
        100,
        stat=STAT.format(pid=100, name="apache2", parent=1, start=12345),
        cmdline="/usr/sbin/apache2\0-k\0start\0",
    )
    (tree / "proc" / "100" / "exe").symlink_to("/usr/sbin/apache2")
    a_process(tree, 101, status="Name:\tapache2\nPPid:\t100\n")
    a_process(tree, 102, comm="mariadbd\n", cmdline="/usr/sbin/mariadbd\0--password=x\0")
    a_process(tree, 103, limits="")
    (tree / "proc" / "sys").mkdir()
    assert BareTree(str(tree)).processes() == (
        Process(100, 1, "apache2", "/usr/sbin/apache2", ("/usr/sbin/apache2", "-k", "start"), 123),
        Process(101, 100, "apache2", "", (), 0),
        Process(102, 0, "mariadbd", "", (), 0),
    )


@pytest.mark.parametrize("name", ["a) S 7 (b", "\x1b[2J", "\udcff", ") ("])
def test_a_name_may_hold_anything(tree: Path, name: str) -> None:
    a_process(tree, 100, stat=STAT.format(pid=100, name=name, parent=7, start=0))
    listed = BareTree(str(tree)).processes()
    assert not isinstance(listed, Absent)
    assert (listed[0].name, listed[0].parent) == (name, 7)


def test_a_stat_cut_short_has_no_start(tree: Path) -> None:
    a_process(tree, 100, stat="100 (httpd) S 1 2", cmdline="")
    listed = BareTree(str(tree)).processes()
    assert listed == (Process(100, 1, "httpd", "", (), 0),)


def test_garbage_is_no_process(tree: Path) -> None:
    a_process(tree, 100, stat="garbage", status="", comm="")
    assert BareTree(str(tree)).processes() == ()


def test_without_proc_processes_are_absent(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    assert BareTree(str(tmp_path)).processes() == Absent("/proc", "the directory holds no proc/")
