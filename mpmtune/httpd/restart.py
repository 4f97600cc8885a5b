"""What a restart can change, graceful or not, and what needs a stop and a start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.corrections import Corrected, Frozen, Reading, correct
from mpmtune.model.plan import Effect

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mpmtune.model.httpd import Mpm

# ServerLimit and ThreadLimit sized the scoreboard when the parent started. A ratio of listener
# buckets met at a restart binds a second socket to a port that is taken: AH00072.
NEEDS_A_START = frozenset({"ServerLimit", "ThreadLimit", "ListenCoresBucketsRatio"})


def effect_of(directive: str) -> Effect:
    """Tell what puts a changed value of a directive in force; the manual's spelling."""
    return Effect.RESTART if directive in NEEDS_A_START else Effect.GRACEFUL


def read_again(mpm: Mpm, written: Mapping[str, int], running: Mapping[str, int]) -> Corrected:
    """Do what check_config does at a restart of a running parent.

    Args:
        mpm: The MPM; it cannot change (AH00534).
        written: The numbers now in the configuration.
        running: The values that the first reading left in force.
    """
    return correct(mpm, written, reading=Reading.LOG, frozen=Frozen.by(running))
