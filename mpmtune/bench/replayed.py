"""A workload that was measured elsewhere, as one for a bench: its rate, its times, its connections."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmtune.bench.content import answering
from mpmtune.bench.load.burst import Burst
from mpmtune.bench.load.kept_connections import KeptConnections
from mpmtune.bench.load.visitors import Visitors
from mpmtune.bench.programs import Need
from mpmtune.bench.scenario import BenchWorkload, Pool, Scenario, Site
from mpmtune.bench.settings import threads
from mpmtune.errors import InputError
from mpmtune.model.httpd import Mpm
from mpmtune.model.workload import MICROSECONDS
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mpmtune.bench.load.outcome import Outcome
    from mpmtune.bench.load.target import Part
    from mpmtune.bench.scale import Scale
    from mpmtune.model.workload import Workload

# Share of the requests in per mille, and the rank of the service time that stands for them.
_GROUPS = ((500, 250), (250, 620), (150, 820), (80, 940), (20, 990))
# What our own clients can keep up with.
_MOST_RATE = 1500.0
_MOST_CONNECTIONS = 4000
_MOST_WAIT = 5.0
_LEAST_PATIENCE = 1.0
_OPENED_OVER = 2.0
_KEEPALIVE_SECONDS = 5
_PAUSE = 2.0
_BUSY_SECOND = 990
_PER_MILLE = 1000
_TIMES = (0.5, 1, 1.5, 2, 4)
_LEAST_WORKERS = 50


@dataclass(frozen=True, slots=True)
class Demand:
    """What is replayed.

    Attributes:
        rate: Requests a second, those of a busy second.
        waits: Seconds that the groups of ``_GROUPS`` take.
        concurrency: Requests in work at once.
        body: Bytes of an answer, on the mean.
        burst: By how many requests one second exceeded the one before.
        kept: Connections that wait for their next request.
    """

    rate: float
    waits: tuple[float, ...]
    concurrency: int
    body: int
    burst: int
    kept: int


def replayed(name: str, workload: Workload) -> BenchWorkload:
    """Make a workload of a summary.

    Raises:
        InputError: when the summary does not tell how long requests take.
    """
    demand = demand_of(name, workload)

    def scenario(scale: Scale) -> Scenario:
        return _scenario(demand, scale)

    return BenchWorkload(
        name="replayed",
        about=f"As {printable(name)} tells: {demand.rate:.0f} requests a second, "
        f"{demand.concurrency} at once, {demand.kept} connections waiting.",
        scored="share answered in time × share of connections kept",
        needs=(Need.FPM,),
        scenario=scenario,
    )


def demand_of(name: str, workload: Workload) -> Demand:
    """Take from a summary what can be replayed.

    Raises:
        InputError: when it does not tell how long requests take, or how many come.
    """
    if not workload.service.counts or not workload.arrivals.count:
        raise InputError(
            f"{printable(name)} does not tell how long requests take.",
            "Log it with %D, and let mpmtune workload read that log.",
        )
    counts = workload.requests
    rate = max(1.0, float(workload.arrivals.at(_BUSY_SECOND)))
    return Demand(
        rate=min(_MOST_RATE, rate),
        waits=tuple(
            min(_MOST_WAIT, workload.service.at(rank) / MICROSECONDS) for _, rank in _GROUPS
        ),
        concurrency=max(1, -(-workload.busy.largest // MICROSECONDS)),
        body=counts.bytes_sent // counts.sized if counts.sized else 0,
        burst=min(workload.rise, int(_MOST_RATE)),
        kept=min(_MOST_CONNECTIONS, _kept(workload)),
    )


def _kept(workload: Workload) -> int:
    """Count connections that wait: as mod_status saw them, or by how many are opened."""
    seen = workload.status.keepalive
    if seen.counts:
        return seen.largest
    reuse, opened = workload.requests_per_connection, workload.connections_per_second
    if reuse is None or opened is None or reuse <= 1:
        return 0
    return int(opened * _KEEPALIVE_SECONDS)


def _scenario(demand: Demand, scale: Scale) -> Scenario:
    files = {
        f"wait{number}.php": answering(wait, demand.body)
        for number, wait in enumerate(demand.waits)
    }
    workers = [max(_LEAST_WORKERS, int(times * demand.concurrency)) for times in _TIMES]
    points = (threads(scale.threads(number), factor=4) for number in workers)
    return Scenario(
        mpm=Mpm.EVENT,
        site=Site(files, pools=(Pool(scale.count(2 * demand.concurrency + 10)),)),
        parts=tuple(_parts(demand, scale)),
        score=_score,
        grid=tuple({point.label: point for point in points}.values()),
        seconds=4.0,
        opening=_OPENED_OVER,
        warm=False,
    )


def _parts(demand: Demand, scale: Scale) -> Iterator[Part]:
    for number, ((share, _), wait) in enumerate(zip(_GROUPS, demand.waits, strict=True)):
        yield Visitors(
            f"/wait{number}.php",
            demand.rate * scale.by * share / _PER_MILLE,
            max(_LEAST_PATIENCE, 2 * wait),
            f"visitors{number}",
        )
    if demand.burst:
        yield Burst("/wait0.php", scale.count(demand.burst), _LEAST_PATIENCE + demand.waits[0])
    if demand.kept:
        yield KeptConnections("/wait0.php", scale.count(demand.kept), _OPENED_OVER, _PAUSE)


def _score(seen: Mapping[str, Outcome]) -> float:
    visits = [outcome for name, outcome in seen.items() if name != "kept"]
    share = sum(one.good for one in visits) / max(1, sum(one.wanted for one in visits))
    return share * (seen["kept"].share if "kept" in seen else 1.0)
