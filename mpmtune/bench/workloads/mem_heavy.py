"""Heavy scripts on little memory: what a child holds at its peak decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.bench.content import holding
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

_BUDGET = 512 * 1024**2


def _scenario(scale: Scale) -> Scenario:
    return Scenario(
        mpm=Mpm.PREFORK,
        site=Site({"hold.php": holding(12, 0.4)}, mod_php=True),
        parts=(
            ClosedLoop("/hold.php", scale.count(100), keep_alive=False),
            probe("/hold.php"),
        ),
        score=_score,
        grid=tuple(processes(scale.count(number)) for number in (20, 28, 32, 36, 38, 40, 48)),
        budget_bytes=scale.bytes(_BUDGET),
    )


def _score(seen: Mapping[str, Outcome]) -> float:
    return seen["clients"].per_second


WORKLOAD = BenchWorkload(
    name="mem_heavy",
    about="Scripts that hold 12 MiB for 400 ms each in mod_php; httpd may have 512 MiB.",
    scored="replies per second, 0 where the memory is exceeded",
    needs=(Need.MOD_PHP,),
    scenario=_scenario,
)
