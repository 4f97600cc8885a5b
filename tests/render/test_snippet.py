"""The snippet: what httpd gets to read."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpmtune.model.plan import Effect, Setting
from mpmtune.model.quantity import chosen
from mpmtune.model.server import Mpm
from mpmtune.plan.planner import plan
from mpmtune.render.snippet import render_snippet, render_system_limits, written
from tests.builders import a_machine, a_server, facts


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip() and line.strip()[0] != "#"]


def test_the_settings_of_the_mpm_stand_in_its_guard() -> None:
    text = render_snippet(plan(Mpm.EVENT, "a test", facts(a_machine(2048, 1024, 2))))
    assert lines_of(text) == [
        "<IfModule mpm_event_module>",
        "ServerLimit 32",
        "ThreadLimit 64",
        "ThreadsPerChild 25",
        "MaxRequestWorkers 400",
        "StartServers 5",
        "MinSpareThreads 100",
        "MaxSpareThreads 400",
        "MaxConnectionsPerChild 0",
        "AsyncRequestWorkerFactor 8",
        "</IfModule>",
        "KeepAlive On",
        "KeepAliveTimeout 5",
        "MaxKeepAliveRequests 500",
        "Timeout 60",
        "ListenBacklog 511",
    ]


def test_http2_workers_stand_in_their_own_guard() -> None:
    server = a_server(modules=("http2_module",))
    text = render_snippet(plan(Mpm.EVENT, "a test", facts(a_machine(2048, 1024, 2), server)))
    assert lines_of(text)[-4:] == [
        "<IfModule http2_module>",
        "H2MinWorkers 25",
        "H2MaxWorkers 50",
        "</IfModule>",
    ]


@pytest.mark.parametrize("mpm", list(Mpm))
def test_every_setting_has_its_reason_on_the_comment_line_before(mpm: Mpm) -> None:
    lines = render_snippet(plan(mpm, "a test", facts())).splitlines()
    for before, line in pairwise(lines):
        text = line.strip()
        if text and not text.startswith(("#", "<")):
            assert before.strip().startswith("# ")
            assert len(before.strip()) > 10


def test_the_header_says_what_it_was_planned_for() -> None:
    head = render_snippet(plan(Mpm.EVENT, "a test", facts(a_machine(2048, 1024, 2)))).split("\n\n")[
        0
    ]
    joined = " ".join(line.removeprefix("# ") for line in head.splitlines())
    assert "mpmtune 0.1.0" in joined
    assert "Planned for 2048 MiB of memory: httpd may use 819.2 MiB" in joined
    assert "Then stop and start httpd" in joined


@given(st.text())
def test_no_reason_can_add_a_directive(text: str) -> None:
    made = plan(Mpm.EVENT, text, facts(a_machine(2048, 1024, 2)))
    hostile = replace(made, settings=tuple(replace(one, because=text) for one in made.settings))
    assert lines_of(render_snippet(hostile)) == lines_of(render_snippet(made))
    assert len(lines_of(render_snippet(hostile))) == 16
    assert "\\\n" not in render_snippet(hostile)


def test_only_a_name_and_a_number_go_into_a_configuration() -> None:
    number = chosen(1, "a test")
    with pytest.raises(ValueError, match="is no setting"):
        written(Setting("LoadFile /tmp/x", None, number, Effect.GRACEFUL, ""))
    with pytest.raises(ValueError, match="is no setting"):
        written(Setting("Timeout", None, chosen(-1, "a test"), Effect.GRACEFUL, ""))


def test_the_drop_in_holds_the_limits_that_bind() -> None:
    made = plan(Mpm.EVENT, "a test", facts(a_machine(16_384, 8192, 8, pids=512, nofile=256)))
    assert lines_of(render_system_limits(made)) == [
        "[Service]",
        "LimitNOFILE=8192",
        "TasksMax=3921",
    ]


def test_there_is_no_drop_in_when_no_limit_binds() -> None:
    assert render_system_limits(plan(Mpm.EVENT, "a test", facts())) == ""
