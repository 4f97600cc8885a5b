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
        parts=(SlowHandshakes("/page.html", scale.count(120), 2.0, 1.0),),
        score=_score,
        grid=tuple(threads(scale.threads(number)) for number in (150, 200, 250, 300, 400, 600)),
        seconds=3.0,
        opening=2.5,
    )


def _score(seen: Mapping[str, Outcome]) -> float:
    return seen["visitors"].share


WORKLOAD = BenchWorkload(
    name="tls_handshakes",
    about="120 visitors a second, each a new TLS connection from 2 s away, as over a poor mobile network.",
    scored="visitors in time",
    needs=(Need.OPENSSL,),
    scenario=_scenario,
)
