from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpmtune.detect.instance import detect_instances, is_httpd, serves
from mpmtune.detect.process_status import parse_process_status
from mpmtune.host.doorway import Absent, Entry, EntryKind, Process
from mpmtune.model.server import Instance, StartOptions
from tests.detect.a_host import (
    CGID,
    CGID_AFTER_RESTART,
    FCGID,
    FCGID_AFTER_RESTART,
    PREFORK,
    SERVING,
    WSGI,
    WSGI_RESPAWNED,
    AHost,
    a_process,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


def _host(*processes: Process, status: dict[int, str] | None = None, **more: object) -> AHost:
    files: dict[str, str | bytes] = {"/proc/uptime": "1000.55 3000.00\n"}
    files |= {f"/proc/{pid}/status": text for pid, text in (status or {}).items()}
    return AHost(files, processes_=processes, **more)  # type: ignore[arg-type]  # test keywords


def _all(host: AHost) -> tuple[Instance, ...]:
    assert not isinstance(host.processes_, Absent)
    return detect_instances(host, host.processes_)


def _only(host: AHost) -> Instance:
    (instance,) = _all(host)
    return instance


def test_a_parent_is_found_by_its_executable_with_children_and_uptime() -> None:
    host = _host(
        a_process(1, 0, "/sbin/init"),
        a_process(10),
        a_process(12, 10),
        a_process(11, 10),
        status={11: SERVING, 12: SERVING},
    )
    assert _only(host) == Instance(
        10, "/usr/sbin/apache2", StartOptions(), (12, 11), (), uptime_seconds=900
    )


@pytest.mark.parametrize(
    ("name", "executable", "is_one"),
    [
        ("apache2", "/usr/sbin/apache2", True),
        ("httpd", "/usr/sbin/httpd", True),
        ("httpd2-prefork", "/usr/sbin/httpd2-prefork", True),
        ("httpd-event", "/usr/sbin/httpd-event", True),
        ("httpd.bin", "/opt/bitnami/apache2/bin/httpd.bin", True),
        ("apache2", "/usr/sbin/apache2 (deleted)", True),
        ("apache2", "", True),
        ("httpd", "/bin/busybox", False),
        ("apache2", "/usr/bin/perl", False),
        ("apache2buddy", "", False),
        ("lighttpd", "/usr/sbin/lighttpd", False),
        ("httpd-exporter", "/usr/bin/httpd-exporter", False),
        ("httpd-mine", "/opt/mine/httpd-mine", True),
    ],
)
def test_the_executable_decides_and_the_name_only_where_it_is_hidden(
    name: str, executable: str, is_one: bool
) -> None:
    process = Process(1, 0, name, executable, (), 0)
    assert is_httpd(process, "/opt/mine/httpd-mine") is is_one


def test_an_executable_replaced_by_an_upgrade_keeps_its_path() -> None:
    parent = Process(10, 1, "apache2", "/usr/sbin/apache2 (deleted)", (), 0)
    assert _only(_host(parent)).binary == "/usr/sbin/apache2"


def test_several_instances_are_found_in_the_order_of_their_pids() -> None:
    host = _host(
        a_process(30, 1, "/usr/sbin/apache2 -d /etc/apache2-second -k start"),
        a_process(20),
        a_process(31, 30, "/usr/sbin/apache2 -d /etc/apache2-second -k start"),
        status={31: SERVING},
    )
    assert [(one.parent_pid, one.options.server_root) for one in _all(host)] == [
        (20, None),
        (30, "/etc/apache2-second"),
    ]


def test_a_call_that_only_checks_the_configuration_is_no_instance() -> None:
    assert _all(_host(a_process(10, 1, "/usr/sbin/apache2 -t"))) == ()


def test_a_piped_logger_and_a_titled_daemon_are_helpers() -> None:
    titled = Process(12, 10, "apache2", "/usr/sbin/apache2", ("(wsgi:app)", "-k", "start"), 100)
    host = _host(
        a_process(10),
        a_process(11, 10, "/usr/bin/rotatelogs /var/log/x 86400"),
        titled,
        a_process(13, 10),
        status={11: SERVING, 12: SERVING, 13: SERVING},
    )
    instance = _only(host)
    assert (instance.child_pids, instance.helper_pids) == ((13,), (11, 12))


@pytest.mark.parametrize(
    "helper",
    [CGID, CGID_AFTER_RESTART, FCGID, FCGID_AFTER_RESTART, WSGI, WSGI_RESPAWNED],
    ids=["cgid", "cgid-restarted", "fcgid", "fcgid-restarted", "wsgi", "wsgi-respawned"],
)
@pytest.mark.parametrize("child", [SERVING, PREFORK], ids=["threaded", "prefork"])
def test_daemons_of_modules_are_told_from_children_by_their_signals(
    child: str, helper: str
) -> None:
    host = _host(
        a_process(10),
        a_process(11, 10),
        a_process(12, 10),
        a_process(13, 10),
        status={11: helper, 12: child, 13: child},
    )
    instance = _only(host)
    assert (instance.child_pids, instance.helper_pids) == ((12, 13), (11,))


def test_where_signals_tell_nothing_all_children_serve() -> None:
    host = _host(a_process(10), a_process(11, 10), status={11: "Name:\tapache2\n"})
    assert _only(host).child_pids == (11,)


def test_a_child_that_went_away_does_not_serve() -> None:
    host = _host(a_process(10), a_process(11, 10), a_process(12, 10), status={12: SERVING})
    assert _only(host).child_pids == (12,)


def test_another_namespace_is_seen_where_it_may_be_looked_at() -> None:
    links = {"/proc/self/ns/pid": "pid:[1]", "/proc/10/ns/pid": "pid:[2]"}
    assert _only(_host(a_process(10), links=links)).other_namespace
    links["/proc/10/ns/pid"] = "pid:[1]"
    assert not _only(_host(a_process(10), links=links)).other_namespace
    links |= {"/proc/self/ns/mnt": "mnt:[1]", "/proc/10/ns/mnt": "mnt:[5]"}
    assert _only(_host(a_process(10), links=links)).other_namespace
    assert not _only(_host(a_process(10))).other_namespace


class Rooted(AHost):
    """Processes with root directories: pid or ``self`` → inode."""

    roots: Mapping[str, int] = MappingProxyType({})

    def entry(self, path: str) -> Entry | Absent:
        if path.endswith("/root/."):
            inode = self.roots[path.split("/")[2]]
            return Entry(path, EntryKind.DIRECTORY, 0, 0, 0o755, 0, device=1, inode=inode)
        return super().entry(path)


@pytest.mark.parametrize(("theirs", "elsewhere"), [(2, False), (7, True)])
def test_a_tmp_of_its_own_does_not_make_a_service_a_container(theirs: int, elsewhere: bool) -> None:
    """PrivateTmp of systemd: another mount namespace, the same root directory."""
    links = {"/proc/self/ns/mnt": "mnt:[1]", "/proc/10/ns/mnt": "mnt:[5]"}
    host = Rooted(links=links, processes_=(a_process(10),))
    host.roots = {"self": 2, "10": theirs}
    assert _only(host).other_namespace is elsewhere


def test_without_an_uptime_file_the_uptime_is_not_known() -> None:
    host = _host(a_process(10))
    del host.files["/proc/uptime"]
    assert _only(host).uptime_seconds is None
    host.files["/proc/uptime"] = "garbage"
    assert _only(host).uptime_seconds is None


@settings(max_examples=100)
@given(st.binary(max_size=200))
def test_no_status_makes_it_fail(content: bytes) -> None:
    assert serves(parse_process_status(content)) in {True, False}
