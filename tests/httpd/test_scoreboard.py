"""What a running scoreboard tells of MaxRequestWorkers."""

from __future__ import annotations

import pytest

from mpmtune.httpd.scoreboard import not_yet_read
from mpmtune.model.server import Mpm, Server, StatusSample
from mpmtune.plan.planner import plan
from tests.builders import a_server, facts


def _server(places: int | None, written: int | None, configured: Mpm = Mpm.EVENT) -> Server:
    status = StatusSample("u", 1, 1, 1, None, None, None, None, None, None, None, places)
    settings: dict[str, int | str] = {} if written is None else {"MaxRequestWorkers": written}
    return a_server(settings=settings, status=status, configured_mpm=configured)


@pytest.mark.parametrize(
    "server",
    [
        _server(400, 400),
        _server(None, 400),
        _server(150, None),
        _server(150, 400, Mpm.WORKER),
        a_server(settings={"MaxRequestWorkers": 400}),
    ],
)
def test_what_agrees_or_cannot_be_told_is_passed_over(server: Server) -> None:
    assert not_yet_read(server) is None


def test_an_httpd_that_has_not_read_its_configuration_is_told_by_its_scoreboard() -> None:
    assert not_yet_read(_server(150, 400)) == (
        "The configuration now sets MaxRequestWorkers 400, but httpd runs with 150: "
        "it has not read the change yet."
    )


def test_a_plan_warns_of_it() -> None:
    (warning,) = plan(Mpm.EVENT, "a test", facts(server=_server(150, 400))).warnings
    assert warning.endswith("it has not read the change yet. Stop httpd and start it.")
