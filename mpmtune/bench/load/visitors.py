"""Visitors: requests at a fixed rate, whether the server keeps up or not."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmtune.bench.load.connection import visit
from mpmtune.bench.load.outcome import Reply, outcome_of
from mpmtune.bench.load.target import until

if TYPE_CHECKING:
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
        coming = []
        for number in range(round((window.end - window.start) * self.per_second)):
            due = window.start + number / self.per_second
            await until(due)
            coming.append(asyncio.create_task(self._visitor(target, due, window.counts(due))))
        return outcome_of(await asyncio.gather(*coming), window.seconds)

    async def _visitor(self, target: Target, due: float, counts: bool) -> Reply:  # noqa: FBT001 - passed on
        answered = await visit(target, self.path, due + self.deadline, tls=self.tls)
        taken = asyncio.get_running_loop().time() - due
        return Reply(counts, None if answered is None else taken, bool(answered))


def probe(path: str, *, tls: bool = False) -> Visitors:
    """Watch a closed loop from outside: one that starves newcomers looks fast from within."""
    return Visitors(path, 10.0, 1.0, "probe", tls)
