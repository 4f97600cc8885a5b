"""The watchdog in this process; that it outlives a login is shown with a real httpd."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

from mpmtune.apply.entry import Kind, Phase
from mpmtune.apply.lock import only_one
from mpmtune.apply.new_entry import new_entry
from mpmtune.apply.recovering import confirm_change, recover_all, recover_files
from mpmtune.apply.state_directory import state_directory
from mpmtune.apply.transaction import begin
from mpmtune.apply.watchdog import arm, watch
from mpmtune.errors import InputError, NotRolledBackError
from mpmtune.model.changes import ChangeSet, FileChange, Regular

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    made = tmp_path / "etc"
    made.mkdir()
    (made / "a.conf").write_text("old\n")
    return made


def begun(tree: Path, phase: Phase | None = None, **more: str) -> str:
    """Leave a change as its process would; give its identity."""
    before, after = (
        Regular(text, 0o644, os.geteuid(), os.getegid()) for text in (b"old\n", b"new\n")
    )
    changes = ChangeSet((FileChange(f"{tree}/a.conf", before, after),))
    entry = new_entry(Kind.APPLY, "a change", str(tree), changes)
    with state_directory(str(tree.parent / "state")) as state:
        transaction = begin(state, entry)
        transaction.write()
        if phase is not None:
            transaction.note(phase, **more)
    return entry.identity


def text(tree: Path) -> str:
    return (tree / "a.conf").read_text()


def last(tree: Path) -> tuple[Phase, str]:
    with state_directory(str(tree.parent / "state")) as state:
        entry = state.history()[-1]
    return entry.phase, entry.why


def test_what_is_not_confirmed_in_time_is_taken_back(tree: Path) -> None:
    identity = begun(tree, Phase.AWAITING_CONFIRM)
    began = time.time()
    watch(str(tree.parent / "state"), identity, began + 1)
    assert time.time() - began >= 1
    assert text(tree) == "old\n"
    assert last(tree) == (Phase.REVERTED, "It was not confirmed in time.")


def test_what_its_process_has_left_is_taken_back_at_once(tree: Path) -> None:
    identity = begun(tree)
    watch(str(tree.parent / "state"), identity, time.time() + 60)
    assert text(tree) == "old\n"
    assert last(tree) == (Phase.REVERTED, "It was interrupted.")


def test_a_confirmed_change_is_left_alone(tree: Path) -> None:
    identity = begun(tree, Phase.AWAITING_CONFIRM)
    assert confirm_change(str(tree.parent / "state")).entry.summary == "a change"
    watch(str(tree.parent / "state"), identity, time.time())
    assert text(tree) == "new\n"
    assert last(tree) == (Phase.IN_FORCE, "")


def test_a_later_change_is_not_the_watchdogs(tree: Path) -> None:
    begun(tree, Phase.AWAITING_CONFIRM)
    watch(str(tree.parent / "state"), "0" * 16, time.time())
    assert text(tree) == "new\n"


def test_while_it_is_carried_out_the_watchdog_waits(tree: Path) -> None:
    identity = begun(tree)
    path = str(tree.parent / "state")
    with state_directory(path) as state, only_one(state):
        arm(path, identity, time.time() + 60)
        time.sleep(1.5)
        assert text(tree) == "new\n"
    deadline = time.monotonic() + 30
    while text(tree) == "new\n" and time.monotonic() < deadline:
        time.sleep(0.1)
    assert text(tree) == "old\n"


def test_only_what_awaits_it_is_confirmed(tree: Path) -> None:
    path = str(tree.parent / "state")
    with pytest.raises(InputError, match="No change awaits its confirmation"):
        confirm_change(path)
    begun(tree)
    with pytest.raises(InputError, match="a change is unfinished"):
        confirm_change(path)


def test_recover_is_for_files_alone_where_httpd_was_not_touched(tree: Path) -> None:
    path = str(tree.parent / "state")
    assert recover_all(path) is None
    assert recover_files(path) is None
    begun(tree)
    done = recover_all(path)
    assert done is not None
    assert not done.in_force
    assert text(tree) == "old\n"
    begun(tree)
    assert recover_files(path) is not None
    assert text(tree) == "old\n"


def test_an_httpd_that_cannot_be_asked_is_not_said_to_be_as_it_was(tree: Path) -> None:
    begun(tree, Phase.ACTING, action="graceful", httpd="/nonexistent/httpd")
    with pytest.raises(NotRolledBackError, match="The files are as they were, and httpd may not"):
        recover_all(str(tree.parent / "state"))
    assert text(tree) == "old\n"
    finished = recover_files(str(tree.parent / "state"))
    assert finished is not None
    assert last(tree)[0] is Phase.REVERTED
