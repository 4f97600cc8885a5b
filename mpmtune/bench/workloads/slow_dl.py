"""Slow downloads and new visitors: who reads slowly holds a worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.bench.load.slow_readers import SlowReaders
from mpmtune.bench.load.visitors import Visitors
from mpmtune.bench.scenario import BenchWorkload, Scenario, Site
from mpmtune.bench.settings import threads
from mpmtune.model.httpd import Mpm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mpmtune.bench.load.outcome import Outcome
    from mpmtune.bench.scale import Scale


def _scenario(scale: Scale) -> Scenario:
    files = {"page.html": b"x" * 1024, "large.bin": bytes(8 * 1024**2)}
    plain = tuple(threads(scale.threads(workers)) for workers in (150, 300, 350, 400, 600))
    sendfile = threads(scale.threads(150), also={"EnableSendfile": "On"})
    return Scenario(
        mpm=Mpm.EVENT,
        site=Site(files),
        parts=(
            SlowReaders("/large.bin", scale.count(300)),
            Visitors("/page.html", 100.0 * scale.by),
        ),
        score=_score,
        grid=(*plain, sendfile),
        seconds=3.0,
        opening=1.5,
        warm=False,
    )


def _score(seen: Mapping[str, Outcome]) -> float:
    return seen["visitors"].share * seen["downloads"].share


WORKLOAD = BenchWorkload(
    name="slow_dl",
    about="300 slow downloads of 8 MiB, and 100 new visitors a second.",
    scored="share of visitors answered within 1 s × share of downloads that move",
    needs=(),
    scenario=_scenario,
)
