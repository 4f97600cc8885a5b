"""The directory of a bench, and what a killed one leaves."""

from __future__ import annotations

import os
import subprocess
import tempfile
from typing import TYPE_CHECKING

import pytest

from mpmtune.bench.processes import session_of
from mpmtune.bench.workspace import note, started, sweep, workspace

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_the_directory_goes_at_the_end_whatever_happens() -> None:
    with pytest.raises(KeyboardInterrupt), workspace() as directory:  # noqa: PT012 - its end is tested
        assert directory.stat().st_mode & 0o777 == 0o755
        (directory / "file").write_text("x")
        raise KeyboardInterrupt
    assert not directory.exists()


def test_a_directory_of_a_bench_that_runs_is_left_alone(temporary: Path) -> None:
    with workspace() as directory:
        assert sweep(temporary) == 0
        assert directory.exists()


def test_what_a_killed_bench_left_is_ended_and_removed(temporary: Path) -> None:
    left = temporary / "mpmtune-bench-4194999-123-abc"
    left.mkdir()
    process = subprocess.Popen(["/bin/sleep", "60"], start_new_session=True)
    note(left, process.pid)
    assert sweep(temporary) == 1
    assert process.wait(5) == -9
    assert session_of(process.pid) == []
    assert not left.exists()


def test_a_process_that_has_taken_an_old_number_is_left_alone(temporary: Path) -> None:
    left = temporary / "mpmtune-bench-4194999-123-abc"
    left.mkdir()
    process = subprocess.Popen(["/bin/sleep", "60"], start_new_session=True)
    (left / "sessions").write_text(f"{process.pid} 5\n\n")
    assert sweep(temporary) == 1
    assert process.poll() is None
    process.kill()
    process.wait()


def test_directories_of_others_and_of_other_names_are_left_alone(temporary: Path) -> None:
    strange = temporary / "mpmtune-bench-notes"
    strange.mkdir()
    (temporary / "mpmtune-bench-4194999-1-x").symlink_to(strange)
    if os.geteuid() == 0:
        foreign = temporary / "mpmtune-bench-4194999-2-y"
        foreign.mkdir()
        os.chown(foreign, 65534, 65534)
    sweep(temporary)
    assert strange.exists()
    assert os.geteuid() or foreign.exists()


def test_the_start_of_a_process_that_is_not_there_is_0() -> None:
    assert started(2**22 + 1) == 0
    assert started(os.getpid()) > 0
