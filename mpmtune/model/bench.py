"""What a bench measured: runs of settings under workloads, and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mpmtune.model.httpd import Mpm
    from mpmtune.model.load import MemorySample

# The role of a setting in a comparison.
GRID = "grid"


@dataclass(frozen=True, slots=True)
class Run:
    """One measurement of one setting.

    Attributes:
        score: What counts, the more the better; 0 where the budget was broken.
        figures: Name and number of what was seen, in the workload's order.
        pss_bytes: Sum of the proportional set sizes of all processes that the budget is for, at
            its peak.
        children: Children of httpd at that moment.
        seconds: How long the measurement took.
        over_budget: The memory exceeded the budget.
        events: AH numbers that the error log holds, each once.
    """

    score: float
    figures: tuple[tuple[str, float], ...]
    pss_bytes: int
    children: int
    seconds: float
    over_budget: bool = False
    events: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Measured:
    """A setting with its runs.

    Attributes:
        name: ``plan``, ``debian``…, or a point of the grid in words.
        role: ``named`` or ``grid``.
        mpm: Its MPM.
        directives: What was written into the configuration.
        origin: Where it comes from, in one clause.
        runs: The measurements; empty where httpd did not start.
        refused: What httpd said when it did not start; empty where it did.
        predicted_bytes: The memory that was predicted for it; None without a prediction.
        predicted_per_second: The saturation throughput that was predicted.
    """

    name: str
    role: str
    mpm: Mpm
    directives: str
    origin: str
    runs: tuple[Run, ...]
    refused: str = ""
    predicted_bytes: int | None = None
    predicted_per_second: float | None = None

    @property
    def score(self) -> float:
        """The median of its runs; 0 without any."""
        return median(run.score for run in self.runs) if self.runs else 0.0

    @property
    def spread(self) -> float | None:
        """Largest less smallest score over the median; None with fewer than two runs."""
        if len(self.runs) < 2 or not self.score:  # noqa: PLR2004 - a spread needs two
            return None
        scores = [run.score for run in self.runs]
        return (max(scores) - min(scores)) / self.score

    @property
    def pss_bytes(self) -> int:
        """The largest peak of its runs."""
        return max((run.pss_bytes for run in self.runs), default=0)

    @property
    def over_budget(self) -> int:
        """Runs that broke the budget."""
        return sum(run.over_budget for run in self.runs)

    def figure(self, name: str) -> float | None:
        """Give the median of a figure; None where no run has it."""
        seen = [dict(run.figures)[name] for run in self.runs if name in dict(run.figures)]
        return median(seen) if seen else None


@dataclass(frozen=True, slots=True)
class Compared:
    """A workload with the settings that were measured under it.

    Attributes:
        workload: Its name.
        about: What it is, one sentence.
        scored: What the score is, in words.
        guard: Too noisy to rank by: it shows only that nothing is lost.
        budget_bytes: The memory that httpd may have; None where it is not bounded.
        scale: By how much its clients are more or fewer than for one CPU.
        settings: In the order in which they are shown.
        samples: What the memory was while the plan was made.
        load: Part of the demand → number, as the learning runs saw it; times in seconds.
        summary: The workload that was observed, as ``mpmtune/workload/v1``; empty without one.
        remarks: Sentences about what was left out or cut short.
    """

    workload: str
    about: str
    scored: str
    guard: bool
    budget_bytes: int | None
    scale: float
    settings: tuple[Measured, ...]
    samples: tuple[MemorySample, ...] = ()
    load: tuple[tuple[str, float], ...] = ()
    summary: str = ""
    remarks: tuple[str, ...] = ()

    @property
    def best(self) -> Measured | None:
        """The best point of the grid; without a grid the best of all; None where none ran."""
        ran = [one for one in self.settings if one.runs]
        grid = [one for one in ran if one.role == GRID]
        return max(grid or ran, key=lambda one: (one.score, -one.pss_bytes), default=None)

    def ratio(self, setting: Measured) -> float | None:
        """Give a setting's score over the best one's; None where nothing scored."""
        best = self.best
        return setting.score / best.score if best is not None and best.score else None


@dataclass(frozen=True, slots=True)
class Claim:
    """A common claim about the MPMs, and what is true of it on this machine.

    Attributes:
        text: The claim.
        verdict: ``true``, ``partly``, ``false`` or ``unknown``.
        finding: What was seen, in one sentence with figures.
        rows: Name of a case, and its figures by name.
    """

    text: str
    verdict: str
    finding: str
    rows: tuple[tuple[str, tuple[tuple[str, float], ...]], ...]


@dataclass(frozen=True, slots=True)
class Bench:
    """One call of ``mpmtune bench``.

    Attributes:
        made: When, ISO 8601, UTC.
        command: The command line that repeats it.
        machine: In words: kernel, CPUs, memory, and the versions of what was used.
        seconds: How long it took.
        compared: The workloads.
        claims: The claims.
        remarks: What was left out, and why.
    """

    made: str
    command: str
    machine: tuple[tuple[str, str], ...]
    seconds: float
    compared: tuple[Compared, ...] = ()
    claims: tuple[Claim, ...] = ()
    remarks: tuple[str, ...] = ()
