from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from mpmtune.host.doorway import Absent, Answer, Command
from mpmtune.host.starting import start


def run(script: str, seconds: int = 5, **environment: str) -> Answer:
    answer = start(Command(("/bin/sh", "-c", script), tuple(environment.items()), seconds))
    assert isinstance(answer, Answer)
    return answer


def test_both_streams_and_the_exit_code_are_kept() -> None:
    assert run("echo out; echo err >&2; exit 3") == Answer(3, b"out\n", b"err\n")


def test_the_environment_is_built_and_not_inherited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LD_PRELOAD_TEST", "evil")
    lines = run("env", APACHE_RUN_DIR="/run").stdout.decode().splitlines()
    assert {line.split("=")[0] for line in lines} - {"PWD", "_", "SHLVL"} == {
        "PATH",
        "LC_ALL",
        "APACHE_RUN_DIR",
    }
    assert "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" in lines


def test_there_is_no_input() -> None:
    assert run("cat; echo end").stdout == b"end\n"


def test_a_process_killed_by_a_signal_has_a_negative_status() -> None:
    assert run("kill -SEGV $$").status == -11


@pytest.mark.parametrize("script", ["sleep 30", "trap '' TERM; while :; do sleep 1; done"])
def test_a_hung_process_is_ended_with_its_group(script: str) -> None:
    started = time.monotonic()
    answer = run(script, 1)
    assert answer.timed_out
    assert answer.status < 0
    assert time.monotonic() - started < 2


def test_one_that_closes_its_streams_and_hangs_is_ended_too() -> None:
    answer = run("exec >&- 2>&-; sleep 30", 1)
    assert answer.timed_out


def test_output_without_end_is_cut_at_a_mebibyte() -> None:
    started = time.monotonic()
    answer = run("yes", 10)
    assert len(answer.stdout) == 1 << 20
    assert answer.status < 0
    assert time.monotonic() - started < 5


def test_what_it_leaves_behind_does_not_keep_us_waiting(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    started = time.monotonic()
    answer = run(f"sleep 30 & echo $! > {pid_file}; echo done")
    assert answer.stdout == b"done\n"
    assert answer.status == 0
    assert time.monotonic() - started < 2
    for _ in range(50):  # until it is reaped by whoever inherits it
        if not Path(f"/proc/{pid_file.read_text().strip()}/cmdline").exists():
            break
        if not Path(f"/proc/{pid_file.read_text().strip()}/cmdline").read_bytes():
            break
        time.sleep(0.02)
    else:
        pytest.fail("the process it left behind still runs")


def test_what_cannot_be_started_is_absent(tmp_path: Path) -> None:
    text = tmp_path / "text"
    text.write_text("no program")
    text.chmod(0o755)
    answer = start(Command((str(text),)))
    assert answer == Absent(str(text), "it cannot be started: Exec format error")
    assert isinstance(start(Command(("/bin/echo", "a\0b"))), Absent)


def test_nobody_can_change_into_the_directory_of_the_caller(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("pwd").stdout == b"/\n"
    assert Path.cwd() == tmp_path
    assert os.path.isdir(tmp_path)
