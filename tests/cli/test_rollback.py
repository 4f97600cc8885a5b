"""``mpmtune rollback`` and ``mpmtune recover``: from the outside, on files of the test's own."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from mpmtune.apply.entry import Kind, Phase
from mpmtune.apply.files_only import carry_out
from mpmtune.apply.lock import only_one
from mpmtune.apply.new_entry import new_entry
from mpmtune.apply.state_directory import state_directory
from mpmtune.apply.transaction import begin
from mpmtune.cli.app import run
from mpmtune.model.changes import ChangeSet, FileChange, Regular

if TYPE_CHECKING:
    from pathlib import Path

    from mpmtune.apply.entry import Entry

TEXTS = ("Timeout 60\n", "Timeout 50\n", "Timeout 40\n")


def regular(text: str) -> Regular:
    return Regular(text.encode(), 0o644, os.geteuid(), os.getegid())


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    made = tmp_path / "etc"
    made.mkdir()
    (made / "a.conf").write_text(TEXTS[0])
    return made


def entry(tree: Path, number: int) -> Entry:
    """The change from one text to the next."""
    before, after = map(regular, TEXTS[number - 1 : number + 1])
    changes = ChangeSet((FileChange(f"{tree}/a.conf", before, after),))
    return new_entry(Kind.APPLY, f"change {number}", str(tree), changes)


def mpmtune(tree: Path, *arguments: str) -> int:
    files_only = [] if {"--list", "--diff"} & set(arguments) else ["--files-only"]
    return run([*arguments, *files_only, "--state", str(tree.parent / "state")])


def applied(tree: Path, *numbers: int) -> None:
    for number in numbers:
        carry_out(str(tree.parent / "state"), entry(tree, number))


def test_the_last_change_is_taken_back_then_the_one_before(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    applied(tree, 1, 2)
    assert mpmtune(tree, "rollback") == 0
    assert (tree / "a.conf").read_text() == TEXTS[1]
    said = capsys.readouterr()
    assert said.out == "rollback of change 2: the files are as they were. httpd runs on as it is.\n"
    assert mpmtune(tree, "rollback", "-q") == 0
    assert (tree / "a.conf").read_text() == TEXTS[0]
    assert mpmtune(tree, "rollback") == 2
    assert "There is nothing to roll back" in capsys.readouterr().err


def test_two_changes_at_once_are_one_rollback_which_can_be_taken_back(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    applied(tree, 1, 2)
    assert mpmtune(tree, "rollback", "2") == 0
    assert (tree / "a.conf").read_text() == TEXTS[0]
    assert capsys.readouterr().out.startswith("rollback of changes 2, 1: ")
    assert mpmtune(tree, "rollback", "--entry", "3") == 0
    assert (tree / "a.conf").read_text() == TEXTS[2]
    assert mpmtune(tree, "rollback", "--entry", "3") == 2


def test_a_number_of_changes_and_one_of_them_exclude_each_other(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert mpmtune(tree, "rollback", "1", "--entry", "1") == 2
    assert "N and --entry exclude each other." in capsys.readouterr().err
    assert mpmtune(tree, "rollback", "one") == 2
    assert "See mpmtune rollback --help." in capsys.readouterr().err


def test_the_difference_is_shown_and_nothing_done(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    applied(tree, 1)
    assert mpmtune(tree, "rollback", "--diff") == 0
    assert capsys.readouterr().out.splitlines()[3:5] == ["-Timeout 50", "+Timeout 60"]
    assert (tree / "a.conf").read_text() == TEXTS[1]


def test_an_edited_file_is_never_overwritten(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    applied(tree, 1)
    (tree / "a.conf").write_text("# mine\n")
    assert mpmtune(tree, "rollback") == 2
    assert "a.conf was edited since change 1; nothing was done" in capsys.readouterr().err
    assert (tree / "a.conf").read_text() == "# mine\n"


def test_changes_of_two_servers_are_rolled_back_one_by_one(
    tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "other").mkdir()
    applied(tree, 1)
    second = replace(entry(tree, 2), server_root=str(tmp_path / "other"))
    carry_out(str(tmp_path / "state"), second)
    assert mpmtune(tree, "rollback", "2") == 2
    assert "more than one httpd" in capsys.readouterr().err
    assert mpmtune(tree, "rollback") == 0


def test_the_history_says_who_when_what_and_whether_it_still_counts(
    tree: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert mpmtune(tree, "rollback", "--list") == 0
    assert capsys.readouterr().out == "mpmtune has changed nothing here.\n"
    assert not (tree.parent / "state").exists()
    monkeypatch.setenv("SUDO_USER", "al\x1b[2Jice")
    applied(tree, 1, 2)
    assert mpmtune(tree, "rollback", "-q") == 0
    with state_directory(str(tree.parent / "state")) as state:
        begin(state, entry(tree, 2)).undo("httpd did not come up.")
    assert mpmtune(tree, "rollback", "--list", "-v") == 0
    lines = capsys.readouterr().out.splitlines()
    heads = [line for line in lines if line[:3].strip().isdigit()]
    assert [line.split("  ")[-1] for line in heads] == [
        "taken back",
        "in force",
        "taken back later",
        "in force",
    ]
    assert r"(sudo by al\x1b[2Jice)" in heads[0]
    assert "     httpd did not come up." in lines
    assert lines.count("+Timeout 40") == 2


def waiting(tree: Path, number: int) -> None:
    """Leave a change as apply --confirm-within does."""
    with state_directory(str(tree.parent / "state")) as state:
        transaction = begin(state, entry(tree, number))
        transaction.write()
        transaction.note(Phase.AWAITING_CONFIRM, confirm_by="2999-01-01T00:00:00Z")


def test_a_change_that_waits_for_its_confirmation_is_the_last_one(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    applied(tree, 1)
    waiting(tree, 2)
    assert mpmtune(tree, "rollback", "--list") == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("  -  ")
    assert "waits for its confirmation, is taken back in " in first
    assert second.endswith("in force")
    assert mpmtune(tree, "rollback", "--diff") == 0
    assert capsys.readouterr().out.splitlines()[3:5] == ["-Timeout 40", "+Timeout 50"]
    assert mpmtune(tree, "rollback", "2") == 2
    assert mpmtune(tree, "rollback", "--entry", "1") == 2
    assert capsys.readouterr().err.count("Keep it: mpmtune confirm --state ") == 2
    assert mpmtune(tree, "rollback") == 0
    assert capsys.readouterr().out == (
        "change 2: taken back. It was rolled back before it was confirmed.\n"
    )
    assert (tree / "a.conf").read_text() == TEXTS[1]
    assert mpmtune(tree, "rollback") == 0
    assert (tree / "a.conf").read_text() == TEXTS[0]


def test_a_change_that_waits_is_taken_back_from_httpd_too(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """httpd was not touched for this one, so its files are all."""
    waiting(tree, 1)
    assert run(["rollback", "--state", str(tree.parent / "state")]) == 0
    assert "change 1: taken back." in capsys.readouterr().out
    assert (tree / "a.conf").read_text() == TEXTS[0]


def test_an_unfinished_change_is_in_the_list(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with state_directory(str(tree.parent / "state")) as state:
        begin(state, entry(tree, 1))
    assert mpmtune(tree, "rollback", "--list") == 0
    assert capsys.readouterr().out.splitlines()[0].endswith("unfinished")


def test_recover_takes_back_what_was_interrupted(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert mpmtune(tree, "recover") == 0
    assert capsys.readouterr().err == "Nothing is unfinished.\n"
    assert mpmtune(tree, "recover", "-q") == 0
    with state_directory(str(tree.parent / "state")) as state:
        begin(state, entry(tree, 1)).write()
    assert (tree / "a.conf").read_text() == TEXTS[1]
    assert mpmtune(tree, "recover") == 0
    assert capsys.readouterr().err == "change 1: taken back. It was interrupted.\n"
    assert (tree / "a.conf").read_text() == TEXTS[0]


def test_recover_says_what_stays_in_force(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with state_directory(str(tree.parent / "state")) as state:
        transaction = begin(state, entry(tree, 1))
        transaction.write()
        state.write_journal(replace(transaction.entry, phase=Phase.IN_FORCE))
    assert mpmtune(tree, "recover") == 0
    said = capsys.readouterr()
    assert said.err == "change 1: it had come into force, and stays so.\n"
    assert mpmtune(tree, "recover", "-q") == 0
    assert capsys.readouterr().err == ""


def test_recover_leaves_an_edit_and_says_so(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with state_directory(str(tree.parent / "state")) as state:
        begin(state, entry(tree, 1)).write()
    (tree / "a.conf").write_text("# mine\n")
    assert mpmtune(tree, "recover", "-q") == 4
    assert "a.conf was edited by someone else since, and is left so" in capsys.readouterr().err
    assert (tree / "a.conf").read_text() == "# mine\n"


def test_who_finds_the_lock_held_ends_with_75(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    applied(tree, 1)
    with state_directory(str(tree.parent / "state")) as state, only_one(state):
        assert mpmtune(tree, "rollback") == 75
        assert mpmtune(tree, "recover") == 75
    assert capsys.readouterr().err.count("Another mpmtune is changing the configuration.") == 2


def test_an_unfinished_change_is_recovered_first(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    applied(tree, 1)
    with state_directory(str(tree.parent / "state")) as state:
        begin(state, entry(tree, 2))
    assert mpmtune(tree, "rollback") == 2
    assert "Run: mpmtune recover" in capsys.readouterr().err


def test_a_damaged_journal_is_named(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with state_directory(str(tree.parent / "state")):
        (tree.parent / "state/journal.json").write_text("{")
        (tree.parent / "state/history/000001.json").mkdir()
    assert mpmtune(tree, "recover") == 2
    assert "journal.json is damaged" in capsys.readouterr().err
    (tree.parent / "state/journal.json").unlink()
    assert mpmtune(tree, "rollback") == 2
    assert "000001.json cannot be read" in capsys.readouterr().err


def test_a_user_without_a_name_is_known_by_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 3_999_999)
    monkeypatch.delenv("SUDO_USER", raising=False)
    assert new_entry(Kind.APPLY, "", "/", ChangeSet()).who == "user 3999999"


def test_the_unit_for_systemd_is_printed(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["recover", "--unit", "--state", str(tree.parent / "state")]) in {0, 2}
    said = capsys.readouterr()
    line = (
        f"ExecStart={sys.executable} -I -m mpmtune recover --files-only --state {tree.parent}/state"
    )
    assert line in said.out or "would have to be quoted" in said.err
