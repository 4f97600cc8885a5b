"""Settings in turn, again and again, under one workload."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from mpmtune.bench.certificate import make_certificate
from mpmtune.bench.instance import Place, RefusedError, Setting
from mpmtune.bench.load.command import ClientError
from mpmtune.bench.measure import Stage
from mpmtune.bench.pools import pools_running
from mpmtune.bench.site import write_site
from mpmtune.model.bench import GRID, Measured

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from mpmtune.bench.programs import Programs
    from mpmtune.bench.scale import Scale
    from mpmtune.bench.scenario import Scenario
    from mpmtune.model.bench import Run

# Of a grid, so many are measured as often as the named settings.
_KEPT = 1


@dataclass
class Allowance:
    """Time that may be spent.

    Attributes:
        seconds: In all.
        clock: Seconds of a clock that never goes back.
    """

    seconds: float
    clock: Callable[[], float] = time.monotonic
    _began: float = field(init=False)
    _longest: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        self._began = self.clock()

    @property
    def spent(self) -> float:
        """Seconds gone."""
        return self.clock() - self._began

    def another(self) -> bool:
        """Tell whether there is time for one more run like the longest one so far."""
        return self.spent + self._longest <= self.seconds

    @contextmanager
    def taking(self) -> Iterator[None]:
        """Take the time of a run."""
        began = self.clock()
        try:
            yield
        finally:
            self._longest = max(self._longest, self.clock() - began)


@contextmanager
def stage(scenario: Scenario, root: Path, programs: Programs, scale: Scale) -> Iterator[Stage]:
    """Make everything ready that all settings have in common: content, certificate, pools.

    Raises:
        HttpdError: when the pools or openssl fail.
    """
    root.mkdir()
    root.chmod(0o755)
    write_site(scenario.site, root)
    tls = make_certificate(root, programs) if scenario.site.tls else None
    with pools_running(scenario.site, root, programs, scale) as pools:
        yield Stage(scenario, Place(root, programs, scale), pools, tls)


def points_of(scenario: Scenario) -> list[Setting]:
    """Give the points of the grid as settings."""
    return [
        Setting(point.label, point.mpm, point.directives, "a point of the grid", GRID)
        for point in scenario.grid
    ]


@dataclass
class Comparison:
    """Measures settings on a stage.

    Attributes:
        stage: Where.
        repeats: How often each is measured.
        allowance: The time for it.
        seen: Is told of each run that is done.
        cut_short: Time was over before everything was measured so often.
    """

    stage: Stage
    repeats: int
    allowance: Allowance
    seen: Callable[[int], None] = lambda _: None
    cut_short: bool = False

    def measure(
        self, named: Sequence[Setting], grid: Sequence[Setting] = ()
    ) -> tuple[Measured, ...]:
        """Measure settings in turn: first the grid once, then the best of it with the others.

        Returns:
            The named ones in their order, then the grid.
        """
        screened = [self._measured(one, 1) for one in grid]
        best = sorted(screened, key=lambda one: -one.score)[:_KEPT]
        chosen = [one for one in grid if one.name in {made.name for made in best}]
        again = self._in_turn([*named, *chosen])
        fresh = {(one.role, one.name): one for one in again}
        # The screening chose the best ones, so it was kind to them: it does not count for them.
        return tuple(
            fresh.get((one.role, one.name), one) for one in (*again[: len(named)], *screened)
        )

    def _in_turn(self, settings: Sequence[Setting]) -> list[Measured]:
        made = [_empty(one) for one in settings]
        for _ in range(self.repeats):
            for at, setting in enumerate(settings):
                made[at] = self._once_more(made[at], setting)
        return made

    def _measured(self, setting: Setting, times: int) -> Measured:
        made = _empty(setting)
        for _ in range(times):
            made = self._once_more(made, setting)
        return made

    def _once_more(self, made: Measured, setting: Setting) -> Measured:
        if made.refused:
            return made
        if not self.allowance.another():
            self.cut_short = True
            return made
        with self.allowance.taking():
            try:
                run: Run = self.stage.run(setting)
            except (RefusedError, ClientError) as refusal:
                return replace(made, refused=str(refusal))
            finally:
                self.seen(1)
        return replace(made, runs=(*made.runs, run))


def _empty(setting: Setting) -> Measured:
    return Measured(setting.name, setting.role, setting.mpm, setting.directives, setting.origin, ())
