"""Scripts that compute: more children only wait for the same CPU."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.bench.content import computing
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


def _scenario(scale: Scale) -> Scenario:
    return Scenario(
        mpm=Mpm.PREFORK,
        site=Site({"compute.php": computing(15_000)}, mod_php=True),
        parts=(
            ClosedLoop("/compute.php", scale.count(100), keep_alive=False),
            probe("/compute.php"),
        ),
        score=_score,
        grid=tuple(processes(scale.count(number)) for number in (2, 4, 8, 16, 50, 200)),
    )


def _score(seen: Mapping[str, Outcome]) -> float:
    return seen["clients"].per_second


WORKLOAD = BenchWorkload(
    name="php_cpu",
    about="Scripts that compute for about 2 ms in mod_php, for 100 clients.",
    scored="replies per second",
    needs=(Need.MOD_PHP,),
    scenario=_scenario,
    guard=True,
)
