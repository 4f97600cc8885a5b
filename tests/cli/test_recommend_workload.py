"""``mpmtune recommend`` with a workload, what-if options and ``--compare``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import pytest

import mpmtune
from mpmtune.cli.app import run
from mpmtune.report.workload_v1 import workload_v1
from tests.builders import a_workload

if TYPE_CHECKING:
    from collections.abc import Sequence

HOST = str(Path(__file__).parents[1] / "hosts" / "debian-event")
SCHEMAS = Path(mpmtune.__file__).parent / "schemas"
WHOLE = '%h %l %u %t "%r" %>s %b %D %k'


def document(capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, object]:
    assert run(["recommend", "--host", HOST, "-f", "json", *options]) == 0
    made: dict[str, object] = json.loads(capsys.readouterr().out)
    name = str(made["schema"]).split("/")[1]
    schema = json.loads((SCHEMAS / f"{name}_v1.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(made)
    return made


def workers(made: dict[str, object]) -> int:
    settings = made["settings"]
    assert isinstance(settings, list)
    return next(one["proposed"] for one in settings if one["directive"] == "MaxRequestWorkers")


def a_log(path: Path, ending: str, seconds: Sequence[int]) -> str:
    lines = [
        f'192.0.2.1 - - [01/Jul/2026:12:00:{second:02} +0000] "GET / HTTP/1.1" 200 9{ending}\n'
        for second in seconds
    ]
    path.write_text("".join(lines))
    return str(path)


def test_a_summary_is_planned_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "summary.json"
    path.write_text(workload_v1(a_workload(2000, 400, keyed=120_000, opening=60_000)))
    made = document(capsys, "--workload", str(path))
    # 1.3 × 800 and one, in whole children; twice, for this host has 150 workers
    assert workers(made) == 2100
    assert made["bound_by"] == "demand"
    load = made["load"]
    assert isinstance(load, dict)
    assert load["service"]["value"] == 0.4


def test_a_log_is_read_in_the_format_that_is_given(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = a_log(tmp_path / "access.log", " 500000 0", [1] * 40 + [2] * 80)
    made = document(capsys, "--workload", path, "--log-format", WHOLE)
    load = made["load"]
    assert isinstance(load, dict)
    assert load["service"]["value"] == 0.5
    assert load["burst"]["value"] == 80
    assert [one["what"] for one in made["unknown"] if "workload" in one["what"]] == []  # type: ignore[attr-defined]  # a list


def test_what_a_log_does_not_tell_is_said_with_the_line_that_would(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = a_log(tmp_path / "access.log", "", [1, 2, 3])
    options = ["recommend", "--host", HOST, "--workload", path, "--log-format", "common"]
    assert run(options) == 0
    captured = capsys.readouterr()
    assert "The workload does not tell: service_time, concurrency, connections." in captured.out
    assert "The logs do not tell: service_time, concurrency, connections." in captured.err
    assert 'Log with: LogFormat "%h %l %u %t' in captured.err
    assert '%D %k %X" mpmtune' in captured.err
    assert run([*options, "-q"]) == 0
    assert "Log with" not in capsys.readouterr().err


def test_a_log_without_times_leaves_the_assumed_number(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = a_log(tmp_path / "access.log", "", [1, 2, 3])
    assert workers(document(capsys, "--workload", path, "--log-format", "common")) == 400
    assert workers(document(capsys)) == 400


def test_an_empty_workload_is_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = a_log(tmp_path / "access.log", "", [])
    assert run(["recommend", "--host", HOST, "--workload", path, "--log-format", "common"]) == 2
    assert "The workload holds no request." in capsys.readouterr().err


def test_stated_numbers_go_before_those_of_the_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = a_log(tmp_path / "access.log", " 500000 0", [1] * 40)
    made = document(
        capsys,
        *("--workload", path, "--log-format", WHOLE, "--rps", "2000"),
        *("--keepalive-connections", "5000", "--slow-clients", "20"),
    )
    load = made["load"]
    assert isinstance(load, dict)
    assert (load["arrivals"]["value"], load["arrivals"]["trust"]) == (2000, "declared")
    assert load["concurrency"]["value"] == 2000 * 0.5 + 20
    assert load["connections"]["value"] == 5000
    assert workers(made) == 1350


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--rps", "many"], "--rps many is no number of requests a second."),
        (["--rps", "0"], "--rps 0 is no number of requests a second."),
        (["--rps", "1e99999999"], "--rps 1e99999999 is no number of requests a second."),
        (["--rps", "99999999"], "--rps 99999999 is no number of requests a second."),
        (["--service-time", "long"], "--service-time long is no time of a request."),
        (["--service-time", "0ms"], "--service-time 0ms is no time of a request."),
        (["--service-time", "25h"], "--service-time 25h is no time of a request."),
        (["--slow-clients", "-3"], "--slow-clients -3 is no number of clients."),
        (["--slow-clients", "1.5"], "--slow-clients 1.5 is no number of clients."),
        (["--keepalive-connections", "x"], "--keepalive-connections x is no number of clients."),
        (["--compare", "--check"], "--compare makes text or JSON, and no check."),
        (["--compare", "-f", "conf"], "--compare makes text or JSON, and no check."),
        (["--workload", "/no/such/log"], "/no/such/log"),
    ],
)
def test_what_cannot_be_used_is_a_sentence(
    options: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["recommend", "--host", HOST, *options]) == 2
    assert sentence in capsys.readouterr().err


def test_a_comparison_is_made_of_the_same_load(capsys: pytest.CaptureFixture[str]) -> None:
    made = document(capsys, "--compare", "--rps", "600", "--service-time", "300ms")
    candidates = made["candidates"]
    assert isinstance(candidates, list)
    assert [one["name"] for one in candidates] == [
        "plan event",
        "plan worker",
        "plan prefork",
        "now event",
        "Debian's event",
    ]
    assert [one["prediction"]["overloaded"] for one in candidates] == [
        False,
        False,
        False,
        True,
        True,
    ]


def test_the_table_has_a_line_for_each(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert run(["recommend", "--host", HOST, "--compare"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Predicted, not measured"
    assert max(map(len, lines)) <= 80


def test_a_format_is_known_by_the_name_that_the_configuration_of_the_host_gives_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = (
        'www.example.org:80 192.0.2.1 - - [01/Jul/2026:12:00:01 +0000] "GET / HTTP/1.1" 200 9'
        ' "-" "client"\n'
    )
    path = tmp_path / "access.log"
    path.write_text(line * 9)
    made = document(capsys, "--workload", str(path), "--log-format", "vhost_combined")
    load = made["load"]
    assert isinstance(load, dict)
    assert load["arrivals"]["value"] == 9
