"""Scores of workloads of several parts, from made-up outcomes."""

from __future__ import annotations

import pytest

from mpmtune.bench.load.outcome import Outcome
from mpmtune.bench.registry import find
from mpmtune.bench.scale import Scale
from mpmtune.model.distribution import distribution_of

SCALE = Scale(1.0, frozenset({0}), frozenset({1}))
HALF = Outcome(2.0, 200, 100)
ALL = Outcome(2.0, 200, 200)
# 100 replies of 0.1 s and 60 of 3 s in 2 s.
REPLIES = Outcome(
    2.0, 160, 160, latencies=distribution_of([100_000] * 100 + [3_000_000] * 60), closed=True
)


@pytest.mark.parametrize(
    ("name", "outcomes", "score"),
    [
        ("mixed_site", {"clients": REPLIES, "files": HALF}, 25.0),
        ("two_pools", {"pages": REPLIES, "reports": REPLIES, "probe": ALL}, 353.553),
        ("shared_memory", {"clients": REPLIES, "pool": HALF}, 130.0),
        ("slow_uploads", {"visitors": HALF, "uploads": HALF}, 0.25),
        ("tls_handshakes", {"visitors": HALF}, 0.5),
        ("tunnels", {"visitors": ALL, "tunnels": HALF}, 0.5),
    ],
)
def test_all_parts_of_a_workload_decide(
    name: str, outcomes: dict[str, Outcome], score: float
) -> None:
    scenario = find(name).scenario(SCALE)
    assert {part.name for part in scenario.parts} == set(outcomes)
    assert round(scenario.score(outcomes), 3) == score


def test_a_pool_beside_httpd_counts_against_the_budget() -> None:
    scenario = find("shared_memory").scenario(SCALE)
    assert scenario.budget_has_pools
    assert scenario.budget_bytes == 671_088_640


def test_tunnels_are_opened_once_and_kept() -> None:
    scenario = find("tunnels").scenario(SCALE)
    assert not scenario.warm
    assert scenario.opening == 4.0
