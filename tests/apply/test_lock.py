"""One at a time: of ours, and of ours and certbot."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mpmtune.apply.lock import only_one, without_certbot
from mpmtune.apply.state_directory import state_directory
from mpmtune.errors import InputError, LockedError, RolledBackError

ROOT = Path(__file__).parents[2]
HOLD = """
import sys, time
from mpmtune.apply.lock import only_one
from mpmtune.apply.state_directory import state_directory
from mpmtune.errors import LockedError
with state_directory(sys.argv[1]) as state:
    try:
        with only_one(state):
            print("held", flush=True)
            sys.stdin.read()
    except LockedError:
        print("locked", flush=True)
"""


def holder(state: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", HOLD, str(state)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_of_twenty_at_once_one_wins(tmp_path: Path) -> None:
    processes = [holder(tmp_path / "state") for _ in range(20)]
    answers = [said(process) for process in processes]
    for process in processes:
        process.communicate()
    assert sorted(answers) == ["held"] + ["locked"] * 19


def test_a_killed_holder_holds_nothing(tmp_path: Path) -> None:
    process = holder(tmp_path / "state")
    assert said(process) == "held"
    with state_directory(str(tmp_path / "state")) as state:
        with pytest.raises(LockedError, match="Another mpmtune"), only_one(state):
            pass
        process.kill()
        process.communicate()
        with only_one(state):
            pass
        with only_one(state):
            pass


def test_a_link_at_the_lock_is_not_followed(tmp_path: Path) -> None:
    with state_directory(str(tmp_path / "state")) as state:
        (tmp_path / "state" / "lock").symlink_to(tmp_path / "target")
        with (
            pytest.raises(InputError, match="cannot be locked: it is a symbolic link"),
            only_one(state),
        ):
            pass
    assert not (tmp_path / "target").exists()


CERTBOT = """
import fcntl, os, sys
handle = os.open(sys.argv[1], os.O_CREAT | os.O_WRONLY, 0o600)
fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
print("held", flush=True)
sys.stdin.read()
os.remove(sys.argv[1])
"""


def test_certbot_at_work_is_waited_for_by_nobody(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", CERTBOT, str(tmp_path / ".certbot.lock")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert said(process) == "held"
    with pytest.raises(LockedError, match="certbot is changing"), without_certbot(str(tmp_path)):
        pass
    process.communicate()
    with without_certbot(str(tmp_path)):
        again = subprocess.run(
            [sys.executable, "-c", CERTBOT, str(tmp_path / ".certbot.lock")],
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
        )
        assert again.returncode != 0
    assert os.listdir(tmp_path) == []


def test_a_lock_file_that_certbot_left_when_it_was_killed_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / ".certbot.lock").touch()
    with without_certbot(str(tmp_path)):
        pass
    assert os.listdir(tmp_path) == []


def test_a_lock_file_that_is_removed_meanwhile_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = fcntl.lockf
    left = [2]

    def removed_just_then(handle: int, how: int) -> None:
        lock(handle, how)
        if left[0]:
            (tmp_path / ".certbot.lock").unlink()
            if left[0] == 2:
                (tmp_path / ".certbot.lock").touch()
            left[0] -= 1

    monkeypatch.setattr(fcntl, "lockf", removed_just_then)
    with without_certbot(str(tmp_path)):
        assert left == [0]
    left = [1000]
    with pytest.raises(LockedError, match="certbot"), without_certbot(str(tmp_path)):
        pass


def test_a_server_root_that_is_not_there_or_not_safe_is_refused(tmp_path: Path) -> None:
    with (
        pytest.raises(RolledBackError, match="Nothing was changed"),
        without_certbot(str(tmp_path / "absent")),
    ):
        pass
    (tmp_path / "root").mkdir()
    (tmp_path / "root").chmod(0o777)
    with (
        pytest.raises(InputError, match="may be written by everybody"),
        without_certbot(str(tmp_path / "root")),
    ):
        pass
