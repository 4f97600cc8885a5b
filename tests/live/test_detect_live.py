"""detect on a httpd that really runs: what it says is what httpd itself and the kernel say."""

from __future__ import annotations

import os
import re
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from mpmtune.detect.choice import Choice
from mpmtune.detect.facts import detect_facts
from mpmtune.host.open_host import open_host
from mpmtune.model.server import Build, Children, Linkage, Mpm, Server, StatusSample
from tests.live.private_httpd import PrivateHttpd, binary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.facts import Facts

pytestmark = pytest.mark.httpd

STATUS = '<Location "/server-status">\nSetHandler server-status\n</Location>\n'
SIZES = {
    Mpm.PREFORK: "ServerLimit 9\nMaxRequestWorkers 7\nStartServers 3\nMinSpareServers 2\nMaxSpareServers 5\n",
    Mpm.WORKER: "ServerLimit 5\nThreadsPerChild 6\nMaxRequestWorkers 24\nStartServers 2\nMinSpareThreads 6\nMaxSpareThreads 24\n",
    Mpm.EVENT: "ServerLimit 5\nThreadsPerChild 6\nMaxRequestWorkers 26\nStartServers 2\nMinSpareThreads 6\nMaxSpareThreads 24\n",
}
COMPARED = (
    "ServerLimit",
    "ThreadLimit",
    "ThreadsPerChild",
    "MinSpareServers",
    "MaxSpareServers",
    "MinSpareThreads",
    "MaxSpareThreads",
    "MaxConnectionsPerChild",
    "MaxKeepAliveRequests",
)


def detected(httpd: PrivateHttpd) -> Facts:
    return detect_facts(open_host(None), Choice(conf=str(httpd.conf)))


def server_of(facts: Facts) -> Server:
    assert isinstance(facts.server, Server)
    return facts.server


def asked(httpd: PrivateHttpd, question: str) -> str:
    said = subprocess.run(
        [binary(), "-f", str(httpd.conf), question],
        check=True,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=20,
    )
    return said.stdout


@pytest.fixture(scope="module", params=list(Mpm), ids=lambda mpm: mpm.value)
def running(request: pytest.FixtureRequest) -> Iterator[PrivateHttpd]:
    mpm: Mpm = request.param
    with PrivateHttpd(mpm, SIZES[mpm] + STATUS, ("status", "cgid")) as httpd:
        httpd.directives += f'ScriptSock "{httpd.root}/cgid.sock"\n'
        httpd.start()
        yield httpd


def test_mpm_modules_and_version_agree_with_httpd(running: PrivateHttpd) -> None:
    server = server_of(detected(running))
    listed = re.findall(r"^ (\w+) \((\w+)\)$", asked(running, "-M"), re.MULTILINE)
    version = asked(running, "-V")
    assert isinstance(server.modules, tuple)
    assert [(one.name, one.linkage.value) for one in server.modules] == listed
    assert server.mpm is running.mpm
    assert re.search(rf"^Server MPM: +{running.mpm.value}$", version, re.MULTILINE)
    assert server.mpm_linkage is Linkage.SHARED
    assert isinstance(server.build, Build)
    assert f"Apache/{server.build.version}" in version
    assert server.build.binary == os.path.realpath(binary())


def test_the_parent_its_children_and_its_helpers_are_told_apart(running: PrivateHttpd) -> None:
    server = server_of(detected(running))
    assert server.instance is not None
    assert server.instance.parent_pid == running.pid
    both = {*server.instance.child_pids, *server.instance.helper_pids}
    assert both == set(running.children())
    assert len(server.instance.helper_pids) == 1, "cgid's daemon"
    assert isinstance(server.children, Children)
    assert server.children.count == len(running.children()) - 1
    assert server.children.threads_per_child == (6 if running.mpm.threaded else 1)


def test_memory_is_that_of_the_kernel(running: PrivateHttpd) -> None:
    server = server_of(detected(running))
    assert isinstance(server.children, Children)
    for child in server.children.samples:
        assert child.pss is not None
        assert child.uss is not None
        assert 0 < child.uss <= child.pss <= child.rss <= child.peak_rss
        assert child.tasks == (8 if running.mpm.threaded else 1)
    assert server.httpd_pss is not None
    assert server.httpd_pss.value > sum(child.pss or 0 for child in server.children.samples)


def test_effective_values_are_those_that_httpd_works_with(running: PrivateHttpd) -> None:
    server = server_of(detected(running))
    values = running.values()
    found = {one.directive: one.value for one in server.settings}
    compared = [name for name in COMPARED if name in found]
    assert {name: found[name] for name in compared} == {name: values[name] for name in compared}
    threads = values["ThreadsPerChild"] if running.mpm.threaded else 1
    assert found["MaxRequestWorkers"] == values["children"] * threads
    assert len(compared) == (7 if running.mpm.threaded else 5)


def test_mod_status_answers_for_this_server(running: PrivateHttpd) -> None:
    status = server_of(detected(running)).status
    assert isinstance(status, StatusSample)
    assert status.url == f"http://127.0.0.1:{running.port}/server-status?auto"
    assert status.busy_workers >= 1


def test_httpd_reads_its_configuration_as_we_do(running: PrivateHttpd) -> None:
    messages = [remark.message for remark in detected(running).remarks]
    assert not any("otherwise than mpmtune" in message for message in messages)
    expected = running.mpm is Mpm.EVENT  # 26 is no multiple of 6
    assert any("AH00513" in message for message in messages) is expected


def test_helpers_are_told_apart_after_a_restart_too(running: PrivateHttpd) -> None:
    before = set(running.children())
    running.reload(running.directives, graceful=False)
    deadline = time.monotonic() + 10
    while before & set(running.children()) and time.monotonic() < deadline:
        time.sleep(0.05)
    instance = server_of(detected(running)).instance
    assert instance is not None
    assert len(instance.helper_pids) == 1
    assert len(instance.child_pids) == len(running.children()) - 1


def test_a_child_that_has_answered_much_has_worked() -> None:
    with PrivateHttpd(Mpm.PREFORK, SIZES[Mpm.PREFORK] + STATUS, ("status",)) as httpd:
        httpd.start()
        assert not _children(httpd).worked
        deadline = time.monotonic() + 60
        while not _children(httpd).worked and time.monotonic() < deadline:
            for _ in range(300):
                httpd.get("/server-status?auto")
        assert _children(httpd).worked


def _children(httpd: PrivateHttpd) -> Children:
    children = server_of(detected(httpd)).children
    assert isinstance(children, Children)
    return children


def test_an_mpm_that_was_changed_in_the_file_does_not_run_yet() -> None:
    with PrivateHttpd(Mpm.EVENT, STATUS, ("status",)) as httpd:
        httpd.start()
        httpd.mpm = Mpm.WORKER
        httpd.write()
        facts = detected(httpd)
        server = server_of(facts)
        assert (server.mpm, server.configured_mpm) == (Mpm.EVENT, Mpm.WORKER)
        assert server.mpm_found_by == f"/proc/{httpd.pid}/maps"
        assert any("now loads worker" in remark.message for remark in facts.remarks)


def test_a_configuration_broken_after_the_start_is_told() -> None:
    with PrivateHttpd(Mpm.WORKER, "", ("status",)) as httpd:
        httpd.start()
        httpd.directives = "Bogus On"
        httpd.write()
        facts = detected(httpd)
        assert server_of(facts).mpm is Mpm.WORKER
        assert facts.remarks[0].severity == "error"
        assert "Invalid command 'Bogus'" in facts.remarks[0].message


def test_a_stopped_httpd_is_described_from_its_files() -> None:
    with PrivateHttpd(Mpm.PREFORK, SIZES[Mpm.PREFORK], ("status",)) as httpd:
        httpd.write()
        server = server_of(detected(httpd))
        assert server.instance is None
        assert (server.mpm, server.mpm_found_by) == (Mpm.PREFORK, "httpd -M")
        workers = server.setting("MaxRequestWorkers")
        assert workers is not None
        assert workers.value == 7


def test_two_mpms_are_told_with_httpds_own_sentence() -> None:
    with PrivateHttpd(Mpm.EVENT, "", ("mpm_worker",)) as httpd:
        httpd.write()
        facts = detected(httpd)
        assert not isinstance(server_of(facts).mpm, Mpm)
        assert "AH00534: Configuration error: More than one MPM loaded." in facts.remarks[0].message


def test_two_servers_with_their_own_files_are_told_apart() -> None:
    with PrivateHttpd(Mpm.EVENT, "") as one, PrivateHttpd(Mpm.PREFORK, "") as other:
        one.start()
        other.start()
        for httpd in (one, other):
            facts = detected(httpd)
            server = server_of(facts)
            assert server.instance is not None
            assert (server.instance.parent_pid, server.mpm) == (httpd.pid, httpd.mpm)
            assert {one.pid, other.pid} <= {found.parent_pid for found in facts.instances}
