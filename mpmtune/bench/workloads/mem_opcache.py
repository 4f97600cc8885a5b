"""A large application on little memory: most of what a child holds is shared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.bench.content import application
from mpmtune.bench.load.closed_loop import ClosedLoop
from mpmtune.bench.load.visitors import probe
from mpmtune.bench.programs import Need
from mpmtune.bench.scenario import BenchWorkload, Scenario, Site
from mpmtune.bench.settings import processes
from mpmtune.model.httpd import Mpm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mpmtune.bench.load.outcome import Outcome
    from mpmtune.bench.scale import Scale

_BUDGET = 112 * 1024**2


def _scenario(scale: Scale) -> Scenario:
    return Scenario(
        mpm=Mpm.PREFORK,
        site=Site(application(320, 0.6), mod_php=True, opcache=True),
        parts=(
            ClosedLoop("/app.php", scale.count(200), keep_alive=False),
            probe("/app.php"),
        ),
        score=_score,
        grid=tuple(processes(scale.count(number)) for number in (40, 80, 100, 120, 140, 160)),
        budget_bytes=scale.bytes(_BUDGET),
    )


def _score(seen: Mapping[str, Outcome]) -> float:
    return seen["clients"].per_second


WORKLOAD = BenchWorkload(
    name="mem_opcache",
    about="An application of 320 classes with opcode cache in mod_php; httpd may have 112 MiB.",
    scored="replies per second, 0 where the memory is exceeded",
    needs=(Need.MOD_PHP,),
    scenario=_scenario,
)
