"""What a real httpd writes, read back."""

from __future__ import annotations

import http.client
import json
import shutil
import socket
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from mpmtune.cli.app import run
from mpmtune.model.server import Mpm
from mpmtune.workload.logs import look_at
from mpmtune.workload.reader import LogReader
from mpmtune.workload.stream import read_logs
from tests.live.private_httpd import PrivateHttpd

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mpmtune.model.workload import Workload

pytestmark = pytest.mark.httpd

FORMATS = {
    "plain": '%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i" %D %k %X',
    "logio": '%v:%p %h %l %u %t "%r" %>s %O "%{Referer}i" "%{User-Agent}i" %{us}T %k %X',
    "unquoted": "%k %{us}T [%{%d/%b/%Y:%T}t.%{usec_frac}t %{%z}t] %H %>s %O %X",
    "epoch": "%{begin:msec}t|%{end:msec}t|%D|%>s|%O|%k|%X|%H|%q",
    "tabs": '%{begin}t\\t%{end}t\\t%U\\t%{User-Agent}i\\t%D\\t%k\\t"%r"\\t%>s\\t%X\\t%O',
    "milliseconds": '%t "%r" %>s %b %{ms}T %k',
    "seconds": '%t "%r" %>s %b %T %k',
    "common": '%h %l %u %t "%r" %>s %b',
}
REQUESTS = 7


@pytest.fixture(scope="module")
def logs() -> Iterator[Path]:
    """Let a server log seven requests in every format."""
    lines = ["Protocols h2c http/1.1", "KeepAliveTimeout 2", "RequestReadTimeout header=1"]
    for name, text in FORMATS.items():
        quoted = text.replace('"', '\\"')
        lines += [f'LogFormat "{quoted}" {name}', f"CustomLog {name}.log {name}"]
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed here, so nothing speaks HTTP/2")
    with PrivateHttpd(Mpm.EVENT, "\n".join(lines), ("http2", "reqtimeout")) as server:
        server.start()
        _ask(server.port)
        deadline = time.monotonic() + 10
        while (server.root / "common.log").read_bytes().count(b"\n") < REQUESTS:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield server.root


def _ask(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    for number in range(3):
        headers = {"User-Agent": 'a "quoted" agent \\ of\tours', "Referer": "http://u:p@x/?q=1"}
        if number == 2:
            headers["Connection"] = "close"
        connection.request("GET", "/values?a=b%20c", headers=headers)
        connection.getresponse().read()
    for said in (b'\x16\x03\x01"\\garbage\r\n\r\n', b"GET / HT"):
        with socket.create_connection(("127.0.0.1", port)) as raw:
            raw.sendall(said)
            while raw.recv(4096):
                pass
    for _ in range(2):
        url = f"http://127.0.0.1:{port}/nothing"
        curl = ["curl", "-s", "--http2-prior-knowledge", url, "-o", "/dev/null"]
        assert subprocess.run(curl, check=False, timeout=20).returncode == 0


def read(logs: Path, name: str) -> Workload:
    found = look_at([str(logs / f"{name}.log")])
    return read_logs(found, [LogReader(FORMATS[name])])


@pytest.mark.parametrize("name", FORMATS)
def test_every_line_that_httpd_writes_is_read(logs: Path, name: str) -> None:
    found = read(logs, name)
    assert (found.requests.read, found.requests.bad, found.samples) == (REQUESTS, 0, ())
    assert found.arrivals.total == REQUESTS


@pytest.mark.parametrize("name", ["plain", "logio", "unquoted", "epoch", "tabs"])
def test_all_formats_with_these_fields_tell_the_same(logs: Path, name: str) -> None:
    one, other = read(logs, name), read(logs, "plain")
    assert one.service == other.service
    assert one.status_classes == other.status_classes == (("2", 3), ("4", 4))
    assert one.finish == other.finish
    assert (one.first, one.last) == (other.first, other.last)
    assert one.requests.http2 == 2
    # Three requests of one connection, garbage, and one that came too slowly.
    assert (one.requests.keyed, one.requests.opening) == (5, 3)


def test_the_same_bytes_are_counted_with_headers_and_without(logs: Path) -> None:
    with_headers, without = read(logs, "logio"), read(logs, "plain")
    assert with_headers.requests.bytes_sent > without.requests.bytes_sent > 0


@pytest.mark.parametrize(("name", "resolution"), [("milliseconds", 1000), ("seconds", 1_000_000)])
def test_coarser_durations_are_never_longer(logs: Path, name: str, resolution: int) -> None:
    coarse, fine = read(logs, name), read(logs, "plain")
    assert coarse.resolution_microseconds == resolution
    assert 0 <= fine.service.total - coarse.service.total < REQUESTS * resolution
    assert coarse.requests.timed == REQUESTS


@pytest.mark.parametrize("extended", ["On", "Off"])
def test_mod_status_is_sampled(capsys: pytest.CaptureFixture[str], extended: str) -> None:
    directives = (
        "<Location /server-status>\nSetHandler server-status\n</Location>\n"
        f"ExtendedStatus {extended}"
    )
    with PrivateHttpd(Mpm.EVENT, directives, ("status",)) as server:
        server.start()
        url = f"http://127.0.0.1:{server.port}/server-status"
        assert run(["workload", "-f", "json", "--status", url, "--for", "2s"]) == 0
        status = json.loads(capsys.readouterr().out)["status"]
        assert status["samples"] == 2
        assert status["busy_workers"]["peak"] == 0
        assert status["idle_workers"]["mean"] > 10
        assert status["connections"]["peak"] >= 0
        assert run(["workload", "--status", f"http://127.0.0.1:{server.port}/nothing"]) == 3
        assert "it answered with status 404" in capsys.readouterr().err
