from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mpmtune.errors import InputError
from mpmtune.host.configuration_files import ConfigurationFiles
from mpmtune.host.doorway import Absent, Command, Entry, EntryKind
from mpmtune.host.local import LocalFiles, LocalHost, _seen
from tests.scarcity import no_descriptors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.host.doorway import Process

KERNEL = "it is a file of the kernel, not a configuration"


def why(answer: object) -> str:
    assert isinstance(answer, Absent), answer
    return answer.why


def test_a_regular_file_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * 600_000)
    assert LocalFiles().read(str(tmp_path / "a")) == b"x" * 600_000


def test_a_file_is_streamed_in_pieces(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * 600_000)
    pieces = list(LocalFiles().stream(str(tmp_path / "a")))
    assert len(pieces) > 1
    assert b"".join(pieces) == b"x" * 600_000


def test_nothing_is_streamed_from_what_is_no_file(tmp_path: Path) -> None:
    assert list(LocalFiles().stream(str(tmp_path))) == []


def test_a_missing_file_is_known_to_be_missing(tmp_path: Path) -> None:
    path = str(tmp_path / "none")
    assert LocalFiles().read(path) == Absent(path, "no such file or directory", missing=True)
    assert LocalFiles().entry(path) == Absent(path, "no such file or directory", missing=True)


def test_what_is_no_regular_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "socket"))
        started = time.monotonic()
        files = LocalFiles()
        assert why(files.read(str(tmp_path))) == "it is a directory"
        assert why(files.read(str(tmp_path / "fifo"))) == "it is a FIFO"
        assert why(files.read(str(tmp_path / "socket"))) == "it is a socket"
        assert why(files.read("/dev/zero")) == "it is a device"
        assert time.monotonic() - started < 0.5


@pytest.mark.parametrize("path", ["a\0b", "\ud800"])
def test_what_is_no_path_is_absent(path: str) -> None:
    assert why(LocalFiles().read(path)) == "it is no path"
    assert isinstance(LocalFiles().entry(path), Absent)
    assert LocalFiles("/").names(path) == []


def test_a_file_beyond_the_limit_is_refused_without_reading_it_all(tmp_path: Path) -> None:
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(5 << 30)
    assert why(LocalFiles().read(str(tmp_path / "sparse"))) == "it is larger than 16 MiB"


def test_the_limit_itself_is_allowed(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * (1 << 20))
    assert len(LocalFiles(limit=1 << 20).read(str(tmp_path / "a"))) == 1 << 20  # type: ignore[arg-type]  # bytes
    assert (
        why(LocalFiles(limit=(1 << 20) - 1).read(str(tmp_path / "a"))) == "it is larger than 0 MiB"
    )


@pytest.mark.parametrize(
    "path",
    ["/proc/meminfo", "/proc/self/environ", "/proc/kmsg", "/sys/kernel/mm", "//proc/version"],
)
def test_files_of_the_kernel_are_no_configuration(path: str, tmp_path: Path) -> None:
    (tmp_path / "link.conf").symlink_to(path)
    assert isinstance(LocalFiles().read(path), Absent)
    assert isinstance(LocalFiles().read(str(tmp_path / "link.conf")), Absent)
    assert isinstance(LocalHost().read(str(tmp_path / "link.conf")), Absent)


def test_a_host_reads_the_kernel_where_asked_by_name() -> None:
    content = LocalHost().read("/proc/meminfo")
    assert isinstance(content, bytes)
    assert content.startswith(b"MemTotal:")


def test_environments_are_never_read() -> None:
    assert why(LocalHost().read("/proc/self/environ")) == "environments are not read"
    assert list(LocalHost().stream("/proc/self/environ")) == []


def test_a_configuration_on_a_host_names_no_file_of_the_kernel(tmp_path: Path) -> None:
    (tmp_path / "a.conf").write_text("Timeout 5\n")
    files = ConfigurationFiles(LocalHost())
    assert files.read("/etc/../proc/version") == Absent("/etc/../proc/version", KERNEL)
    assert why(files.read("//proc/version")) == KERNEL
    assert list(files.stream("/proc/version")) == []
    assert files.read(str(tmp_path / "a.conf")) == b"Timeout 5\n"
    assert b"".join(files.stream(str(tmp_path / "a.conf"))) == b"Timeout 5\n"
    assert files.glob(f"{tmp_path}/*.conf") == (str(tmp_path / "a.conf"),)
    assert isinstance(files.entry("/proc/version"), Entry)


def test_an_entry_says_what_lies_there(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("123")
    (tmp_path / "file").chmod(0o640)
    (tmp_path / "link").symlink_to("file")
    os.mkfifo(tmp_path / "fifo")
    files = LocalFiles()
    file = files.entry(str(tmp_path / "file"))
    assert isinstance(file, Entry)
    assert (file.kind, file.mode, file.size, file.owner) == (EntryKind.FILE, 0o640, 3, os.geteuid())
    link = files.entry(str(tmp_path / "link"))
    assert isinstance(link, Entry)
    assert (link.kind, link.target) == (EntryKind.LINK, "file")
    for path, kind in ((tmp_path, EntryKind.DIRECTORY), (tmp_path / "fifo", EntryKind.OTHER)):
        found = files.entry(f"{path}/" if kind is EntryKind.DIRECTORY else str(path))
        assert isinstance(found, Entry)
        assert found.kind is kind
    assert isinstance(files.entry("/"), Entry)


class TestInARoot:
    @pytest.fixture
    def root(self, tmp_path: Path) -> Path:
        (tmp_path / "outside.conf").write_text("secret")
        (tmp_path / "root" / "conf").mkdir(parents=True)
        (tmp_path / "root" / "conf" / "a.conf").write_text("inside")
        (tmp_path / "root" / "conf" / "out.conf").symlink_to(tmp_path / "outside.conf")
        (tmp_path / "root" / "conf" / "in.conf").symlink_to("a.conf")
        (tmp_path / "root" / "up").symlink_to("..")
        return tmp_path / "root"

    def test_what_is_inside_is_read_through_links_too(self, root: Path) -> None:
        files = LocalFiles(str(root))
        assert files.read(f"{root}/conf/a.conf") == b"inside"
        assert files.read(f"{root}/conf/in.conf") == b"inside"

    @pytest.mark.parametrize("path", ["../outside.conf", "conf/out.conf", "up/outside.conf"])
    def test_nothing_outside_is_read(self, root: Path, path: str) -> None:
        assert "outside" in why(LocalFiles(str(root)).read(f"{root}/{path}"))

    def test_nothing_outside_is_listed_or_looked_at(self, root: Path) -> None:
        files = LocalFiles(str(root))
        assert files.glob(f"{root}/up/*.conf") == ()
        assert files.glob("/etc/*") == ()
        assert isinstance(files.entry("/etc/passwd"), Absent)
        assert isinstance(files.entry(f"{root}/up/outside.conf"), Absent)

    def test_a_directory_whose_name_begins_alike_is_outside(self, root: Path) -> None:
        (root.parent / "root2").mkdir()
        (root.parent / "root2" / "x").write_text("")
        assert isinstance(LocalFiles(str(root)).read(f"{root}2/x"), Absent)


def test_a_glob_on_disk_is_in_httpds_order(tmp_path: Path) -> None:
    for name in ("b.conf", "a.conf", "B.conf", ".hidden.conf"):
        (tmp_path / name).write_text("")
    (tmp_path / "dangling.conf").symlink_to("nowhere")
    assert LocalFiles().glob(f"{tmp_path}/*.conf") == tuple(
        f"{tmp_path}/{name}" for name in ("B.conf", "a.conf", "b.conf", "dangling.conf")
    )


def test_a_glob_bomb_ends_with_a_sentence(tmp_path: Path) -> None:
    for number in range(101):
        (tmp_path / f"{number}").mkdir()
        for below in range(101):
            (tmp_path / f"{number}" / f"{below}").touch()
    with pytest.raises(InputError, match="too many files"):
        LocalFiles().glob(f"{tmp_path}/*/*")


def test_processes_are_listed_with_this_one_among_them() -> None:
    listed = LocalHost().processes()
    assert not isinstance(listed, Absent)
    own = next(process for process in listed if process.pid == os.getpid())
    assert own.parent == os.getppid()
    assert own.started_seconds > 0


def test_command_lines_of_other_programs_stay_unread() -> None:
    listed = LocalHost().processes()
    assert not isinstance(listed, Absent)
    own = next(process for process in listed if process.pid == os.getpid())
    assert own.arguments == ()
    assert own.executable == ""


def test_the_command_line_of_an_httpd_is_read(tmp_path: Path) -> None:
    program = tmp_path / "httpd"
    program.symlink_to(sys.executable)
    # The name of a process is that of the file it was started as.
    with subprocess.Popen([program, "-c", "input()", "-k"], stdin=subprocess.PIPE) as started:
        try:
            listed = LocalHost().processes()
            assert not isinstance(listed, Absent)
            found = next(process for process in listed if process.pid == started.pid)
        finally:
            started.kill()
    assert found.name == "httpd"
    assert found.arguments == (str(program), "-c", "input()", "-k")
    assert Path(found.executable).samefile(sys.executable)


def test_only_trusted_programs_are_started(tmp_path: Path) -> None:
    program = tmp_path / "evil"
    program.write_text("#!/bin/sh\ntouch marker\n")
    program.chmod(0o777)
    answer = LocalHost().run(Command((str(program),)))
    assert why(answer) == f"everybody may write to {program}"


def test_a_program_is_started_and_answers() -> None:
    answer = LocalHost().run(Command(("/bin/echo", "hello")))
    assert not isinstance(answer, Absent)
    assert (answer.status, answer.stdout, answer.timed_out) == (0, b"hello\n", False)
    assert LocalHost().user() == os.geteuid()


def test_a_program_that_is_not_there_is_absent() -> None:
    assert "no such file" in why(LocalHost().run(Command(("/nonexistent/httpd", "-V"))))
    assert why(LocalHost().run(Command(("httpd", "-V")))) == "httpd is not an absolute path"


@pytest.fixture
def a_program() -> Iterator[Path]:
    """A directory of programs that others can reach, with python under the name of httpd."""
    directory = Path(tempfile.mkdtemp(prefix="mpmtune-host-"))
    directory.chmod(0o755)
    program = directory / "httpd"
    program.symlink_to(sys.executable)
    yield program
    shutil.rmtree(directory)


def seen(pid: int) -> Process | None:
    listed = LocalHost().processes()
    assert not isinstance(listed, Absent)
    return next((process for process in listed if process.pid == pid), None)


def test_what_is_dead_and_not_yet_buried_is_left_out(a_program: Path) -> None:
    """It has no command line, and would pass for any httpd that is looked for."""
    with subprocess.Popen([a_program, "-c", "input()"], stdin=subprocess.PIPE) as started:
        assert seen(started.pid) is not None
        started.kill()
        os.waitid(os.P_PID, started.pid, os.WEXITED | os.WNOWAIT)
        assert seen(started.pid) is None


def test_a_process_that_is_gone_is_left_out() -> None:
    import psutil

    with subprocess.Popen(["/bin/sleep", "30"]) as started:
        process = psutil.Process(started.pid)
        started.kill()
    assert _seen(process, 0.0) is None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can look as somebody else")
def test_the_executable_of_another_user_is_unknown_without_root(a_program: Path) -> None:
    """Even where the command line names a program that is there: it may name any."""
    with subprocess.Popen([a_program, "-c", "input()"], stdin=subprocess.PIPE) as started:
        os.setresuid(0, 65534, 0)
        try:
            found = seen(started.pid)
        finally:
            os.setresuid(0, 0, 0)
            started.kill()
    assert found is not None
    assert found.executable == ""
    assert found.arguments == (str(a_program), "-c", "input()")


def test_processes_that_cannot_be_listed_are_not_taken_for_none() -> None:
    with no_descriptors():
        assert why(LocalHost().processes()) == "they cannot be listed: Too many open files"
