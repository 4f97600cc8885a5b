from __future__ import annotations

import pytest

from mpmtune.apply.verification import (
    Expectation,
    _burst,
    workers_after_graceful,
    workers_at_start,
)
from mpmtune.host.listening import Listener
from mpmtune.model.server import Mpm
from tests.scarcity import no_threads


def expectation(mpm: Mpm, **values: int) -> Expectation:
    return Expectation(mpm, values, (), mpm.threaded)


def test_a_start_brings_its_children_at_once() -> None:
    prefork = expectation(Mpm.PREFORK, StartServers=32, MinSpareServers=5)
    assert workers_at_start(prefork) == 32
    event = expectation(
        Mpm.EVENT, StartServers=5, ThreadsPerChild=25, MaxRequestWorkers=100, MinSpareThreads=75
    )
    assert workers_at_start(event) == 100


@pytest.mark.parametrize(
    ("seconds", "workers"), [(0.5, 1), (1.3, 1), (2.0, 1), (3.0, 3), (6.0, 31), (7.0, 32)]
)
def test_a_graceful_restart_of_prefork_brings_them_by_and_by(seconds: float, workers: int) -> None:
    prefork = expectation(Mpm.PREFORK, StartServers=40, MinSpareServers=32)
    assert workers_after_graceful(prefork, seconds) == workers


def test_a_graceful_restart_brings_no_more_than_are_to_be_spare() -> None:
    event = expectation(
        Mpm.EVENT, StartServers=8, ThreadsPerChild=25, MaxRequestWorkers=400, MinSpareThreads=75
    )
    assert workers_after_graceful(event, 6.0) == 75
    assert workers_after_graceful(event, 1.3) == 25


def test_requests_that_cannot_be_made_at_once_are_no_proof() -> None:
    with no_threads():
        (said,) = _burst(Listener("127.0.0.1", 1, 0), expectation(Mpm.EVENT, MaxRequestWorkers=8))
    assert said == "8 requests at once could not be made: the system gives no more threads."
