"""Many new TLS connections from far away: a handshake holds a worker while its answer travels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.bench.load.slow_handshakes import SlowHandshakes
from mpmtune.bench.programs import Need
from mpmtune.bench.scenario import BenchWorkload, Scenario, Site
from mpmtune.bench.settings import threads
from mpmtune.model.httpd import Mpm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mpmtune.bench.load.outcome import Outcome
    from mpmtune.bench.scale import Scale


def _scenario(scale: Scale) -> Scenario:
    return Scenario(
        mpm=Mpm.EVENT,
        site=Site({"page.html": b"x" * 4096}, tls=True),
        parts=(SlowHandshakes("/page.html", scale.count(200), 1.2, 0.8),),
        score=_score,
        grid=tuple(threads(scale.threads(number)) for number in (150, 200, 250, 300, 400, 600)),
        seconds=3.0,
        opening=1.5,
    )


def _score(seen: Mapping[str, Outcome]) -> float:
    return seen["visitors"].share


WORKLOAD = BenchWorkload(
    name="tls_handshakes",
    about="200 visitors a second, each a new TLS connection from 1.2 s away.",
    scored="visitors in time",
    needs=(Need.OPENSSL,),
    scenario=_scenario,
)
