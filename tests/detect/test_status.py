from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpmtune.detect.status import detect_status, parse_status
from mpmtune.host.doorway import Answer
from mpmtune.model.server import Instance, StartOptions, StatusSample
from mpmtune.model.unknown import Unknown
from tests.detect.a_host import AHost
from tests.httpd.trees import a_tree

URL = "http://127.0.0.1:80/server-status?auto"
EVENT = """127.0.0.1
ServerVersion: Apache/2.4.71 (Debian)
ServerMPM: event
ServerUptimeSeconds: 61
ServerUptime: 1 minute 1 second
Load1: 0.13
Total Accesses: 1234
Total kBytes: 9
CPUUser: .02
Uptime: 61
ReqPerSec: .0322581
BusyWorkers: 1
GracefulWorkers: 0
IdleWorkers: 49
Processes: 2
Stopping: 0
ConnsTotal: 7
ConnsAsyncWaitIO: 0
ConnsAsyncWriting: 1
ConnsAsyncKeepAlive: 6
ConnsAsyncClosing: 0
Scoreboard: ____W____....
"""
PREFORK = "Uptime: 1\nBusyWorkers: 1\nIdleWorkers: 4\nScoreboard: _W___...\n"
CONF = "Listen 80\n<Location /server-status>\nSetHandler server-status\n</Location>\n"


def test_an_answer_of_event_is_read() -> None:
    assert parse_status(URL, EVENT.encode()) == StatusSample(
        url=URL,
        uptime_seconds=61,
        busy_workers=1,
        idle_workers=49,
        total_accesses=1234,
        processes=2,
        stopping=0,
        conns_total=7,
        conns_async_writing=1,
        conns_async_keepalive=6,
        conns_async_closing=0,
        places=13,
    )


def test_an_answer_of_prefork_lacks_what_only_event_counts() -> None:
    sample = parse_status(URL, PREFORK.encode())
    assert sample is not None
    assert (sample.busy_workers, sample.processes, sample.total_accesses) == (1, None, None)


def test_an_answer_without_extended_status_is_read() -> None:
    sample = parse_status(URL, PREFORK.replace("Uptime: 1", "ServerUptimeSeconds: 7").encode())
    assert sample is not None
    assert (sample.uptime_seconds, sample.busy_workers, sample.total_accesses) == (7, 1, None)


def test_workers_are_not_counted_while_old_children_end() -> None:
    ending = (EVENT.replace("Stopping: 0", "Stopping: 1"), PREFORK.replace("_W", "_WG"))
    samples = [parse_status(URL, text.encode()) for text in ending]
    assert [sample.places for sample in samples if sample is not None] == [None, None]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>not found</html>",
        PREFORK.replace("BusyWorkers: 1", "BusyWorkers: -1").encode(),
        PREFORK.replace("BusyWorkers: 1", "BusyWorkers: NaN").encode(),
        PREFORK.replace("BusyWorkers: 1", "BusyWorkers: " + "9" * 40).encode(),
        PREFORK.replace("Scoreboard: _W", "Scoreboard: <script>").encode(),
        PREFORK.replace("Uptime: 1\n", "").encode(),
        PREFORK.encode("utf-16"),
    ],
)
def test_a_hostile_answer_is_none(body: bytes) -> None:
    assert parse_status(URL, body) is None


@settings(max_examples=200)
@given(st.binary(max_size=300))
def test_no_bytes_make_the_parser_fail(body: bytes) -> None:
    parse_status(URL, PREFORK.encode() + body)
    parse_status(URL, body)


def _ask(
    conf: str = CONF, answer: Answer | None = None, uptime: int | None = 100
) -> StatusSample | Unknown:
    pages = {} if answer is None else {(80, "/server-status?auto"): answer}
    instance = Instance(10, "", StartOptions(), (), (), uptime)
    return detect_status(AHost(pages=pages), a_tree(conf, modules=("status",)), instance)


def test_the_configured_port_and_path_are_asked() -> None:
    found = _ask(answer=Answer(200, EVENT.encode(), b""))
    assert isinstance(found, StatusSample)
    assert (found.url, found.busy_workers) == (URL, 1)


def test_ports_are_asked_until_one_answers() -> None:
    host = AHost(pages={(82, "/server-status?auto"): Answer(200, PREFORK.encode(), b"")})
    tree = a_tree("Listen 81\nListen 82\nListen 83\n" + CONF.removeprefix("Listen 80\n"))
    instance = Instance(10, "", StartOptions(), (), (), None)
    assert isinstance(detect_status(host, tree, instance), StatusSample)
    assert [port for port, _, _ in host.asked] == [81, 82]


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (_ask("Listen 80\n"), "the configuration offers no SetHandler server-status"),
        (_ask(CONF.replace("80", "443")), "it listens for plain HTTP on no loopback port"),
        (_ask(), f"{URL}: refused"),
        (_ask(answer=Answer(403, b"", b"")), f"{URL} answered with status 403"),
        (_ask(answer=Answer(200, b"hello", b"")), f"{URL} answered with something else"),
        (
            _ask(answer=Answer(200, EVENT.encode(), b""), uptime=5),
            f"{URL} is answered by another httpd, up for 61 s",
        ),
    ],
)
def test_no_status_says_why(found: StatusSample | Unknown, why: str) -> None:
    assert found == Unknown("httpd.status", why)


def test_a_virtual_host_is_asked_by_its_name() -> None:
    conf = f"<VirtualHost *:80>\nServerName s.example.com\n{CONF.removeprefix('Listen 80')}</VirtualHost>\n"
    host = AHost(pages={(80, "/server-status?auto"): Answer(200, PREFORK.encode(), b"")})
    instance = Instance(10, "", StartOptions(), (), (), None)
    tree = a_tree(f"Listen 80\n{conf}", modules=("status",))
    assert isinstance(detect_status(host, tree, instance), StatusSample)
    assert host.asked == [(80, "/server-status?auto", "s.example.com")]
