"""A measured workload as one for a bench."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mpmtune.bench.load.burst import Burst
from mpmtune.bench.load.kept_connections import KeptConnections
from mpmtune.bench.load.outcome import Outcome
from mpmtune.bench.load.visitors import Visitors
from mpmtune.bench.replayed import demand_of, replayed
from mpmtune.bench.scale import Scale
from mpmtune.errors import InputError
from mpmtune.model.distribution import distribution_of
from mpmtune.model.workload import Requests, StatusSamples, Workload

SCALE = Scale(1.0, frozenset({0}), frozenset({1}))
SEEN = Workload(
    requests=Requests(
        read=6000, timed=6000, sized=6000, bytes_sent=12_000_000, keyed=6000, opening=1200
    ),
    arrivals=distribution_of([100] * 60),
    busy=distribution_of([20_000_000] * 60),
    service=distribution_of([100_000] * 5000 + [400_000] * 900 + [9_000_000] * 100),
    rise=40,
)


def test_rate_times_and_connections_are_taken_from_the_summary() -> None:
    demand = demand_of("x.json", SEEN)
    assert demand.rate == pytest.approx(100, rel=0.01)
    assert demand.waits == pytest.approx((0.1, 0.1, 0.1, 0.4, 5.0), rel=0.01)
    assert (demand.concurrency, demand.body, demand.burst, demand.kept) == (20, 2000, 40, 100)


def test_what_mod_status_saw_counts_for_the_connections() -> None:
    seen = replace(SEEN, status=StatusSamples(keepalive=distribution_of([10, 250])))
    assert demand_of("x.json", seen).kept == 250


def test_without_keep_alive_and_bursts_there_are_visitors_alone() -> None:
    seen = replace(SEEN, requests=replace(SEEN.requests, opening=6000, sized=0), rise=0)
    made = replayed("x.json", seen).scenario(SCALE)
    assert {type(part) for part in made.parts} == {Visitors}
    assert demand_of("x.json", seen).body == 0
    assert made.score({"visitors0": Outcome(1.0, 10, 5)}) == 0.5


def test_each_group_of_requests_comes_at_its_own_rate() -> None:
    workload = replayed("x.json", SEEN)
    made = workload.scenario(SCALE)
    visitors = [part for part in made.parts if isinstance(part, Visitors)]
    assert sum(part.per_second for part in visitors) == pytest.approx(100, rel=0.01)
    assert visitors[4].deadline == 10.0
    assert any(isinstance(part, Burst) and part.visitors == 40 for part in made.parts)
    assert any(isinstance(part, KeptConnections) and part.connections == 100 for part in made.parts)
    assert made.site.pools[0].children == 50
    assert (
        workload.about
        == "As x.json tells: 100 requests a second, 20 at once, 100 connections waiting."
    )


def test_the_score_is_what_was_answered_times_what_was_kept() -> None:
    made = replayed("x.json", SEEN).scenario(SCALE)
    outcomes = {"visitors0": Outcome(1.0, 100, 90), "burst": Outcome(1.0, 100, 30)}
    assert made.score({**outcomes, "kept": Outcome(1.0, 10, 5)}) == pytest.approx(0.3)


def test_the_grid_has_each_point_once() -> None:
    labels = [point.label for point in replayed("x.json", SEEN).scenario(SCALE).grid]
    assert labels == ["event 50, factor 4", "event 75, factor 4"]


def test_without_times_nothing_can_be_replayed() -> None:
    with pytest.raises(InputError, match=r"x\.json does not tell how long requests take"):
        demand_of("x.json", replace(SEEN, service=distribution_of([])))
