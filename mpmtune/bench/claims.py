"""Four common claims about the MPMs, put to the test on this machine."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmtune.bench import verdicts
from mpmtune.bench.comparison import Allowance, stage
from mpmtune.bench.instance import Setting, serving
from mpmtune.bench.load.closed_loop import ClosedLoop
from mpmtune.bench.load.kept_connections import KeptConnections
from mpmtune.bench.load.visitors import Visitors
from mpmtune.bench.load.wrk import Wrk
from mpmtune.bench.measure import Stage
from mpmtune.bench.memory import look, resident
from mpmtune.bench.programs import Need
from mpmtune.bench.scenario import Scenario, Site
from mpmtune.bench.settings import processes, threads
from mpmtune.model.httpd import Mpm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from mpmtune.bench.load.outcome import Outcome
    from mpmtune.bench.load.target import Part
    from mpmtune.bench.scenario import Point
    from mpmtune.bench.session import Means
    from mpmtune.model.bench import Claim

_PAGE = "/page.html"
_SITE = Site({"page.html": b"x" * 1024})
_OPENED_OVER = 2.0
# Three MPMs each, one of them twice, and with few and many connections.
_RUNS = 4 + 3 + 6


@dataclass(frozen=True, slots=True)
class Trial:
    """How claims are tested.

    Attributes:
        limit: Seconds in all.
        seconds: How long each measurement takes.
        rounds: How often what is close is measured.
    """

    limit: float
    seconds: float = 3.0
    rounds: int = 3

    @property
    def runs(self) -> int:
        """Measurements of all four, for a progress bar."""
        return _RUNS + 2 * self.rounds


def put_to_the_test(
    means: Means, directory: Path, testing: Trial
) -> tuple[tuple[Claim, ...], tuple[str, ...]]:
    """Test the claims; give them with their verdicts, and sentences about what was left out.

    Raises:
        HttpdError, RefusedError: when httpd cannot be started.
    """
    allowance = Allowance(testing.limit)
    made: list[Claim] = []
    remarks = []
    scenario = _scenario((), testing.seconds)
    with stage(scenario, directory, means.programs, means.scale) as ready:
        stand = _Stand(ready, testing, means.seen)
        for name, test in _TESTS.items():
            if name in _BY_WRK and (lacking := means.programs.lacking((Need.WRK,))):
                remarks.append(f"Whether {name} was not tested: {lacking}.")
            elif not allowance.another():
                remarks.append(f"Whether {name} was not tested: the time was over.")
            else:
                with allowance.taking():
                    made.append(test(stand))
    return tuple(made), tuple(remarks)


@dataclass(frozen=True, slots=True)
class _Stand:
    """Where claims are tested."""

    stage: Stage
    testing: Trial
    seen: Callable[[int], None]

    def count(self, number: int) -> int:
        return self.stage.place.scale.count(number)

    def points(self, workers: int) -> dict[str, Point]:
        """Give the three MPMs with as many workers each, all of them started."""
        whole = self.stage.place.scale.threads(workers)
        return {
            "prefork": processes(whole),
            "worker": threads(whole, Mpm.WORKER),
            "event": threads(whole),
        }

    def run(self, point: Point, scenario: Scenario) -> dict[str, float]:
        """Measure a point; give its figures."""
        ready = Stage(scenario, self.stage.place)
        made = ready.run(Setting(point.label, point.mpm, point.directives))
        self.seen(1)
        return dict(made.figures)


def _nothing(seen: Mapping[str, Outcome]) -> float:
    """Score nothing: a claim looks at figures."""
    del seen
    return 0.0


def _scenario(parts: tuple[Part, ...], seconds: float, opening: float = 0.0) -> Scenario:
    return Scenario(Mpm.EVENT, _SITE, parts, _nothing, (), seconds, opening, warm=False)


def _queueing(stand: _Stand) -> Claim:
    clients = stand.count(600)
    # wrk would not tell of the clients that get nothing.
    scenario = _scenario((ClosedLoop(_PAGE, clients),), stand.testing.seconds, 1.0)
    points = stand.points(150)
    points["prefork, enough"] = processes(clients)
    seen = {
        name: {"p99_seconds": stand.run(point, scenario).get("clients_p99_seconds", 0.0)}
        for name, point in points.items()
    }
    return verdicts.queueing(stand.stage.place.scale.threads(150), clients, seen)


def _memory(stand: _Stand) -> Claim:
    scenario = _scenario((ClosedLoop(_PAGE, stand.count(400)),), stand.testing.seconds)
    seen = {}
    for name, point in stand.points(400).items():
        setting = Setting(point.label, point.mpm, point.directives)
        ready = Stage(scenario, stand.stage.place)
        with serving(ready.place, scenario.site, setting) as instance:
            asyncio.run(ready.drive(instance))
            pss, rss = look([instance.pid]).pss_bytes, resident(instance.pid)
        seen[name] = {"pss_bytes": float(pss), "rss_bytes": float(rss)}
        stand.seen(1)
    return verdicts.memory(stand.stage.place.scale.threads(400), seen)


def _keeping(stand: _Stand) -> Claim:
    few, many = stand.count(200), stand.count(1000)
    seen: dict[str, dict[str, float]] = {}
    for name, point in stand.points(150).items():
        shares = {
            word: stand.run(point, _kept(number, stand.testing))["visitors_share"]
            for word, number in (("few", few), ("many", many))
        }
        seen[name] = {f"{word}_visitors_share": share for word, share in shares.items()}
    return verdicts.keeping(stand.stage.place.scale.threads(150), few, many, seen)


def _kept(connections: int, testing: Trial) -> Scenario:
    opening = min(_OPENED_OVER, testing.seconds)
    parts = (KeptConnections(_PAGE, connections, opening), Visitors(_PAGE, 50.0))
    return _scenario(parts, testing.seconds, opening)


def _plain(stand: _Stand) -> Claim:
    points = stand.points(150)
    clients = Wrk(_PAGE, stand.count(100), keep_alive=False)
    scenario = _scenario((clients,), stand.testing.seconds)

    def rates() -> Iterator[float]:
        for name in ("worker", "event"):
            yield stand.run(points[name], scenario)["clients_per_second"]

    rounds = [tuple(rates()) for _ in range(stand.testing.rounds)]
    return verdicts.plain([(worker, event) for worker, event in rounds])


_TESTS: dict[str, Callable[[_Stand], Claim]] = {
    "prefork queues": _queueing,
    "worker takes less memory": _memory,
    "event is better with many connections": _keeping,
    "event is slower than worker": _plain,
}
_BY_WRK = frozenset({"event is slower than worker"})
