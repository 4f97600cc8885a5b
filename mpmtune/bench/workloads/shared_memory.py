"""mod_php and PHP-FPM on one budget of memory: what the pool needs, httpd cannot have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.bench.content import holding
from mpmtune.bench.load.closed_loop import ClosedLoop
from mpmtune.bench.programs import Need
from mpmtune.bench.scenario import BenchWorkload, Pool, Scenario, Site
from mpmtune.bench.settings import processes
from mpmtune.model.httpd import Mpm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mpmtune.bench.load.outcome import Outcome
    from mpmtune.bench.scale import Scale

_MIB = 1 << 20
# All scripts go to the first pool, but for this one.
_INSIDE = """\
<Location "/inside.php">
SetHandler application/x-httpd-php
</Location>"""


def _scenario(scale: Scale) -> Scenario:
    return Scenario(
        mpm=Mpm.PREFORK,
        site=Site(
            {"inside.php": holding(12, 1.0), "pool.php": holding(12, 1.0)},
            pools=(Pool(scale.count(12)),),
            mod_php=True,
            directives=_INSIDE,
        ),
        parts=(
            ClosedLoop("/inside.php", scale.count(60), keep_alive=False),
            ClosedLoop("/pool.php", scale.count(12), keep_alive=False, name="pool"),
        ),
        score=_score,
        grid=tuple(processes(scale.count(number)) for number in (16, 24, 30, 36, 42, 50)),
        seconds=4.0,
        budget_bytes=scale.bytes(640 * _MIB),
        budget_has_pools=True,
    )


def _score(seen: Mapping[str, Outcome]) -> float:
    return seen["clients"].per_second + seen["pool"].per_second


WORKLOAD = BenchWorkload(
    name="shared_memory",
    about="Scripts that hold 12 MB for 1 s, in mod_php and in a PHP-FPM pool of 12, in 640 MB.",
    scored="replies per second; 0 over the budget of httpd and pool together",
    needs=(Need.FPM, Need.MOD_PHP),
    scenario=_scenario,
)
