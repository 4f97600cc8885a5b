"""Visitors: requests at a fixed rate, whether the server keeps up or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmtune.bench.load.arrivals import arriving
from mpmtune.bench.load.connection import visit

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from mpmtune.bench.load.outcome import Outcome
    from mpmtune.bench.load.target import Target, Window


@dataclass(frozen=True, slots=True)
class Visitors:
    """An open loop: each visitor comes when due, opens a connection and makes one request.

    A visitor that is not answered within the deadline, from when it was due, is lost.

    Attributes:
        path: What they ask for.
        per_second: How many come in a second.
        deadline: Seconds after which one gives up.
        name: ``visitors``, or ``probe`` where they only watch another load.
        tls: Over TLS.
    """

    path: str
    per_second: float
    deadline: float = 1.0
    name: str = "visitors"
    tls: bool = False

    async def drive(self, target: Target, window: Window) -> Outcome:
        """Send them; those that were due before the measured time do not count."""

        def come() -> Awaitable[bool]:
            return visit(target, self.path, tls=self.tls)

        return await arriving(window, self.per_second, self.deadline, come)


def probe(path: str, *, tls: bool = False) -> Visitors:
    """Watch a closed loop from outside: one that starves newcomers looks fast from within."""
    return Visitors(path, 10.0, 1.0, "probe", tls)
