from __future__ import annotations

import os
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from mpmtune.apply.checks import Verdict, passed, refused
from mpmtune.apply.disk import Disk
from mpmtune.apply.guards import (
    comes_through,
    enough_descriptors,
    enough_tasks,
    known_to_run_or_not,
    may_be_changed,
    may_be_started,
    no_blocker,
    ports_free,
    room_for_new_children,
    room_on_disk,
    safe_places,
)
from mpmtune.apply.service import Service
from mpmtune.apply.verification import Expectation
from mpmtune.host.httpd_binary import Invocation
from mpmtune.httpd import effective
from mpmtune.model.changes import ChangeSet, FileChange, Regular
from mpmtune.model.plan import Blocker, Switch
from mpmtune.model.server import Instance, Mpm, Server, StartOptions, StatusSample
from mpmtune.model.unknown import Unknown
from tests.builders import a_machine, a_server
from tests.httpd.trees import a_tree


def test_an_httpd_that_could_not_be_looked_for_is_not_taken_for_stopped() -> None:
    name = "it is known whether httpd runs"
    assert known_to_run_or_not((Unknown("host.pids_limit", "no cgroup"),)) == passed(name)
    unseen = Unknown("httpd.running", "they cannot be listed: Too many open files")
    assert known_to_run_or_not((unseen,)) == refused(
        name, "It is not: they cannot be listed: Too many open files.", "Try again."
    )


def test_a_blocker_forbids_the_change_and_names_the_way_out() -> None:
    blocker = Blocker("php8.2", "it is not thread-safe", "Use PHP-FPM.")
    assert no_blocker(Switch(Mpm.PREFORK, Mpm.EVENT, (blocker,))) == refused(
        "nothing forbids the MPM", "php8.2: it is not thread-safe.", "Use PHP-FPM."
    )
    assert no_blocker(Switch(Mpm.PREFORK, Mpm.EVENT, ())) == passed("nothing forbids the MPM")
    assert no_blocker(None) == passed("nothing forbids the MPM")


def test_a_later_line_that_wins_is_found_before_anything_is_written() -> None:
    name = "what is written is what httpd will work with"
    values = effective.of(a_tree("Timeout 30\nKeepAliveTimeout 5\nTimeout 45\n"))
    assert comes_through({"Timeout": "45", "KeepAliveTimeout": "5"}, values) == passed(name)
    assert comes_through({"Timeout": "30"}, values) == refused(
        name,
        "/srv/httpd.conf:3 makes it Timeout 45, not 30.",
        "Remove that line: it is read after mpmtune's file and wins.",
    )
    assert (
        comes_through({"KeepAlive": "Off"}, values).why == "httpd makes it KeepAlive On, not Off."
    )


def an_instance(pid: int, **options: tuple[str, ...]) -> Instance:
    return Instance(pid, "", StartOptions(**options), (), (), 5)  # type: ignore[arg-type]


def test_an_httpd_in_a_container_or_one_that_has_ended_is_not_signalled() -> None:
    assert may_be_changed(a_server()).verdict is Verdict.PASSED
    own = an_instance(os.getpid())
    assert may_be_changed(a_server(instance=own)).verdict is Verdict.PASSED
    inside = replace(own, other_namespace=True)
    assert may_be_changed(a_server(instance=inside)).why == "It runs in a container."
    gone = an_instance(2**22 - 1)
    assert may_be_changed(a_server(instance=gone)).why == "It has just ended."


def test_an_httpd_that_something_else_keeps_is_not_stopped() -> None:
    alone = Service(Invocation("/usr/sbin/apache2"))
    plain = an_instance(7, defines=("X",))
    assert may_be_started(a_server(instance=plain), alone).verdict is Verdict.PASSED
    kept = an_instance(7, defines=("FOREGROUND",))
    assert may_be_started(a_server(instance=kept), alone).verdict is Verdict.REFUSED
    systemd = replace(alone, systemctl="/bin/systemctl", unit="apache2.service")
    assert may_be_started(a_server(instance=kept), systemd).verdict is Verdict.PASSED
    more = an_instance(7, after=("Timeout 5",))
    assert may_be_started(a_server(instance=more), alone).why == "It was started with -C or -c."


def change(path: Path, after: bytes = b"new\n", before: bytes | None = None) -> ChangeSet:
    mine = os.geteuid(), os.getegid()
    was = None if before is None else Regular(before, 0o644, *mine)
    return ChangeSet((FileChange(str(path), was, Regular(after, 0o644, *mine)),))


def test_a_file_that_another_has_changed_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "mpmtune.conf"
    assert safe_places(Disk(".spare"), change(path)).verdict is Verdict.PASSED
    path.write_bytes(b"someone else's\n")
    found = safe_places(Disk(".spare"), change(path))
    assert found.verdict is Verdict.REFUSED
    assert found.why == f"{path} has just been changed by another."


def test_a_directory_that_everybody_may_write_to_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "open"
    place.mkdir()
    place.chmod(0o777)
    found = safe_places(Disk(".spare"), change(place / "mpmtune.conf"))
    assert found.verdict is Verdict.REFUSED
    assert str(place) in found.why


def test_a_file_larger_than_the_disk_has_no_room(tmp_path: Path) -> None:
    assert room_on_disk(change(tmp_path / "a")).verdict is Verdict.PASSED
    assert room_on_disk(change(Path("/proc/a"))).verdict is Verdict.REFUSED
    assert room_on_disk(change(tmp_path / "made" / "a")).verdict is Verdict.PASSED
    missing = room_on_disk(change(tmp_path / "missing" / "above" / "a"))
    assert missing.verdict is Verdict.UNSEEN
    assert missing.why == f"{tmp_path}/missing: No such file or directory."


def test_a_port_that_another_process_holds_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        found = ports_free(a_tree(f"Listen 127.0.0.1:{port}\n"), None)
        assert found == refused(
            "every port can be listened on",
            f"Listen 127.0.0.1:{port} cannot be bound: address already in use.",
            "Take that Listen away, or end what holds the port.",
        )
        ours = Instance(os.getpid(), "", StartOptions(), (), (), 5)
        assert ports_free(a_tree(f"Listen 127.0.0.1:{port}\n"), ours).verdict is Verdict.PASSED
        everywhere = ports_free(a_tree(f"Listen {port}\n"), ours)
        assert everywhere.verdict is Verdict.REFUSED


def test_names_and_broken_listens_are_left_to_httpd() -> None:
    text = "Listen example.test:80\nListen nonsense:\n"
    assert ports_free(a_tree(text), None).verdict is Verdict.PASSED


def status(busy: int, processes: int | None) -> StatusSample:
    return StatusSample("", 60, busy, 0, None, processes, 0, None, None, None, None)


def running(mpm: Mpm, sample: StatusSample | Unknown) -> Server:
    return a_server(mpm, settings={"ServerLimit": 4, "ThreadsPerChild": 25}, status=sample)


@pytest.mark.parametrize(
    ("busy", "processes", "verdict"),
    [
        (10, 3, Verdict.PASSED),
        (10, 4, Verdict.REFUSED),
        (26, 3, Verdict.REFUSED),
        (50, 2, Verdict.PASSED),
        (10, None, Verdict.UNSEEN),
    ],
)
def test_event_needs_places_for_the_children_that_the_load_needs(
    busy: int, processes: int | None, verdict: Verdict
) -> None:
    found = room_for_new_children(running(Mpm.EVENT, status(busy, processes)))
    assert found.verdict is verdict


def test_prefork_and_worker_need_no_free_places() -> None:
    assert room_for_new_children(running(Mpm.WORKER, status(99, 4))).verdict is Verdict.PASSED
    unknown = running(Mpm.EVENT, Unknown("httpd.status", "off"))
    assert room_for_new_children(unknown).verdict is Verdict.UNSEEN


def expectation(mpm: Mpm, **values: int) -> Expectation:
    return Expectation(mpm, values, (), mpm.threaded)


def test_every_child_with_its_threads_counts_against_the_task_limit() -> None:
    event = expectation(Mpm.EVENT, ServerLimit=8, ThreadsPerChild=25)
    assert enough_tasks(event, a_machine(pids=221)).verdict is Verdict.PASSED
    assert enough_tasks(event, a_machine(pids=220)) == refused(
        "the task limit carries every child",
        "221 tasks may be needed and 220 are allowed.",
        "Raise TasksMax of the service.",
    )
    http2 = expectation(Mpm.EVENT, ServerLimit=8, ThreadsPerChild=25, H2MaxWorkers=37)
    assert enough_tasks(http2, a_machine(pids=516)).verdict is Verdict.REFUSED
    prefork = expectation(Mpm.PREFORK, MaxRequestWorkers=100)
    assert enough_tasks(prefork, a_machine(pids=104)).verdict is Verdict.REFUSED
    assert enough_tasks(event, a_machine(pids=None)).verdict is Verdict.UNSEEN


def test_the_connections_of_a_child_count_against_the_descriptor_limit() -> None:
    event = expectation(Mpm.EVENT, ThreadsPerChild=25, AsyncRequestWorkerFactor=3)
    assert enough_descriptors(event, a_machine(nofile=132)).verdict is Verdict.PASSED
    assert enough_descriptors(event, a_machine(nofile=131)) == refused(
        "the descriptor limit carries the connections of a child",
        "132 may be needed and 131 are allowed.",
        "Raise LimitNOFILE of the service.",
    )
    assert enough_descriptors(event, a_machine(nofile=None)).verdict is Verdict.UNSEEN
