"""Many idle connections and new visitors: event's ceiling of connections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.bench.load.kept_connections import KeptConnections
from mpmtune.bench.load.visitors import Visitors
from mpmtune.bench.scenario import BenchWorkload, Scenario, Site
from mpmtune.bench.settings import threads
from mpmtune.model.httpd import Mpm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mpmtune.bench.load.outcome import Outcome
    from mpmtune.bench.scale import Scale

_OPENED_OVER = 3.0
_GRID = ((150, 2), (150, 8), (150, 16), (400, 2), (400, 4), (800, 2))


def _scenario(scale: Scale) -> Scenario:
    return Scenario(
        mpm=Mpm.EVENT,
        site=Site({"page.html": b"x" * 1024}),
        parts=(
            KeptConnections("/page.html", scale.count(1200), _OPENED_OVER),
            Visitors("/page.html", 150.0 * scale.by),
        ),
        score=_score,
        grid=tuple(threads(scale.threads(workers), factor=factor) for workers, factor in _GRID),
        seconds=3.0,
        opening=_OPENED_OVER,
        warm=False,
    )


def _score(seen: Mapping[str, Outcome]) -> float:
    return seen["visitors"].share * seen["kept"].share


WORKLOAD = BenchWorkload(
    name="idle_ka",
    about="1,200 kept-alive connections with a request every 2 s, and 150 new visitors a second.",
    scored="share of visitors answered within 1 s × share of connections kept",
    needs=(),
    scenario=_scenario,
)
