"""Changes as values: their order is proved, they turn round, and what is undone is ours alone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpmtune.model.changes import ChangeSet, FileChange, Link, Regular, Rename, State

OLD, NEW, THEIRS = (Regular(text, 0o644, 0, 0) for text in (b"old\n", b"new\n", b"theirs\n"))
PREFORK, EVENT = (
    Link("../mods-available/mpm_prefork.load"),
    Link("../mods-available/mpm_event.load"),
)
SWITCH = ChangeSet(
    (
        FileChange("/s/snippet", None, NEW),
        FileChange("/e/prefork.load", PREFORK, EVENT),
        Rename("/e/prefork.load", "/e/event.load", EVENT),
    )
)
STATES: list[dict[str, State]] = [
    {"/s/snippet": None, "/e/prefork.load": PREFORK, "/e/event.load": None},
    {"/s/snippet": NEW, "/e/prefork.load": PREFORK, "/e/event.load": None},
    {"/s/snippet": NEW, "/e/prefork.load": EVENT, "/e/event.load": None},
    {"/s/snippet": NEW, "/e/prefork.load": None, "/e/event.load": EVENT},
]


def carried(changes: ChangeSet | tuple[object, ...], there: dict[str, State]) -> dict[str, State]:
    """What lies there after the changes, each of which must find what it expects."""
    held = dict(there)
    for change in changes.changes if isinstance(changes, ChangeSet) else changes:
        for path, before, after in change.effect:  # type: ignore[attr-defined]  # any change
            assert held[path] == before
            held[path] = after
    return held


def test_a_change_set_knows_what_is_there_before_and_after() -> None:
    assert SWITCH.before == STATES[0]
    assert SWITCH.after == STATES[3]
    assert bool(SWITCH)
    assert not ChangeSet()


def test_the_inverse_leads_back_and_its_inverse_is_the_original() -> None:
    assert carried(SWITCH.invert(), STATES[3]) == STATES[0]
    assert SWITCH.invert().invert() == SWITCH


@pytest.mark.parametrize("done", range(4))
def test_whatever_a_crash_has_left_there_is_a_way_back(done: int) -> None:
    back = SWITCH.way_back(STATES[done])
    assert len(back.changes) == done
    assert back.foreign == ()
    assert carried(back.changes, STATES[done]) == STATES[0]


def test_what_someone_else_has_written_is_named_and_not_touched() -> None:
    there = STATES[3] | {"/s/snippet": THEIRS}
    back = SWITCH.way_back(there)
    assert back.foreign == ("/s/snippet",)
    assert carried(back.changes, there) == STATES[0] | {"/s/snippet": THEIRS}


def test_what_someone_else_has_put_back_already_is_no_obstacle() -> None:
    back = SWITCH.way_back(STATES[3] | {"/s/snippet": None})
    assert back.foreign == ()
    assert len(back.changes) == 2


def test_a_file_whose_mode_was_changed_is_someone_elses() -> None:
    there = STATES[3] | {"/s/snippet": Regular(b"new\n", 0o600, 0, 0)}
    assert SWITCH.way_back(there).foreign == ("/s/snippet",)


def test_steps_that_do_not_follow_from_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="the change of /a does not follow"):
        ChangeSet((FileChange("/a", None, OLD), FileChange("/a", NEW, OLD)))
    with pytest.raises(ValueError, match="does not follow"):
        ChangeSet((FileChange("/a", OLD, OLD),))
    with pytest.raises(ValueError, match="does not follow"):
        SWITCH.then(SWITCH)


def test_changes_there_and_back_can_stand_one_after_the_other() -> None:
    round_trip = SWITCH.then(SWITCH.invert())
    assert round_trip.before == round_trip.after == STATES[0]
    assert round_trip.way_back(STATES[0]).changes == ()


def test_the_digest_tells_contents_modes_targets_and_order_apart() -> None:
    variants = [
        SWITCH,
        SWITCH.invert(),
        ChangeSet(SWITCH.changes[1:]),
        ChangeSet((FileChange("/s/snippet", None, OLD),)),
        ChangeSet((FileChange("/s/snippet", None, Regular(b"old\n", 0o600, 0, 0)),)),
        ChangeSet((FileChange("/s/snippet", None, Link("old")),)),
        ChangeSet((FileChange("/s/\udcff", None, Link("old")),)),
    ]
    assert len({changes.digest for changes in variants}) == 7
    assert OLD.digest == "01d09d19c2139a46aebfb577780d123d7396e97201bc7ead210a2ebff8239dee"


PATHS = ("/a", "/b")


@st.composite
def change_sets(draw: st.DrawFn) -> ChangeSet:
    """Any changes of two paths that follow from each other."""
    held: dict[str, State] = {path: draw(st.sampled_from((None, OLD, PREFORK))) for path in PATHS}
    changes: list[FileChange | Rename] = []
    for _ in range(draw(st.integers(1, 5))):
        source, target = draw(st.permutations(PATHS))
        there = held[source]
        if there is not None and held[target] is None and draw(st.booleans()):
            changes.append(Rename(source, target, there))
            held |= {source: None, target: there}
            continue
        after = draw(st.sampled_from([s for s in (None, OLD, NEW, PREFORK, EVENT) if s != there]))
        changes.append(FileChange(source, there, after))
        held[source] = after
    return ChangeSet(tuple(changes))


@settings(max_examples=200)
@given(change_sets(), st.data())
def test_a_way_back_leads_back_from_every_step(changes: ChangeSet, data: st.DataObject) -> None:
    there = dict(changes.before)
    for change in changes.changes[: data.draw(st.integers(0, len(changes.changes)))]:
        there |= {path: after for path, _, after in change.effect}
    back = changes.way_back(there)
    assert back.foreign == ()
    assert carried(back.changes, there) == changes.before
