"""A whole bench: workloads one after another, each with all its settings."""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mpmtune.bench.claims import put_to_the_test
from mpmtune.bench.comparison import Allowance, Comparison, points_of, stage
from mpmtune.bench.instance import RefusedError
from mpmtune.bench.learning import PLAN, Learnt, evidence, learn, pools_at_peak
from mpmtune.bench.load.command import ClientError
from mpmtune.bench.naming import BUILTIN, DEBIAN, named
from mpmtune.bench.rivals import RIVALS, rival
from mpmtune.bench.settings import read
from mpmtune.bench.workspace import workspace
from mpmtune.errors import HttpdError
from mpmtune.model.bench import Compared
from mpmtune.plan.prediction import predict
from mpmtune.report.workload_v1 import workload_v1

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from types import FrameType

    from mpmtune.bench.claims import Trial
    from mpmtune.bench.instance import Setting
    from mpmtune.bench.measure import Stage
    from mpmtune.bench.programs import Programs
    from mpmtune.bench.scale import Scale
    from mpmtune.bench.scenario import BenchWorkload, Scenario
    from mpmtune.model.bench import Claim, Measured

# They follow from what was observed.
_LEARNT = frozenset({PLAN, *RIVALS})
# Shorter measurements are for a first look; the learning is short then too.
_SHORT = 2.0
DEFAULT_SETTINGS = (PLAN, DEBIAN, BUILTIN)


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


def claims(means: Means, testing: Trial) -> tuple[tuple[Claim, ...], tuple[str, ...]]:
    """Test the common claims; give them, and sentences about what was left out.

    Raises:
        HttpdError: when httpd cannot be started.
    """
    with _on_client_cpus(means.scale), workspace() as directory:
        try:
            return put_to_the_test(means, directory / "claims", testing)
        except (RefusedError, ClientError) as refusal:
            raise HttpdError(f"The claims could not be tested: {refusal}.") from None


def runs_of(wanted: Wanted, scale: Scale) -> int:
    """Tell how many runs there will be, for a progress bar."""
    each = len(wanted.settings) * wanted.repeats
    grids = sum(len(one.scenario(scale).grid) for one in wanted.workloads) if wanted.grid else 0
    again = wanted.repeats * len(wanted.workloads) if wanted.grid else 0
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
        allowance = Allowance(self.limit)
        remarks: list[str] = []
        learnt = self._learn(ready, remarks)
        settings = list(self._settings(ready, learnt, remarks))
        comparison = Comparison(ready, self.wanted.repeats, allowance, self.means.seen)
        measured = comparison.measure(settings, points_of(scenario) if self.wanted.grid else ())
        if comparison.cut_short:
            remarks.append(
                f"Its share of the time, {self.limit:.0f} s, was over before all was measured."
            )
        made = Compared(
            workload=self.workload.name,
            about=self.workload.about,
            scored=self.workload.scored,
            guard=self.workload.guard,
            budget_bytes=scenario.budget_bytes,
            scale=self.means.scale.by,
            settings=measured,
            remarks=tuple(remarks),
        )
        beside = pools_at_peak(ready) if scenario.budget_has_pools else 0
        return made if learnt is None else _with_evidence(made, learnt, beside)

    def _settings(
        self, ready: Stage, learnt: Learnt | None, remarks: list[str]
    ) -> Iterator[Setting]:
        for name in self.wanted.settings:
            if name not in _LEARNT:
                found = named(name, ready, remarks)
            elif learnt is None:
                continue  # it was said why
            else:
                found = learnt.setting if name == PLAN else _rival(name, learnt, remarks)
            if found is not None:
                yield found

    def _learn(self, ready: Stage, remarks: list[str]) -> Learnt | None:
        if not _LEARNT & set(self.wanted.settings):
            return None
        try:
            return learn(ready, short=(self.wanted.seconds or _SHORT) < _SHORT)
        except (RefusedError, ClientError) as refusal:
            remarks.append(f"No plan could be made: {refusal}.")
            return None


def predicted(one: Measured, learnt: Learnt, beside: int = 0) -> Measured:
    """Put beside what was measured what the plan's facts let expect.

    Args:
        one: What was measured.
        learnt: The facts.
        beside: Bytes of others that were measured with httpd.
    """
    if one.refused:
        return one
    foretold = predict(one.mpm, read(one.directives), learnt.facts)
    rate = foretold.saturation
    return replace(
        one,
        predicted_bytes=(foretold.memory - foretold.sockets).whole + beside,
        predicted_per_second=None if rate is None else float(rate.value),
    )


def _rival(name: str, learnt: Learnt, remarks: list[str]) -> Setting | None:
    found = rival(name, learnt.facts, learnt.writable_bytes)
    if found is None:
        remarks.append(f"{name} is left out: its formula has no word for threads.")
    return found


def _with_evidence(made: Compared, learnt: Learnt, beside: int) -> Compared:
    facts = learnt.facts
    return replace(
        made,
        settings=tuple(predicted(one, learnt, beside) for one in made.settings),
        samples=facts.memory_samples,
        load=evidence(facts),
        summary="" if facts.workload is None else workload_v1(facts.workload),
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
