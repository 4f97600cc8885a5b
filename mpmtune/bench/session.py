"""A whole bench: workloads one after another, each with all its settings."""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mpmtune.bench.comparison import Allowance, Comparison, points_of, stage
from mpmtune.bench.naming import BUILTIN, DEBIAN, named
from mpmtune.bench.workspace import workspace
from mpmtune.model.bench import Compared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from types import FrameType

    from mpmtune.bench.instance import Setting
    from mpmtune.bench.measure import Stage
    from mpmtune.bench.programs import Programs
    from mpmtune.bench.scale import Scale
    from mpmtune.bench.scenario import BenchWorkload, Scenario

DEFAULT_SETTINGS = (DEBIAN, BUILTIN)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a bench is to do.

    Attributes:
        workloads: Under which workloads.
        settings: Which settings, by name.
        repeats: How often each is measured.
        seconds: How long each time; None for what the workload says.
        limit: Seconds in all.
        grid: Measure the grid too.
    """

    workloads: Sequence[BenchWorkload]
    settings: Sequence[str] = DEFAULT_SETTINGS
    repeats: int = 3
    seconds: float | None = None
    limit: float = 600.0
    grid: bool = False


@dataclass(frozen=True, slots=True)
class Means:
    """What it is done with.

    Attributes:
        programs: What was found here.
        scale: Which CPUs, how many clients.
        say: Is told which workload is at work.
        seen: Is told of each run that is done.
    """

    programs: Programs
    scale: Scale
    say: Callable[[str], None] = lambda _: None
    seen: Callable[[int], None] = lambda _: None


def compare(wanted: Wanted, means: Means) -> tuple[tuple[Compared, ...], tuple[str, ...]]:
    """Measure; give what was compared, and sentences about what was left out.

    Raises:
        HttpdError: when httpd or PHP-FPM cannot be started.
        UsageError, InputError: when a setting is not there.
    """
    allowance = Allowance(wanted.limit)
    made: list[Compared] = []
    remarks: list[str] = []
    with _on_client_cpus(means.scale), workspace() as directory:
        for number, workload in enumerate(wanted.workloads):
            if lacking := means.programs.lacking(workload.needs):
                remarks.append(f"{workload.name} is left out: {lacking}.")
                continue
            left = (allowance.seconds - allowance.spent) / (len(wanted.workloads) - number)
            means.say(workload.name)
            made.append(_Bench(workload, wanted, means, left).run(directory / workload.name))
    return tuple(made), tuple(remarks)


def runs_of(wanted: Wanted, scale: Scale) -> int:
    """Tell how many runs there will be, for a progress bar."""
    each = len(wanted.settings) * wanted.repeats
    grids = sum(len(one.scenario(scale).grid) for one in wanted.workloads) if wanted.grid else 0
    again = 2 * wanted.repeats * len(wanted.workloads) if wanted.grid else 0
    return each * len(wanted.workloads) + grids + again


@dataclass
class _Bench:
    """One workload of a bench."""

    workload: BenchWorkload
    wanted: Wanted
    means: Means
    limit: float

    def run(self, root: Path) -> Compared:
        scenario = self.workload.scenario(self.means.scale)
        if self.wanted.seconds is not None:
            scenario = replace(scenario, seconds=self.wanted.seconds)
        with stage(scenario, root, self.means.programs, self.means.scale) as ready:
            return self._compare(ready, scenario)

    def _compare(self, ready: Stage, scenario: Scenario) -> Compared:
        remarks: list[str] = []
        settings: list[Setting] = []
        for name in self.wanted.settings:
            setting = named(name, ready, remarks)
            if setting is not None:
                settings.append(setting)
        comparison = Comparison(ready, self.wanted.repeats, Allowance(self.limit), self.means.seen)
        measured = comparison.measure(settings, points_of(scenario) if self.wanted.grid else ())
        if comparison.cut_short:
            remarks.append(
                f"The time for it, {self.limit:.0f} s, was over before all was measured."
            )
        return Compared(
            workload=self.workload.name,
            about=self.workload.about,
            scored=self.workload.scored,
            guard=self.workload.guard,
            budget_bytes=scenario.budget_bytes,
            scale=self.means.scale.by,
            settings=measured,
            remarks=tuple(remarks),
        )


@contextmanager
def _on_client_cpus(scale: Scale) -> Iterator[None]:
    """Leave the CPUs of the server to it; end like by ctrl-C when asked to end."""
    before = os.sched_getaffinity(0)
    handler = signal.signal(signal.SIGTERM, _interrupt)
    os.sched_setaffinity(0, scale.clients)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
        signal.signal(signal.SIGTERM, handler)


def _interrupt(number: int, frame: FrameType | None) -> None:
    del number, frame
    raise KeyboardInterrupt
