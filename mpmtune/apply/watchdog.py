"""Takes a change back that nobody confirms, or whose process has died: outside of every login.

Run as ``python -m mpmtune.apply.watchdog STATE IDENTITY DEADLINE``; ``arm`` does that.
"""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from mpmtune.apply.lock import only_one
from mpmtune.apply.state_directory import state_directory
from mpmtune.apply.waiting import waits
from mpmtune.errors import LockedError, MpmtuneError
from mpmtune.host.detached import start_detached

if TYPE_CHECKING:
    from mpmtune.apply.entry import Entry
    from mpmtune.apply.state_directory import StateDirectory

_TICK_SECONDS = 0.5
# What could not be taken back is tried again as long as this, then left to ``mpmtune recover``.
_PATIENCE_SECONDS = 600


def arm(state_path: str, identity: str, deadline: float) -> None:
    """Start the watchdog of a change.

    Args:
        state_path: The state directory.
        identity: Of the change's entry.
        deadline: When it is taken back unless confirmed, seconds since 1970.

    Raises:
        OSError: if it cannot be started.
    """
    program = (sys.executable, "-I", "-m", __name__)
    start_detached((*program, state_path, identity, f"{deadline:.3f}"), f"mpmtune-{identity}")


def watch(state_path: str, identity: str, deadline: float) -> None:
    """Wait until the change is confirmed or taken back, or take it back."""
    while time.time() < deadline + _PATIENCE_SECONDS:
        with suppress(MpmtuneError, OSError):
            if _finished(state_path, identity, deadline):
                return
        time.sleep(_TICK_SECONDS)


def _finished(state_path: str, identity: str, deadline: float) -> bool:
    from mpmtune.apply.recovering import recover_held

    with state_directory(state_path) as state:
        # Looked at without the lock first: whoever confirms the change at this moment needs it.
        entry = _meant(state, identity)
        if entry is None or _has_time(entry, deadline):
            return entry is None
        try:
            with only_one(state):
                entry = _meant(state, identity)
                if entry is None or _has_time(entry, deadline):
                    return entry is None
                # Whoever carries it out holds the lock: without it, and not waiting, it is dead.
                why = "It was not confirmed in time." if waits(entry) else "It was interrupted."
                recover_held(state, why)
        except LockedError:
            return False
    return True


def _meant(state: StateDirectory, identity: str) -> Entry | None:
    entry = state.journal()
    return entry if entry is not None and entry.identity == identity else None


def _has_time(entry: Entry, deadline: float) -> bool:
    return waits(entry) and time.time() < deadline


if __name__ == "__main__":
    watch(sys.argv[1], sys.argv[2], float(sys.argv[3]))
