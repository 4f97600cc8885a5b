from __future__ import annotations

import os
import socket
import time
from pathlib import Path

import pytest

from mpmtune.host.doorway import Absent
from mpmtune.host.kernel_calls import Mounting, Namespace, die_with_parent, mount, unshare
from mpmtune.host.private_world import in_private_world
from tests.scarcity import no_descriptors


@pytest.fixture(scope="module", autouse=True)
def _worlds_can_be_made() -> None:
    tried = in_private_world(lambda: b"", 10)
    if isinstance(tried, Absent):
        pytest.skip(f"no private world can be made here: {tried.why}")


def test_what_is_written_there_is_seen_there_and_gone_afterwards(tmp_path: Path) -> None:
    kept, made = tmp_path / "kept", tmp_path / "made"
    kept.write_text("before")

    def task() -> bytes:
        read = kept.read_bytes()
        kept.write_text("after")
        made.write_text("new")
        return read + b" " + kept.read_bytes() + b" " + made.read_bytes()

    assert in_private_world(task, 10) == b"before after new"
    assert kept.read_text() == "before"
    assert not made.exists()


def test_owners_and_modes_are_those_of_the_machine(tmp_path: Path) -> None:
    tmp_path.chmod(0o751)

    def task() -> bytes:
        status = tmp_path.stat()
        return f"{status.st_mode & 0o7777:o} {status.st_uid}".encode()

    assert in_private_world(task, 10) == f"751 {os.getuid()}".encode()


def test_its_ports_are_not_those_of_the_machine() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def task() -> bytes:
            with socket.create_server(("127.0.0.1", port)):
                return b"bound"

        assert in_private_world(task, 10) == b"bound"


@pytest.mark.parametrize("address", ["10.1.2.3", "2001:db8::1"])
def test_an_address_of_the_network_can_be_bound_and_asked(address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET

    def task() -> bytes:
        with socket.create_server((address, 0), family=family) as server:
            port = server.getsockname()[1]
            with socket.create_connection((address, port), timeout=2):
                return b"asked"

    assert in_private_world(task, 10) == b"asked"


def test_its_processes_are_its_own_and_end_with_it() -> None:
    def task() -> bytes:
        child = os.fork()
        if not child:
            time.sleep(60)
            os._exit(0)
        own = sorted(int(name) for name in os.listdir("/proc") if name.isdigit())
        return f"{os.getpid()} {own}".encode()

    began = time.monotonic()
    assert in_private_world(task, 10) == b"1 [1, 2]"
    assert time.monotonic() - began < 30


def test_a_task_that_fails_is_a_sentence() -> None:
    def task() -> bytes:
        raise ValueError("the disk is full")

    assert in_private_world(task, 10) == Absent("private world", "the disk is full")


def test_a_task_that_takes_too_long_is_ended() -> None:
    def task() -> bytes:
        time.sleep(60)
        return b""

    assert in_private_world(task, 0.2) == Absent(
        "private world", "it did not end within 0.2 seconds"
    )


def test_a_task_that_is_killed_is_told_from_one_that_ended() -> None:
    def task() -> bytes:
        os._exit(0)

    assert in_private_world(task, 10) == Absent("private world", "its process was killed")


def test_what_was_open_before_is_not_held_there(tmp_path: Path) -> None:
    with (tmp_path / "lock").open("w") as lock:
        number = lock.fileno()

        def task() -> bytes:
            return str(os.path.exists(f"/proc/self/fd/{number}")).encode()

        assert in_private_world(task, 10) == b"False"


def test_what_the_system_has_no_room_for_is_an_answer() -> None:
    with no_descriptors():
        answer = in_private_world(lambda: b"", 10)
    assert answer == Absent("private world", "Too many open files")


def test_nothing_is_left_behind() -> None:
    before = set(Path("/tmp").glob("mpmtune-world-*"))
    in_private_world(lambda: b"", 10)
    assert set(Path("/tmp").glob("mpmtune-world-*")) <= before


def test_what_the_kernel_refuses_is_an_error_with_its_number() -> None:
    with pytest.raises(OSError, match="/nonexistent"):
        mount("none", "/nonexistent", "tmpfs", Mounting.PLAIN)
    with pytest.raises(OSError, match="prctl"):
        die_with_parent(4711)
    with pytest.raises(OSError, match="unshare"):
        unshare(Namespace(0x1))
