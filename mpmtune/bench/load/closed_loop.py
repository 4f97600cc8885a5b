"""A closed loop: clients that ask again as soon as they are answered."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mpmtune.bench.load.connection import ERRORS, connect, visit
from mpmtune.bench.load.outcome import MICROSECONDS, Outcome
from mpmtune.model.distribution import distribution_of

if TYPE_CHECKING:
    from mpmtune.bench.load.connection import Connection
    from mpmtune.bench.load.target import Target, Window

_PAUSE = 0.01
# What is in work at the end counts by its share, once it is known how long it took.
_LONGEST = 3.0
_NEARLY_ALL = 0.9


@dataclass(frozen=True, slots=True)
class ClosedLoop:
    """Clients of our own, for up to some 2,000 answers a second.

    They go on from the warming up into the measured time: a generator that is started anew leaves
    a queue of requests behind that nobody waits for. One that gets nothing in all the measured
    time is counted as failed, and with the time that it waited.

    Attributes:
        path: What they ask for.
        clients: How many.
        keep_alive: They use their connections again.
        name: What to call them.
    """

    path: str
    clients: int
    keep_alive: bool = True
    name: str = "clients"

    async def drive(self, target: Target, window: Window) -> Outcome:
        """Ask until the end; what is answered within the measured time counts."""
        crowd = [_Client(self, target, window) for _ in range(self.clients)]
        tasks = [asyncio.create_task(one.ask_on()) for one in crowd]
        await window.over()
        await asyncio.wait(tasks, timeout=min(_LONGEST, window.seconds))
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        taken = [seconds for one in crowd for seconds in one.taken]
        taken += [window.end - one.since for one in crowd if one.starved]
        good = sum(one.good for one in crowd)
        failed = sum(one.failed for one in crowd) + sum(one.starved for one in crowd)
        return Outcome(
            seconds=window.seconds,
            wanted=good + failed,
            good=good,
            failed=failed,
            latencies=distribution_of(int(seconds * MICROSECONDS) for seconds in taken),
            closed=True,
            worth=sum(one.worth for one in crowd),
        )


@dataclass(slots=True)
class _Client:
    """One of them.

    Attributes:
        loop: What it does.
        target: The server.
        window: When it counts.
        since: When its request was made that is not answered yet.
        taken: Seconds of each answer that counts.
        good: Good answers that count.
        worth: Good answers, by the share of their time that counts.
        failed: Others, and errors.
        connection: The one that it keeps.
    """

    loop: ClosedLoop
    target: Target
    window: Window
    since: float = 0.0
    taken: list[float] = field(default_factory=list)
    good: int = 0
    worth: float = 0.0
    failed: int = 0
    connection: Connection | None = None

    @property
    def starved(self) -> bool:
        """It waited for one answer for nearly all of the measured time."""
        return self.window.end - self.since > _NEARLY_ALL * self.window.seconds

    async def ask_on(self) -> None:
        clock = asyncio.get_running_loop().time
        try:
            while clock() < self.window.end:
                self.since = clock()
                good = await self._ask()
                self._note(clock(), good)
                if good is None:
                    await asyncio.sleep(_PAUSE)
        finally:
            self._close()

    def _note(self, now: float, good: bool | None) -> None:  # noqa: FBT001 - an answer, not an option
        if self.window.counts(now):
            self.good += good is True
            self.failed += good is not True
            if good is not None:
                self.taken.append(now - self.since)
        if good:
            self.worth += self.window.share(self.since, now)

    async def _ask(self) -> bool | None:
        """Ask once; a kept connection may have been closed by now, which is no failure."""
        if self.connection is not None:
            try:
                return await self.connection.ask(self.loop.path)
            except ERRORS:
                self._close()
        try:
            if not self.loop.keep_alive:
                return await visit(self.target, self.loop.path)
            self.connection = await connect(self.target)
            return await self.connection.ask(self.loop.path)
        except ERRORS:
            self._close()
            return None

    def _close(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None
