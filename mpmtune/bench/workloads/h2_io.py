"""HTTP/2 over TLS, scripts that wait: streams run in mod_http2's own workers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.bench.content import waiting
from mpmtune.bench.load.streams import Streams
from mpmtune.bench.load.visitors import probe
from mpmtune.bench.programs import Need
from mpmtune.bench.scenario import BenchWorkload, Pool, Scenario, Site
from mpmtune.bench.settings import threads
from mpmtune.model.httpd import Mpm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mpmtune.bench.load.outcome import Outcome
    from mpmtune.bench.scale import Scale

# Workers, and H2MaxWorkers of each child of 25 of them.
_GRID = ((100, 100), (100, 200), (100, 300), (200, 50), (200, 100), (200, 200), (400, 100))


def _scenario(scale: Scale) -> Scenario:
    site = Site(
        {"wait.php": waiting(0.2)},
        modules=("http2",),
        pools=(Pool(scale.count(400)),),
        tls=True,
        directives="Protocols h2 http/1.1",
    )
    return Scenario(
        mpm=Mpm.EVENT,
        site=site,
        parts=(Streams("/wait.php", scale.count(48), 8), probe("/wait.php", tls=True)),
        score=_score,
        grid=tuple(
            threads(workers, also={"H2MinWorkers": least, "H2MaxWorkers": scale.count(least)})
            for workers, least in _GRID
        ),
    )


def _score(seen: Mapping[str, Outcome]) -> float:
    return seen["streams"].per_second


WORKLOAD = BenchWorkload(
    name="h2_io",
    about="HTTP/2 over TLS: 48 connections with 8 requests at once each, to scripts that wait 200 ms.",
    scored="replies per second",
    needs=(Need.H2LOAD, Need.FPM, Need.OPENSSL),
    scenario=_scenario,
)
