"""Small files over kept connections: settings hardly change what can be served, but who waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.bench.load.visitors import probe
from mpmtune.bench.load.wrk import Wrk
from mpmtune.bench.programs import Need
from mpmtune.bench.scenario import BenchWorkload, Scenario, Site
from mpmtune.bench.settings import processes, threads
from mpmtune.model.httpd import Mpm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mpmtune.bench.load.outcome import Outcome
    from mpmtune.bench.scale import Scale

_P99 = 990
_SLOW = 0.150


def _scenario(scale: Scale) -> Scenario:
    return Scenario(
        mpm=Mpm.EVENT,
        site=Site({"page.html": b"x" * 1024}),
        parts=(Wrk("/page.html", scale.count(256)), probe("/page.html")),
        score=_score,
        grid=(
            *(threads(scale.threads(number)) for number in (50, 150, 300, 400)),
            threads(scale.threads(300), Mpm.WORKER),
            processes(scale.count(300)),
        ),
        settle=4.0,
    )


def _score(seen: Mapping[str, Outcome]) -> float:
    clients = seen["clients"]
    slow = max(clients.seconds_at(_P99), _SLOW)
    return clients.per_second * (_SLOW / slow) * seen["probe"].share


WORKLOAD = BenchWorkload(
    name="static_ka",
    about="A file of 1 KiB for 256 clients that keep their connections.",
    scored="replies per second × (150 ms over p99, at most 1) × share of the probe answered",
    needs=(Need.WRK,),
    scenario=_scenario,
    guard=True,
)
