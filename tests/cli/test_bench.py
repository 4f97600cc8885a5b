"""``mpmtune bench`` from the outside, but for what starts a server."""

from __future__ import annotations

from pathlib import Path

import pytest

from mpmtune.bench.programs import Programs
from mpmtune.cli import exit_codes
from mpmtune.cli.app import run
from tests.workload.generated import TIMED
from tests.workload.generated import log as timed_log


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with httpd and nothing else."""
    programs = Programs("/bin/false", Path("/nowhere"), {})
    monkeypatch.setattr("mpmtune.cli.commands.bench.find_programs", lambda _: programs)


def test_the_workloads_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["bench", "--list"]) == 0
    assert "php_io " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nonesuch"], "nonesuch is no workload."),
        (["php_io", "-s", "best"], "--setting best is no setting."),
        (["php_io", "--time-limit", "soon"], "--time-limit soon is no time up to 24h."),
        (["php_io", "--time-limit", "0s"], "--time-limit 0s is no time up to 24h."),
        (["php_io", "--httpd", "/nonexistent"], "No httpd is installed here to be measured."),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run(["bench", *arguments])
    assert code == (exit_codes.HTTPD if "--httpd" in arguments else exit_codes.USAGE)
    assert capsys.readouterr().err.startswith(f"mpmtune: {sentence}\n")


@pytest.mark.usefixtures("bare")
def test_a_workload_without_its_programs_is_left_out_with_a_word(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["bench", "php_io", "-q"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "php_io is left out: PHP-FPM is not installed here" in out


@pytest.mark.usefixtures("bare")
def test_a_measured_workload_can_be_replayed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log, summary = tmp_path / "access.log", tmp_path / "summary.json"
    log.write_bytes(timed_log(500))
    assert (
        run(["workload", "-q", str(log), "--log-format", TIMED, "-f", "json", "-o", str(summary)])
        == 0
    )
    assert run(["bench", "-q", "--workload", str(summary), "--list"]) == 0
    assert "replayed" in capsys.readouterr().out


def test_what_is_no_summary_cannot_be_replayed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x.json").write_text("{}")
    assert run(["bench", "--workload", str(tmp_path / "x.json")]) == exit_codes.USAGE
    assert "x.json is no summary of a workload." in capsys.readouterr().err
