"""What httpd would do with given settings: memory, connections, throughput, waiting."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

from mpmtune.model.prediction import Prediction
from mpmtune.plan.capacity import tightest_station
from mpmtune.plan.load import load_of, open_connections
from mpmtune.plan.memory_of_shape import memory_of
from mpmtune.plan.policy import DEFAULT
from mpmtune.plan.queueing import Waiting, waiting
from mpmtune.plan.shape import shape_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mpmtune.model.facts import Facts
    from mpmtune.model.httpd import Mpm
    from mpmtune.model.load import Load
    from mpmtune.model.plan import Plan
    from mpmtune.model.quantity import Quantity
    from mpmtune.plan.capacity import Station
    from mpmtune.plan.policy import Policy
    from mpmtune.plan.shape import Shape

# Of times that are spread exponentially, 95 of 100 are below three times the mean.
_P95_OF_MEAN = -math.log(0.05)


def predict(
    mpm: Mpm, settings: Mapping[str, int], facts: Facts, policy: Policy = DEFAULT
) -> Prediction:
    """Predict what httpd would do with settings, under the load that the facts tell of.

    Args:
        mpm: The MPM.
        settings: Directive in the manual's spelling → number, seconds for times, 1 and 0 for On
            and Off; what is missing has httpd's default, and httpd's own corrections are made.
        facts: Machine, server and load.
        policy: What is assumed where nothing was measured.
    """
    shape, load = shape_of(mpm, settings), load_of(facts, policy)
    memory = memory_of(shape, load, facts, policy)
    station = tightest_station(shape, load, facts, policy)
    arrivals = _arrivals(load)
    utilisation, found = _queue(station, arrivals, load)
    asked = station is not None and arrivals is not None
    rates = [] if station is None else [station.rate]
    weakest = [part.trust for part in (*rates, arrivals) if part is not None]
    return Prediction(
        mpm,
        shape.workers,
        shape.connections,
        memory.peak,
        memory.sockets,
        memory.worst,
        None if station is None else station.rate,
        None if station is None else station.name,
        utilisation,
        None if found is None else found.mean,
        _p95(found, load),
        found is None if asked else None,
        _refuses(shape, load),
        min(weakest) if rates else memory.peak.trust,
    )


def settings_of(plan: Plan) -> dict[str, int]:
    """Give the settings of a plan as ``predict`` takes them."""
    return {made.directive: made.proposed.whole for made in plan.settings}


def _arrivals(load: Load) -> Quantity | None:
    if load.arrivals is not None or load.concurrency is None or load.service is None:
        return load.arrivals
    if not load.service.value:
        return None
    return (load.concurrency // load.service).named("requests a second")


def _queue(
    station: Station | None, arrivals: Quantity | None, load: Load
) -> tuple[Fraction | None, Waiting | None]:
    """Give utilisation and waiting; no utilisation of what answers nothing."""
    if station is None or arrivals is None or load.service is None:
        return None, None
    found = waiting(station.at_once.whole, float(arrivals.value), float(load.service.value))
    if not station.at_once.value:
        return None, found
    return Fraction(arrivals.value * load.service.value) / station.at_once.value, found


def _p95(found: Waiting | None, load: Load) -> float | None:
    if found is None or load.service is None:
        return None
    if load.service_p95 is not None:
        return found.p95 + float(load.service_p95.value)
    return found.p95 + float(load.service.value) * _P95_OF_MEAN


def _refuses(shape: Shape, load: Load) -> bool | None:
    connections = open_connections(load, shape.keepalive_timeout)
    return None if connections is None else connections.value >= shape.connections.value
