"""An earlier change that is not finished: what stands in the way of the next one."""

from __future__ import annotations

import calendar
import os
import time
from typing import TYPE_CHECKING

from mpmtune.apply.entry import TIME, Phase
from mpmtune.apply.lock import only_one
from mpmtune.apply.state_directory import state_directory, typed
from mpmtune.errors import InputError
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from mpmtune.apply.entry import Entry
    from mpmtune.apply.state_directory import StateDirectory

_MINUTES_FROM = 120  # seconds below this are not counted in minutes


def unfinished(path: str) -> Entry | None:
    """Find the change that a state directory, which is not made for that, holds unfinished.

    Returns:
        The change; None where none is under way, or we may not look.

    Raises:
        InputError: if the directory is not safe, or its journal damaged.
    """
    if not os.access(path, os.R_OK | os.X_OK):
        return None
    with state_directory(path) as state:
        return _unfinished(state)


def require_nothing_unfinished(path: str) -> None:
    """Look whether another change may begin; the state directory is made if it is not there yet.

    Raises:
        InputError: if an earlier change is unfinished, or the directory cannot be used.
        LockedError: if one is being made at this moment.
        RolledBackError: if the system refuses the directory; nothing was changed.
    """
    with state_directory(path) as state, only_one(state):
        entry = _unfinished(state)
    if entry is not None:
        raise in_the_way(entry, path)


def _unfinished(state: StateDirectory) -> Entry | None:
    """Leave out what had ended when its journal could not be filed away."""
    entry = state.journal()
    ended = entry is not None and entry.phase in {Phase.IN_FORCE, Phase.REVERTED}
    return None if ended else entry


def waits(entry: Entry) -> bool:
    """Tell whether a change is in force until someone confirms it, or its time is over."""
    return entry.phase is Phase.AWAITING_CONFIRM


def in_the_way(entry: Entry, path: str) -> InputError:
    """Say that the change in a state directory is not finished, and what finishes it."""
    what = printable(entry.summary)
    if not waits(entry):
        sentence = f"An earlier change is unfinished: {what}."
        return InputError(sentence, f"Run: {typed('recover', path)}")
    return InputError(
        f"{what} waits for its confirmation; it is taken back {when(entry)}.",
        f"Keep it: {typed('confirm', path)}\n  Or take it back now: {typed('rollback', path)}",
    )


def when(entry: Entry) -> str:
    """Say when a change is taken back that nobody confirms: ``in 97 s (at …Z)``."""
    try:
        deadline = calendar.timegm(time.strptime(entry.confirm_by, TIME))
    except ValueError:  # it was written by nobody of ours
        return "when its time is over"
    left = round(deadline - time.time())
    if left <= 0:
        return f"as its time is over (since {entry.confirm_by})"
    number = f"{left} s" if left < _MINUTES_FROM else f"{left // 60} min"
    return f"in {number} (at {entry.confirm_by})"
