"""What an MPM changes silently when it starts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpmtune.httpd.corrections import DEFAULTS, correct
from mpmtune.httpd.startup import Adjustment, listener_buckets, scoreboard_bytes, start
from mpmtune.model.server import Mpm


@pytest.mark.parametrize("mpm", list(Mpm))
def test_the_built_in_values_start_as_they_are(mpm: Mpm) -> None:
    started = start(mpm, DEFAULTS[mpm])
    assert started.changes == ()
    assert started.effective == DEFAULTS[mpm]
    assert started.initial_children == {Mpm.PREFORK: 5}.get(mpm, 3)
    assert not started.overruns_scoreboard


def test_max_spare_threads_leaves_room_for_a_child_and_one_thread() -> None:
    values = correct(Mpm.EVENT, {"MinSpareThreads": 75, "MaxSpareThreads": 100}).effective
    started = start(Mpm.EVENT, values)
    assert started.changes == (Adjustment("MaxSpareThreads", 100, 101),)
    assert started.effective["MaxSpareThreads"] == 101


def test_prefork_lifts_max_spare_servers_above_min_spare_servers() -> None:
    values = correct(Mpm.PREFORK, {"MinSpareServers": 10, "MaxSpareServers": 4}).effective
    assert start(Mpm.PREFORK, values).changes == (Adjustment("MaxSpareServers", 4, 11),)


def test_buckets_lift_children_start_servers_and_spares() -> None:
    values = correct(
        Mpm.WORKER,
        {"MaxRequestWorkers": 25, "StartServers": 1, "MinSpareThreads": 1, "MaxSpareThreads": 1},
    ).effective
    started = start(Mpm.WORKER, values, buckets=4)
    assert dict(started.effective) == {
        "ServerLimit": 16,
        "ThreadLimit": 64,
        "ThreadsPerChild": 25,
        "MaxRequestWorkers": 100,
        "StartServers": 4,
        "MinSpareThreads": 79,
        "MaxSpareThreads": 183,
    }
    assert (started.children, started.initial_children) == (4, 4)


def test_buckets_lift_prefork() -> None:
    written = dict.fromkeys(
        ("MaxRequestWorkers", "StartServers", "MinSpareServers", "MaxSpareServers"), 1
    )
    started = start(Mpm.PREFORK, correct(Mpm.PREFORK, written).effective, buckets=3)
    assert dict(started.effective) == {
        "ServerLimit": 256,
        "MaxRequestWorkers": 3,
        "StartServers": 3,
        "MinSpareServers": 3,
        "MaxSpareServers": 6,
    }


def test_more_buckets_than_server_limit_overrun_the_scoreboard() -> None:
    values = correct(Mpm.EVENT, {"ServerLimit": 1, "MaxRequestWorkers": 25}).effective
    started = start(Mpm.EVENT, values, buckets=2)
    assert started.overruns_scoreboard
    assert (started.children, started.initial_children) == (2, 1)
    assert start(Mpm.WORKER, values, buckets=2).initial_children == 2


@pytest.mark.parametrize(
    ("version", "min_spare", "max_spare"),
    [
        ((2, 4, 16), 75, 100),  # no buckets yet
        ((2, 4, 17), 100, 200),
        ((2, 4, 20), 100, 200),
        ((2, 4, 21), 79, 179),
        ((2, 4, 22), 79, 179),
        ((2, 4, 23), 79, 183),
        ((2, 4, 71), 79, 183),
    ],
)
def test_the_floors_of_the_spares_moved(
    version: tuple[int, ...], min_spare: int, max_spare: int
) -> None:
    values = correct(Mpm.EVENT, {"MinSpareThreads": 75, "MaxSpareThreads": 1}).effective
    effective = start(Mpm.EVENT, values, buckets=4, version=version).effective
    assert (effective["MinSpareThreads"], effective["MaxSpareThreads"]) == (min_spare, max_spare)


def test_children_at_the_start_are_bounded_by_the_workers() -> None:
    values = correct(Mpm.EVENT, {"StartServers": 50, "MaxRequestWorkers": 100}).effective
    started = start(Mpm.EVENT, values)
    assert started.initial_children == 4
    assert started.effective["StartServers"] == 50


@pytest.mark.parametrize(
    ("ratio", "cpus", "buckets"), [(0, 64, 1), (1, 2, 2), (8, 64, 8), (8, 4, 1), (3, 8, 2)]
)
def test_buckets_follow_from_the_ratio(ratio: int, cpus: int, buckets: int) -> None:
    assert listener_buckets(ratio, cpus) == buckets


def test_the_scoreboard_has_a_slot_for_every_thread() -> None:
    assert scoreboard_bytes(256, 1) == 96312
    assert scoreboard_bytes(16, 64) == 344760


@settings(max_examples=100)
@given(st.sampled_from(Mpm), st.integers(1, 64), st.data())
def test_a_started_mpm_starts_again_without_a_change(
    mpm: Mpm, buckets: int, data: st.DataObject
) -> None:
    numbers = st.integers(-10, 100_000)
    written = {name: data.draw(numbers, name) for name in DEFAULTS[mpm]}
    once = start(mpm, correct(mpm, written).effective, buckets=buckets)
    assert start(mpm, once.effective, buckets=buckets).changes == ()
