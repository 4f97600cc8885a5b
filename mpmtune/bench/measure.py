"""One measurement: a server with a setting, its clients, and what came of it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from mpmtune.bench.instance import serving
from mpmtune.bench.load.target import Target, Window
from mpmtune.bench.memory import MemoryWatch
from mpmtune.model.bench import Run

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator, Mapping

    from mpmtune.bench.instance import Instance, Place, Setting
    from mpmtune.bench.load.outcome import Outcome
    from mpmtune.bench.scenario import Scenario

# Everything is scheduled from a moment that is still to come.
_SOON = 0.05
_STEP = 1.0


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
            roots = [instance.pid]
            if self.pools is not None and self.scenario.budget_has_pools:
                roots.append(self.pools)
            with MemoryWatch(roots) as watch:
                outcomes = asyncio.run(self.drive(instance))
                peak = watch.look()
            budget = self.scenario.budget_bytes
            over = budget is not None and peak.pss_bytes > budget
            return Run(
                score=0.0 if over else self.scenario.score(outcomes),
                figures=tuple(figures(outcomes)),
                pss_bytes=peak.pss_bytes,
                children=instance.children(),
                seconds=next(iter(outcomes.values())).seconds,
                over_budget=over,
                events=instance.events(),
            )

    async def drive(self, instance: Instance) -> Mapping[str, Outcome]:
        """Warm a server up where that is wanted, then drive its clients and measure."""
        target = Target(
            instance.port,
            instance.tls_port,
            self.tls,
            self.place.programs,
            self.place.root,
            self.place.scale.clients,
        )
        if self.scenario.warm:
            await self._warm_up(instance, target)
        return await self._all(target, self.scenario.opening, self.scenario.seconds)

    async def _warm_up(self, instance: Instance, target: Target) -> None:
        """Load it until it starts no more children: httpd starts few at first, then twice as many."""
        before, left = instance.children(), int(self.scenario.settle / _STEP)
        for _ in range(left):
            await self._all(target, 0.0, _STEP)
            now = instance.children()
            if now <= before:
                return
            before = now

    async def _all(self, target: Target, opening: float, seconds: float) -> dict[str, Outcome]:
        now = asyncio.get_running_loop().time() + _SOON
        window = Window(now, now + opening, now + opening + seconds)
        parts = self.scenario.parts
        outcomes = await asyncio.gather(*(part.drive(target, window) for part in parts))
        return {part.name: outcome for part, outcome in zip(parts, outcomes, strict=True)}


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
