"""Long-lived tunnels, as of WebSockets: each holds a worker as long as it lives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.bench.load.tunnels import SOCKET, Tunnels
from mpmtune.bench.load.visitors import Visitors
from mpmtune.bench.scenario import BenchWorkload, Scenario, Site
from mpmtune.bench.settings import threads
from mpmtune.model.httpd import Mpm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mpmtune.bench.load.outcome import Outcome
    from mpmtune.bench.scale import Scale

_TUNNELS = f'ProxyPass "/tunnel" "unix:{{root}}/{SOCKET}|http://localhost/" upgrade=websocket'


def _scenario(scale: Scale) -> Scenario:
    return Scenario(
        mpm=Mpm.EVENT,
        site=Site({"page.html": b"x" * 4096}, modules=("proxy", "proxy_http"), directives=_TUNNELS),
        parts=(
            Tunnels("/tunnel", scale.count(300)),
            Visitors("/page.html", scale.count(100), 0.5),
        ),
        score=_score,
        grid=tuple(threads(scale.threads(number)) for number in (150, 225, 300, 325, 400, 600)),
        seconds=3.0,
        opening=4.0,
        warm=False,
    )


def _score(seen: Mapping[str, Outcome]) -> float:
    return seen["visitors"].share * seen["tunnels"].share


WORKLOAD = BenchWorkload(
    name="tunnels",
    about="300 tunnels that stay open, a message a second through each, and 100 visitors a second.",
    scored="visitors in time × messages back in time",
    needs=(),
    scenario=_scenario,
)
