"""Plain files and scripts from one server: whoever waits for a script must leave workers to files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.bench.content import waiting
from mpmtune.bench.load.closed_loop import ClosedLoop
from mpmtune.bench.load.visitors import Visitors
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
            {"wait.php": waiting(0.3), "style.css": b"p { margin: 0 }\n" * 600},
            pools=(Pool(scale.count(240)),),
        ),
        # More ask for scripts than run at once: they wait in the pool's queue, each in a worker.
        parts=(
            ClosedLoop("/wait.php", scale.count(280)),
            Visitors("/style.css", scale.count(120), 0.3, "files"),
        ),
        score=_score,
        grid=tuple(threads(scale.threads(number)) for number in (150, 225, 275, 325, 400, 600)),
    )


def _score(seen: Mapping[str, Outcome]) -> float:
    return seen["clients"].within(1.0) * seen["files"].share


WORKLOAD = BenchWorkload(
    name="mixed_site",
    about="Scripts that wait 300 ms each, in a PHP-FPM pool of 240, and plain files beside them.",
    scored="replies of scripts within 1 s, per second × files in time",
    needs=(Need.FPM,),
    scenario=_scenario,
)
