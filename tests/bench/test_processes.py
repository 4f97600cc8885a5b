"""Processes of a bench end with it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from mpmtune.bench import tied
from mpmtune.bench.processes import (
    Running,
    Task,
    answer,
    children_of,
    environment,
    session_of,
    tree_of,
)

ROOT = Path(__file__).parents[2]
SLEEP = ["/bin/sh", "-c", "sleep 60 & sleep 60; :"]


def until(true: object, seconds: float = 5.0) -> bool:
    deadline = time.monotonic() + seconds
    while not true():  # type: ignore[operator]  # a callable without arguments
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def test_stopping_ends_it_and_all_that_it_started(tmp_path: Path) -> None:
    running = Running(Task(SLEEP, tmp_path / "said"))
    assert until(lambda: len(children_of(running.pid)) == 2)
    everyone = tree_of(running.pid)
    assert len(everyone) == 3
    running.stop()
    assert session_of(running.pid) == []
    assert running.ended


def test_one_that_does_not_mind_is_killed(tmp_path: Path) -> None:
    task = Task(["/bin/sh", "-c", "trap '' TERM; sleep 60 & wait"], tmp_path / "said")
    running = Running(task)
    assert until(lambda: len(children_of(running.pid)) == 1)
    running.stop()
    assert session_of(running.pid) == []


def test_what_it_says_is_kept(tmp_path: Path) -> None:
    running = Running(Task(["/bin/echo", "hello"], tmp_path / "said"))
    assert until(lambda: running.ended)
    assert running.said() == "hello\n"
    running.stop()


def test_nothing_of_our_environment_goes_to_it(tmp_path: Path) -> None:
    code, said = answer(["/usr/bin/env"], tmp_path)
    assert code == 0
    assert "HOME=" not in said
    assert environment({"A": "b"})["A"] == "b"


def test_it_ends_when_the_one_that_started_it_is_killed(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from mpmtune.bench.processes import *\n"
        f"one = Running(Task(['/bin/sleep', '60'], Path({str(tmp_path / 'said')!r})))\n"
        "print(one.pid, flush=True); time.sleep(60)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    assert until(lambda: Path(f"/proc/{pid}/comm").read_text() == "sleep\n")
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert until(lambda: not Path(f"/proc/{pid}").exists() or session_of(pid) == [])


def test_a_program_whose_starter_has_gone_is_not_run() -> None:
    made = subprocess.run(
        [sys.executable, "-I", "-S", tied.__file__, "1", "9", "", "--", "/bin/echo", "no"],
        capture_output=True,
        check=False,
    )
    assert (made.returncode, made.stdout) == (1, b"")


def test_it_runs_on_the_cpus_that_are_named() -> None:
    cpu = min(os.sched_getaffinity(0))
    program = [sys.executable, "-c", "import os; print(os.sched_getaffinity(0))"]
    made = subprocess.run(
        [sys.executable, tied.__file__, str(os.getpid()), "15", str(cpu), "--", *program],
        capture_output=True,
        text=True,
        check=True,
    )
    assert made.stdout == f"{{{cpu}}}\n"


def test_tying_tells_whether_the_starter_is_there() -> None:
    """In a child of our own, for it changes the process."""
    pid = os.fork()
    if not pid:
        there = tied.tie(os.getppid(), int(signal.SIGKILL), os.sched_getaffinity(0))
        gone = tied.main([str(os.getpid()), "9", "", "--", "/bin/false"])
        os._exit(0 if there and gone == 1 else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def test_what_has_gone_has_no_children() -> None:
    assert children_of(2**22 + 1) == []
