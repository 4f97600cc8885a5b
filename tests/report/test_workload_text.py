"""The workload on one screen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mpmtune.model.distribution import distribution_of
from mpmtune.model.workload import LogEvent, Requests, Trouble, Workload
from mpmtune.report.text import plain
from mpmtune.report.workload_text import workload_lines
from tests.report.test_workload_v1 import FULL


def screen(workload: Workload, width: int = 100) -> list[str]:
    return plain(workload_lines(workload, width)).splitlines()


@pytest.mark.parametrize("width", [60, 80, 100])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    lines = screen(replace(FULL, samples=("x" * 100,)), width)
    wide = [line for line in lines if len(line) > max(width, 90)]
    assert not wide


def test_it_fits_one_screen() -> None:
    everything = replace(FULL, troubles=tuple((one, 1) for one in Trouble))
    assert len(screen(FULL)) <= 40
    assert len(screen(everything)) <= 60


def test_the_numbers_stand_in_a_table() -> None:
    lines = screen(FULL)
    rows = {line.strip()[:15].strip(): line.split() for line in reversed(lines)}
    assert (
        lines[0]
        == "100 requests from 2025-09-16T00:00:00Z to 2025-09-16T00:00:09Z, 0.0 hours of 2 parts"
    )
    assert rows["requests a seco"][3:] == ["10", "10", "10", "20", "20", "20", "20"]
    assert rows["busy workers"][2:] == ["1.4", "0.0", "2.0", "7.2", "7.2", "7.2", "7.2"]
    assert rows["time a request"][4:8] == ["200", "ms", "301", "µs"]
    text = "\n".join(lines)
    assert "2.50 requests each, 3 opened a second (HTTP/1)" in text
    assert "25.0% of requests" in text
    assert "2xx 90.0%, 5xx 10.0%" in text
    assert "3 of 103 lines could not be read, such as:\n    one \\x1b\n    two" in text


def test_the_day_is_a_chart_with_hours_under_it() -> None:
    lines = screen(FULL)
    start = next(at for at, line in enumerate(lines) if line.startswith("The day, busy workers"))
    assert lines[start].endswith("(most from 00:00 on)")
    assert lines[start + 1 : start + 5] == ["  █"] * 4
    assert lines[start + 5].split() == ["0", "3", "6", "9", "12", "15", "18", "21"]
    narrow = screen(FULL, 80)
    assert len(narrow[start + 5]) < 60


def test_without_durations_the_day_shows_requests() -> None:
    bare = replace(FULL, day_microseconds=(0,) * 96)
    assert any(line.startswith("The day, requests") for line in screen(bare))


def test_error_logs_speak_in_words() -> None:
    events = (
        *FULL.events,
        LogEvent("oom_kill", 1, None, None),
        LogEvent("AH99999", 1, "2025-09-16T05:17:39", "2025-09-16T05:17:39"),
    )
    text = " ".join(" ".join(screen(replace(FULL, events=events))).split())
    assert "AH00484 2× Every worker was busy" in text
    assert "(2025-09-16 05:17:39 to 2025-09-16 06:00:00)" in text
    assert "oom_kill 1× The kernel killed a process of httpd or PHP-FPM" in text
    assert "AH99999 1× (2025-09-16 05:17:39)" in text


def test_mod_status_is_summed_up() -> None:
    text = "\n".join(screen(FULL))
    assert "What mod_status says, 2 times" in text
    assert "busy workers      2.0 on the mean, 3 at most" in text
    assert "kept alive" not in text


def test_what_the_log_cannot_tell_is_said_with_the_line_to_add() -> None:
    bare = Workload(formats=("%h %t",), requests=Requests(read=5), arrivals=distribution_of([5]))
    lines = screen(bare)
    assert "Not known, and not guessed" in lines
    assert '    LogFormat "%h %t %D %k %X" mpmtune' in lines


@pytest.mark.parametrize("trouble", list(Trouble))
def test_every_trouble_has_a_sentence(trouble: Trouble) -> None:
    text = "\n".join(screen(replace(FULL, troubles=((trouble, 1234),))))
    assert "! " in text
    assert "1,234" in text


def test_nothing_says_that_there_is_nothing() -> None:
    lines = screen(Workload(formats=("%t",)))
    assert lines[0] == "0 requests"
    assert any("no log holds a request" in line for line in lines)


@pytest.mark.parametrize(
    ("microseconds", "shown"),
    [(5, "5 µs"), (1500, "1.5 ms"), (2_000_000, "2 s"), (7_200_000_000, "7200 s")],
)
def test_a_time_has_its_unit(microseconds: int, shown: str) -> None:
    made = replace(FULL, service=distribution_of([microseconds]))
    row = next(line for line in screen(made) if "time a request takes" in line)
    assert row.endswith(shown)
