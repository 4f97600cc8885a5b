"""Two pools of PHP-FPM: the slow one must not take all workers from the quick one."""

from __future__ import annotations

import math
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
        site=Site(
            {"page.php": waiting(0.1), "reports/report.php": waiting(0.8)},
            pools=(Pool(scale.count(80)), Pool(scale.count(160), "reports")),
        ),
        parts=(
            ClosedLoop("/page.php", scale.count(80), name="pages"),
            ClosedLoop("/reports/report.php", scale.count(200), name="reports"),
            probe("/page.php"),
        ),
        score=_score,
        grid=tuple(threads(scale.threads(number)) for number in (150, 200, 250, 300, 400, 600)),
        seconds=4.0,
    )


def _score(seen: Mapping[str, Outcome]) -> float:
    return seen["pages"].within(0.5) * math.sqrt(seen["reports"].within(2.0))


WORKLOAD = BenchWorkload(
    name="two_pools",
    about="Pages of 100 ms from a PHP-FPM pool of 80, and reports of 800 ms from one of 160.",
    scored="pages within 0.5 s, per second × the root of reports within 2 s, per second",
    needs=(Need.FPM,),
    scenario=_scenario,
)
