"""What a rollback takes back: the last changes in force, and never someone else's edit."""

from __future__ import annotations

import pytest

from mpmtune.apply.entry import Entry, Kind, Phase
from mpmtune.apply.rolling_back import in_force, last_applied, numbered, taking_back
from mpmtune.errors import InputError
from mpmtune.model.changes import ChangeSet, FileChange, Regular

ONE, TWO, THREE, THEIRS = (Regular(text, 0o644, 0, 0) for text in (b"1", b"2", b"3", b"x"))


def entry(number: int, changes: ChangeSet | None = None, **more: object) -> Entry:
    fields = {
        "identity": "0123456789abcdef",
        "kind": Kind.APPLY,
        "who": "root",
        "began": "",
        "summary": "",
        "plan_digest": "",
        "server_root": "/e",
        "changes": changes or ChangeSet(),
        "phase": Phase.IN_FORCE,
        "number": number,
    }
    return Entry(**(fields | more))  # type: ignore[arg-type]  # one dict for all fields


def rollback(number: int, *undoes: int) -> Entry:
    return entry(number, kind=Kind.ROLLBACK, undoes=undoes)


def numbers(entries: tuple[Entry, ...]) -> list[int]:
    return [one.number for one in entries]


def test_what_was_reverted_or_taken_back_is_not_in_force() -> None:
    history = (entry(1), entry(2, phase=Phase.REVERTED), entry(3), rollback(4, 3))
    assert numbers(in_force(history)) == [1, 4]
    assert numbers(last_applied(history, 1)) == [1]
    assert numbers(numbered(history, 4)) == [4]


def test_a_rollback_that_is_taken_back_lets_the_change_be_in_force_again() -> None:
    history = (entry(1), entry(2), rollback(3, 2, 1), rollback(4, 3))
    assert numbers(in_force(history)) == [1, 2, 4]
    assert numbers(last_applied(history, 2)) == [2, 1]


def test_more_than_there_is_cannot_be_rolled_back() -> None:
    with pytest.raises(InputError, match="There is nothing to roll back"):
        last_applied((), 1)
    with pytest.raises(InputError, match="2 changes cannot be rolled back: 1 change is in force"):
        last_applied((entry(1),), 2)
    with pytest.raises(InputError, match=r"3 changes .*: 2 changes are in force"):
        last_applied((entry(1), entry(2)), 3)
    with pytest.raises(InputError, match="Change 3 is not in force"):
        numbered((entry(1),), 3)


FIRST = entry(1, ChangeSet((FileChange("/a", None, ONE),)))
SECOND = entry(2, ChangeSet((FileChange("/a", ONE, TWO), FileChange("/b", None, ONE))))


def test_a_change_on_which_a_later_one_stands_is_not_taken_back_alone() -> None:
    other = entry(3, ChangeSet((FileChange("/c", None, ONE),)))
    assert numbers(numbered((FIRST, other), 1)) == [1]
    with pytest.raises(InputError, match="change 2 came after it and is about /a, too") as no:
        numbered((FIRST, SECOND), 1)
    assert no.value.hint == "Take that one back first: mpmtune rollback --entry 2"


def test_several_changes_are_taken_back_one_after_the_other() -> None:
    made = taking_back((SECOND, FIRST), {"/a": TWO, "/b": ONE})
    assert made.changes == (
        FileChange("/b", ONE, None),
        FileChange("/a", TWO, ONE),
        FileChange("/a", ONE, None),
    )


def test_an_edit_of_someone_else_is_named_and_nothing_is_done() -> None:
    with pytest.raises(InputError, match="/a was edited since change 2; nothing was done"):
        taking_back((SECOND, FIRST), {"/a": THEIRS, "/b": ONE})
    with pytest.raises(InputError, match="/b was edited since change 2"):
        taking_back((SECOND,), {"/a": TWO, "/b": None})


def test_an_edit_between_two_changes_is_found_too() -> None:
    third = entry(3, ChangeSet((FileChange("/a", THEIRS, THREE),)))
    assert taking_back((third,), {"/a": THREE}).after == {"/a": THEIRS}
    with pytest.raises(InputError, match="/a was edited since change 1"):
        taking_back((third, FIRST), {"/a": THREE})
