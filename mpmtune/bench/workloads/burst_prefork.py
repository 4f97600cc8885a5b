"""A burst on a cold prefork: children that have to be started come too late."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.bench.content import waiting
from mpmtune.bench.load.burst import Burst
from mpmtune.bench.programs import Need
from mpmtune.bench.scenario import BenchWorkload, Scenario, Site
from mpmtune.bench.settings import processes
from mpmtune.model.httpd import Mpm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mpmtune.bench.load.outcome import Outcome
    from mpmtune.bench.scale import Scale

_STARTED = (10, 25, 40, 50, 75, 120)


def _scenario(scale: Scale) -> Scenario:
    return Scenario(
        mpm=Mpm.PREFORK,
        site=Site({"wait.php": waiting(0.35)}, mod_php=True),
        parts=(Burst("/wait.php", scale.count(120), 1.2),),
        score=_score,
        grid=tuple(processes(scale.count(150), start=scale.count(start)) for start in _STARTED),
        seconds=1.5,
        opening=0.2,
        warm=False,
        again=2,
    )


def _score(seen: Mapping[str, Outcome]) -> float:
    return seen["burst"].share


WORKLOAD = BenchWorkload(
    name="burst_prefork",
    about="120 new connections at once on a cold server, to scripts that wait 350 ms in mod_php.",
    scored="share answered within 1.2 s",
    needs=(Need.MOD_PHP,),
    scenario=_scenario,
)
