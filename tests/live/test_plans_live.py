"""Every rendered plan is put to the real httpd; a dozen really start."""

from __future__ import annotations

import socket
import time
from contextlib import ExitStack
from itertools import product
from typing import TYPE_CHECKING

import pytest

from mpmtune.cli.app import run
from mpmtune.model.server import Mpm
from mpmtune.plan.planner import plan
from mpmtune.render.snippet import render_snippet
from tests.builders import a_machine, a_server, facts
from tests.live.private_httpd import PrivateHttpd

if TYPE_CHECKING:
    from mpmtune.model.plan import Plan

pytestmark = pytest.mark.httpd

MEMORY_MIB = (64, 256, 1024, 16_384, 262_144, 2_097_152)
CPUS = ("0.05", "1", "8", "256")
LIMITS = ((None, None), (512, 8192), (100, 256), (32_768, 64), (4_194_304, 1_048_576))
GRID = list(product(MEMORY_MIB, CPUS, LIMITS))


def planned(mpm: Mpm, memory: int, cpus: str, limits: tuple[int | None, int | None]) -> Plan:
    machine = a_machine(memory, memory * 3 // 4, cpus, *limits)
    return plan(mpm, "a test", facts(machine, a_server(mpm)))


def test_the_grid_is_as_large_as_it_claims() -> None:
    assert len(GRID) * len(Mpm) == 360


@pytest.mark.parametrize("mpm", list(Mpm))
def test_httpd_takes_every_plan_of_the_grid_without_a_word(mpm: Mpm) -> None:
    refused = {}
    snippets = {render_snippet(planned(mpm, *host)): host for host in GRID}
    for snippet, host in snippets.items():
        with PrivateHttpd(mpm, snippet) as httpd:
            checked = httpd.check()
        if checked.exit != 0 or checked.stderr.strip() != "Syntax OK":
            refused[host] = checked.stderr
    assert refused == {}
    assert len(snippets) > 20


STARTED = [
    (mpm, host)
    for mpm in Mpm
    for host in (
        (64, "0.05", (None, None)),
        (1024, "1", (512, 8192)),
        (16_384, "1", (4_194_304, 1_048_576)),
        (1024, "8", (100, 256)),
    )
]


@pytest.mark.parametrize(("mpm", "host"), STARTED, ids=str)
def test_a_started_httpd_answers_and_works_with_the_planned_values(
    mpm: Mpm, host: tuple[int, str, tuple[int | None, int | None]]
) -> None:
    made = planned(mpm, *host)
    with PrivateHttpd(mpm, render_snippet(made)) as httpd:
        httpd.start()
        values = dict(httpd.values())
        log = httpd.error_log()
    wanted = {one.directive: one.proposed.whole for one in made.settings}
    seconds = {"KeepAliveTimeout", "Timeout"}
    values["MaxRequestWorkers"] = values["children"] * max(1, values["ThreadsPerChild"])
    shown = {
        name: value // 1_000_000 if name in seconds else value
        for name, value in values.items()
        if name in wanted
    }
    assert shown == {name: wanted[name] for name in shown}
    assert {"ServerLimit", "MaxRequestWorkers", "KeepAliveTimeout"} <= set(shown)
    assert not [line for line in log.splitlines() if ":warn]" in line or ":error]" in line]


STATUS = '<Location "/server-status">\nSetHandler server-status\n</Location>\n'


@pytest.mark.parametrize("mpm", list(Mpm))
def test_check_is_content_only_once_httpd_works_with_the_plan(
    mpm: Mpm, capsys: pytest.CaptureFixture[str]
) -> None:
    def recommend(httpd: PrivateHttpd, *options: str) -> tuple[int, str]:
        named = ("--conf", str(httpd.conf), "--mode", mpm.value, "--memory", "8GiB", "--cpus", "4")
        code = run(["recommend", *named, *options])
        return code, capsys.readouterr().out

    with PrivateHttpd(mpm, STATUS, ("status",)) as httpd:
        httpd.start()
        assert recommend(httpd, "--check")[0] == 1
        snippet = recommend(httpd, "-f", "conf")[1]
        httpd.directives += snippet
        httpd.write()
        code, text = recommend(httpd, "--check")
        assert (code, "has not read the change" in " ".join(text.split())) == (1, True)
    with PrivateHttpd(mpm, STATUS + snippet, ("status",)) as httpd:
        httpd.start()
        assert recommend(httpd, "--check")[0] == 0


def test_event_holds_the_connections_that_a_plan_counts_on() -> None:
    """A child accepts below T + idle × F connections (event.c, connections_above_limit).

    Once it stopped it resumes one F lower, so that two children of 5 threads with F = 3 hold
    34 to 40, and a 41st is never answered.
    """
    made = plan(Mpm.EVENT, "a test", facts(a_machine(64, 32, "0.05"), a_server()))
    factor = made.setting("AsyncRequestWorkerFactor").proposed.whole
    workers = made.setting("MaxRequestWorkers").proposed.whole
    ceiling = (factor + 1) * workers
    assert ceiling == 40
    with PrivateHttpd(Mpm.EVENT, render_snippet(made)) as httpd, ExitStack() as stack:
        httpd.start()
        answered = [
            _is_answered(stack.enter_context(socket.create_connection(("127.0.0.1", httpd.port))))
            for _ in range(ceiling + 1)
        ]
    assert 34 <= sum(answered) <= 40


def _is_answered(connection: socket.socket) -> bool:
    """Ask once and keep the connection open; tell whether an answer came within a second."""
    connection.settimeout(1)
    connection.sendall(b"GET /values HTTP/1.1\r\nHost: localhost\r\n\r\n")
    try:
        answered = connection.recv(65_536).startswith(b"HTTP/1.1 200")
    except TimeoutError:
        return False
    time.sleep(0.05)
    return answered
