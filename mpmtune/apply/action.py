"""What puts changed values in force, told by what differs (facts: httpd/restart.py)."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from mpmtune.httpd.restart import effect_of
from mpmtune.model.plan import Effect

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mpmtune.model.server import Mpm

# An open socket keeps its queue, whatever signal comes (listen.c: it is inherited, not opened).
_OF_THE_SOCKETS = frozenset({"ListenBacklog"})


class Action(Enum):
    """What is done to httpd. Never HUP: it cuts every request in work off."""

    NOTHING = "nothing: httpd is not running"
    GRACEFUL = "graceful restart"
    STOP_AND_START = "stop and start"


def action_for(
    running: Mpm | None,
    coming: Mpm | None,
    before: Mapping[str, int | str],
    after: Mapping[str, int | str],
) -> Action:
    """Choose what puts new values in force.

    Args:
        running: The MPM of the running httpd; None when it is stopped.
        coming: The MPM that the new configuration loads.
        before: Directive → value in force now.
        after: Directive → value in force then.
    """
    if running is None:
        return Action.NOTHING
    differing = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    hard = {name for name in differing if effect_of(name) is Effect.RESTART}
    if running is not coming or hard or differing & _OF_THE_SOCKETS:
        return Action.STOP_AND_START
    return Action.GRACEFUL
