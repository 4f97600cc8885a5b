"""A change set in force, or everything as it was; and what a crash leaves is finished."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mpmtune.apply.disk import Disk
from mpmtune.apply.entry import Entry, Kind, Phase
from mpmtune.apply.state_directory import StateDirectory, state_directory
from mpmtune.apply.transaction import begin, confirm, recover
from mpmtune.errors import InputError, NotRolledBackError, RolledBackError
from mpmtune.model.changes import ChangeSet, FileChange, Link, Regular, Rename

if TYPE_CHECKING:
    from collections.abc import Iterator

OURS = os.geteuid(), os.getegid()
OLD, NEW = Regular(b"old\n", 0o644, *OURS), Regular(b"new\n", 0o644, *OURS)
PREFORK, EVENT = Link("../prefork"), Link("../event")
SPARE = ".mpmtune-0123456789abcdef"


@pytest.fixture
def state(tmp_path: Path) -> Iterator[StateDirectory]:
    with state_directory(str(tmp_path / "state")) as opened:
        yield opened


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    made = tmp_path / "etc"
    made.mkdir()
    (made / "snippet").write_bytes(OLD.content)
    (made / "prefork.load").symlink_to(PREFORK.target)
    return made


def entry(tree: Path) -> Entry:
    changes = ChangeSet(
        (
            FileChange(f"{tree}/snippet", OLD, NEW),
            FileChange(f"{tree}/prefork.load", PREFORK, EVENT),
            Rename(f"{tree}/prefork.load", f"{tree}/event.load", EVENT),
            FileChange(f"{tree}/enabled", None, Link("snippet")),
        )
    )
    return Entry(
        "0123456789abcdef",
        Kind.APPLY,
        "root",
        "2026-11-24T11:00:00Z",
        "prefork → event",
        "",
        str(tree),
        changes,
    )


def there(tree: Path) -> dict[str, str]:
    return {
        path.name: os.readlink(path) if path.is_symlink() else path.read_text()
        for path in tree.iterdir()
    }


BEFORE = {"snippet": "old\n", "prefork.load": "../prefork"}
AFTER = {"snippet": "new\n", "event.load": "../event", "enabled": "snippet"}


def test_it_is_written_down_first_then_carried_out_then_filed_away(
    state: StateDirectory, tree: Path
) -> None:
    transaction = begin(state, entry(tree))
    assert there(tree) == BEFORE
    noted = state.journal()
    assert noted is not None
    assert noted.phase is Phase.WRITING
    transaction.write()
    assert there(tree) == AFTER
    transaction.note(Phase.ACTING, action="graceful")
    assert state.journal() == transaction.entry
    transaction.commit()
    assert state.journal() is None
    (filed,) = state.history()
    assert (filed.phase, filed.action, filed.number) == (Phase.IN_FORCE, "graceful", 1)
    assert transaction.remarks == []


def test_it_can_be_taken_back_until_it_is_committed(state: StateDirectory, tree: Path) -> None:
    transaction = begin(state, entry(tree))
    transaction.write()
    assert transaction.undo("httpd did not come up.") == ()
    assert there(tree) == BEFORE
    (filed,) = state.history()
    assert (filed.phase, filed.why) == (Phase.REVERTED, "httpd did not come up.")


def test_what_has_changed_since_it_was_read_stops_it_before_it_begins(
    state: StateDirectory, tree: Path
) -> None:
    (tree / "snippet").write_text("edited\n")
    with pytest.raises(InputError, match="snippet is no longer what it was"):
        begin(state, entry(tree))
    assert state.journal() is None


def test_a_journal_that_cannot_be_written_changes_nothing(
    state: StateDirectory, tree: Path
) -> None:
    Path(state.path, "journal.json").mkdir()  # reading it says that it is no file
    with pytest.raises(InputError, match=r"journal\.json cannot be read"):
        begin(state, entry(tree))
    Path(state.path, "journal.json").rmdir()
    Path(state.path, "journal.new").mkdir()
    with pytest.raises(RolledBackError, match="Nothing was changed"):
        begin(state, entry(tree))
    assert there(tree) == BEFORE


def in_the_way(tree: Path) -> None:
    """Let the last change fail: something takes its spare name. Undoing cannot remove it either."""
    (tree / SPARE).mkdir()


def test_a_step_that_fails_takes_back_those_before_it(state: StateDirectory, tree: Path) -> None:
    transaction = begin(state, entry(tree))
    (tree / "event.load").symlink_to("../theirs")
    with pytest.raises(RolledBackError, match=r"event\.load is there already"):
        transaction.write()
    assert there(tree) == BEFORE | {"event.load": "../theirs"}
    assert state.history()[0].phase is Phase.REVERTED


def test_an_edit_in_what_was_written_already_is_a_rollback_that_is_not_whole(
    state: StateDirectory, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    transaction = begin(state, entry(tree))
    note = transaction.note

    def edited(phase: Phase, **more: str) -> None:
        if phase is Phase.WRITTEN:
            (tree / "snippet").write_text("edited\n")
            raise OSError("no more")
        note(phase, **more)

    monkeypatch.setattr(transaction, "note", edited)
    with pytest.raises(NotRolledBackError, match="snippet was edited by someone else"):
        transaction.write()
    assert there(tree) == BEFORE | {"snippet": "edited\n"}


def test_an_edit_in_what_was_written_is_kept_and_named(state: StateDirectory, tree: Path) -> None:
    transaction = begin(state, entry(tree))
    transaction.write()
    (tree / "snippet").write_text("edited\n")
    assert transaction.undo("why") == (f"{tree}/snippet",)
    assert there(tree) == BEFORE | {"snippet": "edited\n"}


def test_when_nothing_can_be_put_back_the_commands_are_given(
    state: StateDirectory, tree: Path
) -> None:
    transaction = begin(state, entry(tree))
    transaction.write()
    in_the_way(tree)
    with pytest.raises(NotRolledBackError, match="The change is not taken back") as caught:
        transaction.undo("why")
    assert "mpmtune recover" in caught.value.hint
    # Two steps back needed no name of their own, and the third found its name taken.
    assert not (tree / "enabled").is_symlink()
    assert f"ln -sfn ../prefork {tree}/prefork.load\n" in caught.value.hint
    assert f"{tree}/event.load" not in caught.value.hint
    (tree / SPARE).rmdir()
    done = recover(state)
    assert done is not None
    assert not done.in_force
    assert there(tree) == BEFORE
    assert state.history()[0].why == "why"


def test_where_httpd_was_restarted_the_commands_do_not_end_with_the_files(
    state: StateDirectory, tree: Path
) -> None:
    transaction = begin(state, entry(tree))
    transaction.write()
    transaction.note(Phase.ACTING, action="graceful")
    in_the_way(tree)
    with pytest.raises(NotRolledBackError) as caught:
        transaction.undo("why")
    assert caught.value.hint.endswith("\n  Then stop httpd, and start it:")


def test_an_interrupt_takes_it_back_and_goes_on(
    state: StateDirectory, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    transaction = begin(state, entry(tree))
    carry_out = Disk.carry_out

    def interrupted(disk: Disk, change: Rename) -> None:
        carry_out(disk, change)
        if change == transaction.entry.changes.changes[1]:
            raise KeyboardInterrupt

    monkeypatch.setattr(Disk, "carry_out", interrupted)
    with pytest.raises(KeyboardInterrupt):
        transaction.write()
    assert there(tree) == BEFORE
    assert state.history()[0].why == "It was interrupted."


@pytest.mark.parametrize(
    ("error", "said"),
    [(MemoryError(), "Memory ran out."), (OSError(28, "No space"), "The system refused: No space")],
)
def test_whatever_fails_is_said_in_a_sentence(
    state: StateDirectory,
    tree: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    said: str,
) -> None:
    transaction = begin(state, entry(tree))

    def fails(disk: Disk, change: Rename) -> None:
        raise error

    monkeypatch.setattr(Disk, "carry_out", fails)
    with pytest.raises(RolledBackError, match=said):
        transaction.write()


@pytest.mark.parametrize("done", range(5))
def test_recover_takes_back_whatever_was_done(state: StateDirectory, tree: Path, done: int) -> None:
    begin(state, entry(tree))
    disk = Disk(SPARE)
    for change in entry(tree).changes.changes[:done]:
        disk.carry_out(change)
    (tree / SPARE).write_text("half of a fi")
    recovered = recover(state)
    assert recovered is not None
    assert (recovered.in_force, recovered.left, recovered.remarks) == (False, (), ())
    assert there(tree) == BEFORE
    assert recover(state) is None
    assert state.history()[0].phase is Phase.REVERTED


def written(state: StateDirectory, tree: Path, phase: Phase) -> None:
    """Carry it out, and leave the journal as a crash at that phase would."""
    transaction = begin(state, entry(tree))
    transaction.write()
    state.write_journal(replace(transaction.entry, phase=phase))


def test_recover_keeps_what_was_in_force(state: StateDirectory, tree: Path) -> None:
    written(state, tree, Phase.IN_FORCE)
    recovered = recover(state)
    assert recovered is not None
    assert recovered.in_force
    assert there(tree) == AFTER
    assert state.history()[0].phase is Phase.IN_FORCE


def test_recover_keeps_what_was_in_force_also_when_it_was_edited_since(
    state: StateDirectory, tree: Path
) -> None:
    written(state, tree, Phase.IN_FORCE)
    (tree / "snippet").write_text("edited\n")
    recovered = recover(state)
    assert recovered is not None
    assert recovered.in_force
    assert there(tree) == AFTER | {"snippet": "edited\n"}


def test_a_journal_that_says_in_force_too_early_is_not_believed(
    state: StateDirectory, tree: Path
) -> None:
    written(state, tree, Phase.IN_FORCE)
    (tree / "enabled").unlink()  # as if the change were being taken back
    recovered = recover(state)
    assert recovered is not None
    assert not recovered.in_force
    assert there(tree) == BEFORE


def test_recover_leaves_what_someone_else_has_edited(state: StateDirectory, tree: Path) -> None:
    written(state, tree, Phase.VERIFYING)
    (tree / "snippet").write_text("edited\n")
    recovered = recover(state)
    assert recovered is not None
    assert recovered.left == (f"{tree}/snippet",)
    assert there(tree) == BEFORE | {"snippet": "edited\n"}
    assert state.journal() is None


def test_what_is_interrupted_at_its_beginning_leaves_no_journal(
    state: StateDirectory, tree: Path
) -> None:
    class Interrupted(StateDirectory):
        def write_journal(self, entry: Entry) -> None:
            super().write_journal(entry)
            raise KeyboardInterrupt

    interrupted = Interrupted(state.path, state.handle, os.open(f"{state.path}/history", 0))
    with pytest.raises(KeyboardInterrupt):
        begin(interrupted, entry(tree))
    assert state.journal() is None


def test_an_unfinished_change_keeps_the_next_from_beginning(
    state: StateDirectory, tree: Path
) -> None:
    begin(state, entry(tree))
    with pytest.raises(InputError, match="An earlier change is unfinished: prefork → event") as no:
        begin(state, entry(tree))
    assert no.value.hint == f"Run: mpmtune recover --state {state.path}"


@pytest.mark.parametrize("phase", [Phase.IN_FORCE, Phase.REVERTED])
def test_a_finished_change_whose_journal_was_not_filed_away_keeps_nobody(
    state: StateDirectory, tree: Path, phase: Phase
) -> None:
    first = begin(state, entry(tree))
    if phase is Phase.IN_FORCE:
        first.write()
    state.write_journal(replace(first.entry, phase=phase))
    changes = first.entry.changes
    if phase is Phase.IN_FORCE:
        changes = changes.invert()
    begin(state, replace(entry(tree), changes=changes))
    assert [filed.phase for filed in state.history()] == [phase]


def test_a_history_that_takes_nothing_more_is_a_remark(state: StateDirectory, tree: Path) -> None:
    transaction = begin(state, entry(tree))
    transaction.write()
    Path(state.path, "history").rmdir()
    transaction.commit()
    assert there(tree) == AFTER
    (remark,) = transaction.remarks
    assert remark.endswith(
        "could not be filed away: No such file or directory."
        f" Run: mpmtune recover --state {state.path}"
    )


def test_a_journal_that_takes_nothing_more_keeps_no_file_from_going_back(
    state: StateDirectory, tree: Path
) -> None:
    transaction = begin(state, entry(tree))
    transaction.write()
    Path(state.path, "journal.new").mkdir()
    with pytest.raises(RolledBackError, match="Every file is as it was") as caught:
        transaction.commit()
    assert there(tree) == BEFORE
    assert "missing in the history" in caught.value.hint
    assert state.journal() is None


def test_a_confirmation_that_is_written_and_not_synced_is_one(
    state: StateDirectory, tree: Path
) -> None:
    transaction = begin(state, entry(tree))
    transaction.write()
    transaction.note(Phase.AWAITING_CONFIRM)
    # Through such a descriptor names can be changed, and nothing can be synced.
    unsynced = os.open(state.path, os.O_PATH)
    history = os.open(f"{state.path}/history", os.O_RDONLY)
    try:
        done = confirm(StateDirectory(state.path, unsynced, history), transaction.entry)
    finally:
        os.close(unsynced)
        os.close(history)
    assert done.remarks[0].endswith("A power failure may take the change back.")
    assert [one.phase for one in state.history()] == [Phase.IN_FORCE]


def test_a_confirmation_that_cannot_be_written_is_none(state: StateDirectory, tree: Path) -> None:
    transaction = begin(state, entry(tree))
    transaction.write()
    transaction.note(Phase.AWAITING_CONFIRM)
    Path(state.path, "journal.new").mkdir()
    with pytest.raises(InputError, match="cannot be written"):
        confirm(state, transaction.entry)
    Path(state.path, "journal.new").rmdir()
    recovered = recover(state)
    assert recovered is not None
    assert not recovered.in_force
