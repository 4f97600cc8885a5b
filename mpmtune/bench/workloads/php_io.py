"""Scripts that wait, in PHP-FPM: workers are needed for as many as the pool has children."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.bench.content import waiting
from mpmtune.bench.load.closed_loop import ClosedLoop
from mpmtune.bench.load.visitors import probe
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
        site=Site({"wait.php": waiting(0.3)}, pools=(Pool(scale.count(450)),)),
        parts=(ClosedLoop("/wait.php", scale.count(440)), probe("/wait.php")),
        score=_score,
        grid=tuple(threads(scale.threads(number)) for number in (200, 300, 400, 500, 650, 1000)),
        seconds=3.0,
    )


def _score(seen: Mapping[str, Outcome]) -> float:
    return seen["clients"].within(1.0)


WORKLOAD = BenchWorkload(
    name="php_io",
    about="Scripts that wait 300 ms each, in a PHP-FPM pool of 450 behind event.",
    scored="replies within 1 s, per second",
    needs=(Need.FPM,),
    scenario=_scenario,
)
