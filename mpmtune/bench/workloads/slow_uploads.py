"""Slow uploads: each holds a worker from its first byte to its last, under every MPM."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.bench.load.slow_uploads import SlowUploads
from mpmtune.bench.load.visitors import Visitors
from mpmtune.bench.scenario import BenchWorkload, Scenario, Site
from mpmtune.bench.settings import threads
from mpmtune.model.httpd import Mpm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mpmtune.bench.load.outcome import Outcome
    from mpmtune.bench.scale import Scale

# It reads what comes and sends it back: a handler that takes uploads, without a language.
_UPLOADS = '<Location "/upload">\nSetHandler reflector\n</Location>'


def _scenario(scale: Scale) -> Scenario:
    return Scenario(
        mpm=Mpm.EVENT,
        site=Site({"page.html": b"x" * 4096}, modules=("reflector",), directives=_UPLOADS),
        parts=(
            SlowUploads("/upload", scale.count(150), 2.0, 48 * 1024),
            Visitors("/page.html", scale.count(100), 0.5),
        ),
        score=_score,
        grid=tuple(threads(scale.threads(number)) for number in (150, 225, 300, 350, 450, 600)),
        seconds=3.0,
        opening=2.5,
    )


def _score(seen: Mapping[str, Outcome]) -> float:
    return seen["visitors"].share * seen["uploads"].share


WORKLOAD = BenchWorkload(
    name="slow_uploads",
    about="150 uploads a second that take 2 s each, and 100 visitors a second.",
    scored="visitors in time × uploads in time",
    needs=(),
    scenario=_scenario,
)
