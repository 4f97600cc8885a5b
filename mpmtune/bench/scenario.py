"""What a workload is: a site, clients, a score; and settings to try on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mpmtune.bench.load.outcome import Outcome
    from mpmtune.bench.load.target import Part
    from mpmtune.bench.programs import Need
    from mpmtune.bench.scale import Scale
    from mpmtune.model.httpd import Mpm


@dataclass(frozen=True, slots=True)
class Pool:
    """A pool of PHP-FPM.

    Attributes:
        children: ``pm.max_children``; all are started at once.
        name: Its name; scripts under ``/NAME/`` go to it, and all others to the first pool.
    """

    children: int
    name: str = "www"


@dataclass(frozen=True, slots=True)
class Site:
    """What the server serves, and with which modules.

    Attributes:
        files: Path under the document root → content; PHP scripts end with ``.php``.
        modules: Modules beside the usual ones, by the name of their file.
        pools: Pools of PHP-FPM that run the scripts.
        mod_php: Scripts run inside httpd; under prefork.
        opcache: With PHP's opcode cache.
        tls: It listens with TLS too.
        directives: More configuration; ``{root}`` stands for the directory of the server.
    """

    files: Mapping[str, bytes]
    modules: tuple[str, ...] = ()
    pools: tuple[Pool, ...] = ()
    mod_php: bool = False
    opcache: bool = False
    tls: bool = False
    directives: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the grid: settings that someone who searches would try.

    Attributes:
        label: In words: ``event 500``.
        mpm: Its MPM.
        directives: Its directives.
    """

    label: str
    mpm: Mpm
    directives: str


@dataclass(frozen=True, slots=True)
class Scenario:
    """A workload at a certain scale.

    Attributes:
        mpm: The MPM that a plan is made for.
        site: What is served.
        parts: The clients, driven at the same time.
        score: Outcomes by the name of their part → what counts, the more the better.
        grid: Four to eight points around the best one known.
        seconds: How long it is measured.
        opening: Seconds at the beginning that do not count: connections open, queues fill.
        warm: Drive it first until httpd starts no more children; a cold start is not the matter.
        budget_bytes: The memory that httpd may have; None where it is not bounded.
        budget_has_pools: The pools live on the same budget.
        settle: Seconds of the longest warming up.
        again: How often it comes again, unscored, before memory and logs are read: a burst alone is
            over before every worker has served, and looks like the beginning of a log.
    """

    mpm: Mpm
    site: Site
    parts: tuple[Part, ...]
    score: Callable[[Mapping[str, Outcome]], float]
    grid: tuple[Point, ...]
    seconds: float = 3.0
    opening: float = 0.0
    warm: bool = True
    budget_bytes: int | None = None
    budget_has_pools: bool = False
    settle: float = 10.0
    again: int = 0


@dataclass(frozen=True, slots=True)
class BenchWorkload:
    """A workload: one file in ``workloads/``, one of these in it, named ``WORKLOAD``.

    Attributes:
        name: As it is asked for.
        about: What it is, in one sentence.
        scored: What the score is, in a few words.
        needs: Programs without which it cannot be run.
        scenario: Makes it for a scale.
        guard: Settings hardly differ on it, or noise is as large: it shows only losses.
    """

    name: str
    about: str
    scored: str
    needs: tuple[Need, ...]
    scenario: Callable[[Scale], Scenario]
    guard: bool = False
