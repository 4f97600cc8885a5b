"""The plan on one screen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mpmtune.model.plan import Blocker, Switch
from mpmtune.model.server import Mpm
from mpmtune.model.unknown import Unknown
from mpmtune.plan.planner import plan
from mpmtune.report.console import styled
from mpmtune.report.plan_text import derivations, plan_lines
from mpmtune.report.text import plain
from tests.builders import a_machine, a_server, facts

SETTINGS = {"ServerLimit": 16, "ThreadLimit": 64, "MaxRequestWorkers": 400, "KeepAlive": "On"}


def screen(width: int, mpm: Mpm = Mpm.EVENT) -> list[str]:
    server = a_server(mpm, modules=("http2_module",), settings=dict(SETTINGS))
    made = plan(mpm, "a test", facts(a_machine(8192, 4096, 2, 3000, 200), server))
    return plain(plan_lines(made, width)).splitlines()


@pytest.mark.parametrize("mpm", list(Mpm))
@pytest.mark.parametrize("width", [80, 100])
def test_no_line_is_wider_than_the_terminal(width: int, mpm: Mpm) -> None:
    assert max(map(len, screen(width, mpm))) <= width


def test_it_fits_one_screen_at_100_columns() -> None:
    assert len(screen(100)) <= 50


def test_the_memory_block_adds_up_as_shown() -> None:
    lines = screen(100)
    start = lines.index("Memory (MiB)")
    total, others, reserve, ours = (
        float(line.split()[-1 if at == 3 else (1 if at == 0 else 2)].replace(",", ""))
        for at, line in enumerate(lines[start + 1 : start + 5])
    )
    assert (total, others, reserve, ours) == (8192.0, 4096.0, 819.2, 3276.8)


def test_a_changed_value_shows_now_and_recommended_and_its_restart() -> None:
    lines = screen(100)
    row = next(line for line in lines if "ServerLimit" in line)
    assert "16 →  32*" in row
    assert any(line.startswith("  * needs a stop and a start") for line in lines)
    assert any("ThreadLimit                64 =  64 " in line for line in lines)


def test_a_blocked_switch_is_said_before_all_else_with_the_way_out() -> None:
    made = plan(Mpm.EVENT, "you asked for it", facts())
    blocked = replace(
        made,
        switch=Switch(
            Mpm.PREFORK, Mpm.EVENT, (Blocker("php_module", "It is no good.", "Use FPM."),)
        ),
    )
    lines = plain(plan_lines(blocked, 100)).splitlines()
    at = lines.index("Change of MPM prefork → event is blocked:")
    assert lines[at + 1 : at + 4] == ["  php_module", "    It is no good.", "    Way out: Use FPM."]
    assert at < lines.index("Memory (MiB)")


def test_an_open_switch_says_that_a_reload_kills() -> None:
    made = replace(plan(Mpm.EVENT, "x", facts()), switch=Switch(Mpm.PREFORK, Mpm.EVENT, ()))
    assert "a reload with another MPM ends httpd" in plain(plan_lines(made, 100))


def test_without_colour_there_is_no_escape_and_with_it_the_text_is_the_same() -> None:
    made = plan(Mpm.EVENT, "a test", facts(a_machine(1024, 0)))
    lines = plan_lines(made, 100) + derivations(made)
    bare, coloured = styled(lines, color=False), styled(lines, color=True)
    assert "\x1b" not in bare
    assert "\x1b[" in coloured
    import re

    stripped = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    assert [line.rstrip() for line in stripped.splitlines()] == bare.splitlines()


def test_nothing_of_a_name_steers_the_terminal() -> None:
    made = plan(Mpm.EVENT, "evil\x1b[2J\u202e [red]name[/red] :skull:", facts())
    for color in (False, True):
        text = styled(plan_lines(made, 100), color=color)
        assert "\x1b[2J" not in text
        assert "\u202e" not in text
        assert "[red]name[/red] :skull:" in text


def test_what_could_not_be_seen_is_named_once_without_its_statistics() -> None:
    unknown = tuple(
        Unknown(f"httpd.children.pss_bytes_{name}", "for root to see")
        for name in ("p50", "p95", "max")
    )
    made = replace(plan(Mpm.EVENT, "a test", facts()), unknown=unknown)
    assert "Could not see: httpd.children.pss_bytes. mpmtune detect says why." in plain(
        plan_lines(made, 100)
    )
