"""A burst: many new visitors at the same moment."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmtune.bench.load.arrivals import timed
from mpmtune.bench.load.connection import visit
from mpmtune.bench.load.outcome import outcome_of
from mpmtune.bench.load.target import until

if TYPE_CHECKING:
    from mpmtune.bench.load.outcome import Outcome
    from mpmtune.bench.load.target import Target, Window


@dataclass(frozen=True, slots=True)
class Burst:
    """Visitors who all come at once, each with a connection and a request of its own.

    Attributes:
        path: What they ask for.
        visitors: How many.
        deadline: Seconds after which each gives up.
        name: What to call them.
    """

    path: str
    visitors: int
    deadline: float
    name: str = "burst"

    async def drive(self, target: Target, window: Window) -> Outcome:
        """Send them all at the beginning of the time that counts."""
        await until(window.begin)
        due = asyncio.get_running_loop().time()
        coming = (
            timed(due, self.deadline, visit(target, self.path), counts=True)
            for _ in range(self.visitors)
        )
        return outcome_of(await asyncio.gather(*coming), self.deadline)
