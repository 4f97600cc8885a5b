"""An earlier change that is not finished: what is said of it, and to whom."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from mpmtune.apply.entry import TIME, Entry, Kind, Phase
from mpmtune.apply.lock import only_one
from mpmtune.apply.new_entry import new_entry
from mpmtune.apply.state_directory import DEFAULT, state_directory
from mpmtune.apply.waiting import in_the_way, require_nothing_unfinished, unfinished, when
from mpmtune.errors import InputError, LockedError
from mpmtune.model.changes import ChangeSet

if TYPE_CHECKING:
    from pathlib import Path


def entry(phase: Phase, seconds: float = 0) -> Entry:
    """A change in a phase, to be confirmed within so many seconds."""
    made = new_entry(Kind.APPLY, "prefork\x1b → event", "/etc/httpd", ChangeSet())
    deadline = time.strftime(TIME, time.gmtime(time.time() + seconds))
    return replace(made, phase=phase, confirm_by=deadline)


def journal(path: Path, phase: Phase) -> str:
    with state_directory(str(path)) as state:
        state.write_journal(entry(phase))
    return str(path)


def test_a_change_that_waits_is_named_with_what_keeps_it_and_what_takes_it_back() -> None:
    waiting = entry(Phase.AWAITING_CONFIRM, 97.5)
    said = in_the_way(waiting, DEFAULT)
    assert said.sentence in {
        f"prefork\\x1b → event waits for its confirmation; it is taken back in {left} s"
        f" (at {waiting.confirm_by})."
        for left in (96, 97, 98)
    }
    assert said.hint == "Keep it: mpmtune confirm\n  Or take it back now: mpmtune rollback"


def test_the_commands_are_those_for_the_state_directory_at_hand() -> None:
    said = in_the_way(entry(Phase.WRITTEN), "/srv/my state")
    assert said.sentence == "An earlier change is unfinished: prefork\\x1b → event."
    assert said.hint == "Run: mpmtune recover --state '/srv/my state'"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(3600, "in 60 min (at "), (125, "in 2 min (at "), (-5, "as its time is over (since ")],
)
def test_the_time_left_is_told_in_words(seconds: int, said: str) -> None:
    assert when(entry(Phase.AWAITING_CONFIRM, seconds + 0.5)).startswith(said)


def test_a_time_that_is_none_is_not_told() -> None:
    assert when(replace(entry(Phase.WRITTEN), confirm_by="soon")) == "when its time is over"


def test_nothing_is_unfinished_where_nothing_was_begun_or_all_has_ended(tmp_path: Path) -> None:
    path = str(tmp_path / "state")
    assert unfinished(path) is None
    assert not os.path.exists(path)
    require_nothing_unfinished(path)
    assert os.path.exists(path)
    for phase in (Phase.IN_FORCE, Phase.REVERTED):
        journal(tmp_path / "state", phase)
        assert unfinished(path) is None
        require_nothing_unfinished(path)


def test_what_is_unfinished_keeps_the_next_change_from_being_asked_about(tmp_path: Path) -> None:
    path = journal(tmp_path / "state", Phase.ACTING)
    found = unfinished(path)
    assert found is not None
    assert found.phase is Phase.ACTING
    with pytest.raises(InputError, match="An earlier change is unfinished"):
        require_nothing_unfinished(path)
    with (
        state_directory(path) as state,
        only_one(state),
        pytest.raises(LockedError, match="Another mpmtune"),
    ):
        require_nothing_unfinished(path)
