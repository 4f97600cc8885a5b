"""One measurement: a server with a setting, its clients, and what came of it."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from mpmtune.bench.instance import serving
from mpmtune.bench.load.connection import ERRORS, visit
from mpmtune.bench.load.target import Target, Window
from mpmtune.bench.memory import MemoryWatch, Peak
from mpmtune.model.bench import Run

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator, Mapping

    from mpmtune.bench.instance import Instance, Place, Setting
    from mpmtune.bench.load.outcome import Outcome
    from mpmtune.bench.scenario import Scenario

# Everything is scheduled from a moment that is still to come.
_SOON = 0.05
_TICK = 0.3
# A little more than the second after which httpd looks again.
_CALM = 1.4
_PATIENCE = 5.0
_LOST = 0.5
# Seconds from one burst to the next; a log tells whole seconds: bursts that follow each other
# every second are a steady rate to it.
APART = 2.5


class Stage:
    """A scenario ready to be run: its place is written, its pools run.

    Args:
        scenario: The scenario.
        place: Where its servers run.
        pools: The pid of the master of its pools.
        tls: How clients of ours speak TLS to it.
    """

    def __init__(
        self,
        scenario: Scenario,
        place: Place,
        pools: int | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.scenario = scenario
        self.place = place
        self.pools = pools
        self.tls = tls

    def run(self, setting: Setting) -> Run:
        """Measure a setting once.

        Raises:
            RefusedError: when httpd does not take it.
        """
        with serving(self.place, self.scenario.site, setting) as instance:
            with MemoryWatch(self.roots(instance)) as watch:
                outcomes = asyncio.run(self.drive(instance, lambda: self._broken(watch.peak)))
                for _ in range(self.scenario.again):
                    time.sleep(APART)
                    asyncio.run(self.drive(instance))
                peak = watch.look()
            over = self._broken(peak)
            return Run(
                score=0.0 if over else self.scenario.score(outcomes),
                figures=tuple(figures(outcomes)),
                pss_bytes=peak.pss_bytes,
                children=instance.children(),
                seconds=next(iter(outcomes.values())).seconds,
                over_budget=over,
                events=instance.events(),
            )

    def lasting(self, seconds: float) -> Stage:
        """Give the same stage with longer measurements."""
        longer = replace(self.scenario, seconds=max(seconds, self.scenario.seconds))
        return Stage(longer, self.place, self.pools, self.tls)

    def roots(self, instance: Instance) -> list[int]:
        """Give the parents of the processes that live on the budget."""
        pools = self.pools if self.scenario.budget_has_pools else None
        return [instance.pid] if pools is None else [instance.pid, pools]

    def target(self, instance: Instance) -> Target:
        """Describe a server to its clients."""
        return Target(
            instance.port,
            instance.tls_port,
            self.tls,
            self.place.programs,
            self.place.root,
            self.place.scale.clients,
        )

    def _broken(self, peak: Peak) -> bool:
        budget = self.scenario.budget_bytes
        return budget is not None and peak.pss_bytes > budget

    async def drive(
        self, instance: Instance, lost: Callable[[], bool] = lambda: False
    ) -> Mapping[str, Outcome]:
        """Warm a server up where that is wanted, then drive its clients and measure.

        Args:
            instance: The server.
            lost: Tells that nothing is to be won any more: it is not measured for long then.
        """
        target = self.target(instance)
        clock = asyncio.get_running_loop().time
        scenario = self.scenario
        if scenario.site.opcache:
            await self._compile(target)
        if not scenario.warm:
            await _quiet(instance)
        window = Window(clock() + _SOON)
        if not scenario.warm:
            window.measure(window.start + scenario.opening, scenario.seconds)
        parts = scenario.parts
        driven = asyncio.gather(*(part.drive(target, window) for part in parts))
        if scenario.warm:
            await self._warm_up(instance, lost)
            window.measure(clock() + _SOON, _LOST if lost() else scenario.seconds)
        outcomes = await driven
        return {part.name: outcome for part, outcome in zip(parts, outcomes, strict=True)}

    async def _compile(self, target: Target) -> None:
        """Have one child compile the scripts: all at once would each keep the memory for it."""
        for path in dict.fromkeys(getattr(part, "path", "/") for part in self.scenario.parts):
            with suppress(asyncio.TimeoutError, *ERRORS):
                await asyncio.wait_for(visit(target, path), _PATIENCE)

    async def _warm_up(self, instance: Instance, lost: Callable[[], bool]) -> None:
        """Wait until it starts no more children: httpd looks once a second, and starts few at first."""
        clock = asyncio.get_running_loop().time
        most, grown = instance.children(), clock()
        end = grown + self.scenario.settle
        while clock() < end and clock() - grown < _CALM and not lost():
            await asyncio.sleep(_TICK)
            if (now := instance.children()) > most:
                most, grown = now, clock()


async def _quiet(instance: Instance) -> None:
    """Wait until the children that were started have started their threads."""
    left, before = _PATIENCE, 0
    while left > 0 and (now := instance.tasks()) > before:
        before = now
        await asyncio.sleep(_TICK)
        left -= _TICK


def figures(outcomes: Mapping[str, Outcome]) -> Iterator[tuple[str, float]]:
    """Name what clients saw: ``visitors_share``, ``clients_per_second``, ``clients_p99_seconds``."""
    for name, outcome in outcomes.items():
        if outcome.closed:
            yield f"{name}_per_second", round(outcome.per_second, 2)
        else:
            yield f"{name}_share", round(outcome.share, 4)
        if outcome.latencies.counts:
            yield f"{name}_p50_seconds", round(outcome.seconds_at(500), 6)
            yield f"{name}_p99_seconds", round(outcome.seconds_at(990), 6)
        if outcome.failed:
            yield f"{name}_failed", outcome.failed
