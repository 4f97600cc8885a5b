"""A bench with a real httpd, in a short form; it leaves no process behind."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

import mpmtune
from mpmtune.bench.programs import Need, find_programs
from mpmtune.bench.registry import find
from mpmtune.cli.app import run
from mpmtune.errors import HttpdError

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.httpd

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads(
    (Path(mpmtune.__file__).parent / "schemas" / "bench_v1.json").read_text("utf-8")
)
SHORT = ("--scale", "0.05", "--seconds", "1", "-n", "1", "-q")


def needs(*workloads: str) -> None:
    """Skip where a workload cannot be run."""
    try:
        programs = find_programs()
    except HttpdError as error:
        pytest.skip(error.sentence)
    for name in workloads:
        if lacking := programs.lacking(find(name).needs):
            pytest.skip(lacking)


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A directory for temporary files that must be empty in the end, and nothing runs in it."""
    directory = Path(tempfile.mkdtemp(prefix="b-"))
    directory.chmod(0o755)
    monkeypatch.setattr(tempfile, "tempdir", str(directory))
    monkeypatch.setenv("TMPDIR", str(directory))
    yield directory
    assert list(directory.iterdir()) == []
    assert processes_in(directory) == []
    shutil.rmtree(directory)


def processes_in(directory: Path) -> list[str]:
    """Find what runs with that directory on its command line."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                line = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if os.fsencode(directory) in line:
                found.append(line.decode(errors="replace"))
    return found


def document(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert run(["bench", "-f", "json", *SHORT, *arguments]) == 0
    made: dict[str, Any] = json.loads(capsys.readouterr().out)
    jsonschema.validate(made, SCHEMA)
    return made


def test_settings_are_compared_under_php_fpm(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    needs("php_io")
    bad = tmp_path / "bad.conf"
    bad.write_text("Nonsense 5\n")
    made = document(capsys, "php_io", "-s", "debian", "-s", f"file:{bad}")
    debian, refused = made["workloads"][0]["settings"]
    assert debian["score"] > 10
    assert debian["pss_bytes"] > 2_000_000
    assert debian["runs"][0]["figures"]["probe_share"] > 0.5
    assert "Invalid command 'Nonsense'" in refused["refused"]
    assert made["machine"]["httpd"].startswith("2.4.")


@pytest.mark.parametrize("name", ["h2_io", "static_ka", "burst_event"])
def test_each_kind_of_client_gets_its_answers(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    needs(name)
    made = document(capsys, name, "-s", "builtin")
    run_ = made["workloads"][0]["settings"][0]["runs"][0]
    assert run_["score"] > 0
    assert run_["pss_bytes"] > 2_000_000


def test_a_plan_is_made_from_what_was_observed(capsys: pytest.CaptureFixture[str]) -> None:
    needs("shared_memory")
    made = document(capsys, "shared_memory", "-s", "plan", "-s", "max-rss", "--scale", "0.1")
    workload = made["workloads"][0]
    plan, rival = workload["settings"]
    assert "MaxRequestWorkers" in plan["directives"]
    assert "MaxRequestWorkers" in rival["directives"]
    assert plan["runs"]
    assert plan["predicted_pss_bytes"] > 2_000_000
    assert plan["predicted_saturation_per_second"] > 0
    evidence = workload["evidence"]
    assert all(sample["pss_bytes"] > 2_000_000 for sample in evidence["memory_samples"])
    assert evidence["load"]["service"] > 0.1
    assert evidence["workload"]["lines"]["read"] > 0


def test_the_claims_are_put_to_the_test(capsys: pytest.CaptureFixture[str]) -> None:
    needs("static_ka")
    made = document(capsys, "claims")
    assert [one["verdict"] in {"true", "partly", "false", "unknown"} for one in made["claims"]] == [
        True
    ] * 4
    pss = {case["name"]: case["figures"]["pss_bytes"] for case in made["claims"][1]["cases"]}
    assert pss["prefork"] > pss["worker"] > 2_000_000


def started(temporary: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """Start a bench, and wait until its httpd runs."""
    process = subprocess.Popen(
        [sys.executable, "-m", "mpmtune", "bench", *arguments],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    deadline = time.monotonic() + 20
    while not any("-DFOREGROUND" in line for line in processes_in(temporary)):
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.05)
    return process


def gone(temporary: Path) -> bool:
    deadline = time.monotonic() + 15
    while processes_in(temporary):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_bench_cleans_up(temporary: Path, number: signal.Signals) -> None:
    needs("php_io")
    process = started(temporary, "php_io", "--scale", "0.05")
    process.send_signal(number)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 130
    assert b"Traceback" not in said
    assert gone(temporary)


def test_a_killed_bench_takes_its_servers_along_and_the_next_one_clears_up(temporary: Path) -> None:
    needs("php_io")
    process = started(temporary, "php_io", "--scale", "0.05")
    process.kill()
    process.communicate()
    assert gone(temporary)
    assert len(list(temporary.iterdir())) == 1
    assert run(["bench", "php_io", "-s", "builtin", *SHORT]) == 0


def test_without_its_program_a_workload_is_left_out(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    needs("php_io")
    programs = find_programs()
    del programs.found[Need.FPM]
    monkeypatch.setattr("mpmtune.cli.commands.bench.find_programs", lambda _: programs)
    made = document(capsys, "php_io")
    assert made["workloads"] == []
    assert made["remarks"] == [
        "php_io is left out: PHP-FPM is not installed here (Debian: apt-get install php-fpm)."
    ]
