"""The M/M/c queue, in numbers that textbooks give."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpmtune.plan.queueing import erlang_c, waiting


@pytest.mark.parametrize(
    ("servers", "offered", "probability"),
    [(1, 0.5, 0.5), (2, 1.0, 1 / 3), (5, 4.0, 0.554113), (10, 8.0, 0.409180), (100, 95.0, 0.506)],
)
def test_the_probability_of_waiting(servers: int, offered: float, probability: float) -> None:
    assert erlang_c(servers, offered) == pytest.approx(probability, rel=2e-3)


def test_one_server_half_busy_makes_wait_as_long_as_it_serves() -> None:
    found = waiting(1, 5, 0.1)
    assert found is not None
    assert found.probability == pytest.approx(0.5)
    assert found.mean == pytest.approx(0.1)
    # P(wait > t) = 0.5 e^(-5 t) = 0.05
    assert found.p95 == pytest.approx(0.460517, rel=1e-5)


def test_a_hundred_thousand_servers_overflow_nothing() -> None:
    found = waiting(100_000, 99_000, 1.0)
    assert found is not None
    assert 0 < found.probability < 0.01
    assert found.p95 == 0


def test_more_than_can_be_served_has_no_equilibrium() -> None:
    assert waiting(10, 100, 0.1) is None
    assert waiting(0, 0, 0.1) is None


def test_without_requests_nobody_waits() -> None:
    found = waiting(3, 0, 0.1)
    assert found is not None
    assert (found.probability, found.mean, found.p95) == (0, 0, 0)


@given(st.integers(1, 500), st.floats(0.01, 0.99), st.floats(1e-4, 60))
def test_more_servers_never_make_wait_longer(servers: int, load: float, service: float) -> None:
    few = waiting(servers, load * servers / service, service)
    many = waiting(servers + 1, load * servers / service, service)
    assert few is not None
    assert many is not None
    assert many.mean <= few.mean
    assert 0 <= few.probability <= 1
