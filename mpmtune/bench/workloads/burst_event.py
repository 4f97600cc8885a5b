"""A burst on a cold event: the first wave is as large as the threads that were started."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.bench.content import waiting
from mpmtune.bench.load.burst import Burst
from mpmtune.bench.programs import Need
from mpmtune.bench.scenario import BenchWorkload, Pool, Scenario, Site
from mpmtune.bench.settings import threads
from mpmtune.model.httpd import Mpm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mpmtune.bench.load.outcome import Outcome
    from mpmtune.bench.scale import Scale


def _scenario(scale: Scale) -> Scenario:
    return Scenario(
        mpm=Mpm.EVENT,
        site=Site({"wait.php": waiting(0.2)}, pools=(Pool(scale.count(330)),)),
        parts=(Burst("/wait.php", scale.count(300), 0.45),),
        score=_score,
        grid=tuple(threads(scale.threads(workers)) for workers in (75, 150, 200, 300, 400, 600)),
        seconds=1.0,
        opening=0.2,
        warm=False,
        again=2,
    )


def _score(seen: Mapping[str, Outcome]) -> float:
    return seen["burst"].share


WORKLOAD = BenchWorkload(
    name="burst_event",
    about="300 new connections at once on a cold server, to scripts that wait 200 ms in PHP-FPM.",
    scored="share answered within 0.45 s",
    needs=(Need.FPM,),
    scenario=_scenario,
)
