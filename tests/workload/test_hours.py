"""Seconds in hours: rates, concurrency, silence, steps."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpmtune.workload import hours as module
from mpmtune.workload.hours import HOUR, Hours
from mpmtune.workload.slices import Slice

SECOND = 1_000_000
START = 1_757_980_800  # midnight, UTC


def part(
    seconds: dict[int, tuple[int, int]],
    spans: dict[tuple[int, int], int] | None = None,
    offset: int = 0,
) -> Slice:
    moved = {(START + start, length): number for (start, length), number in (spans or {}).items()}
    return Slice(
        offset,
        {START + at: both for at, both in seconds.items()},
        Counter(moved),
        None,
        None,
        0,
        True,
    )


def finished(*parts: Slice) -> Hours:
    made = Hours()
    for one in parts:
        made.add(one)
    made.finish()
    return made


def test_seconds_without_requests_count_between_the_first_and_the_last() -> None:
    made = finished(part({10: (3, 500), 14: (1, 100)}))
    assert made.requests.distribution().counts == ((0, 3), (1, 1), (3, 1))
    assert made.work.distribution().total == 600
    assert (made.requests.largest, made.requests.rise, made.work.rise) == (3, 1, 100)


def test_a_long_request_keeps_a_worker_busy_second_by_second() -> None:
    made = finished(part({0: (1, 0), 3: (1, 250_000), 5: (1, 0)}, {(0, 3): 1}))
    assert made.work.distribution().counts == ((0, 2), (826, 1), (954, 3))
    assert made.work.total == 3_250_000


def test_a_request_may_reach_over_hours_and_quarters() -> None:
    made = finished(part({3000: (1, 0), 9000: (1, 0)}, {(3000, 6000): 2}))
    assert made.work.total == 2 * 6000 * SECOND
    assert made.work.largest == 2 * SECOND
    assert made.day_work[3:11] == [n * 2 * SECOND for n in (600, 900, 900, 900, 900, 900, 900, 0)]


def test_what_reaches_beyond_the_last_request_is_not_observed() -> None:
    made = finished(part({0: (1, 0)}, {(0, 10): 1}))
    assert made.requests.distribution().count == made.work.distribution().count == 1
    assert made.work.total == SECOND


def test_the_day_is_that_of_the_log_s_clock() -> None:
    made = finished(part({0: (1, 7)}, offset=7200), part({0: (1, 9)}, {(0, 900): 1}, offset=-3600))
    assert made.day_requests[8] == 1
    assert made.day_requests[92] == 1
    assert (made.day_work[8], made.day_work[92]) == (7, 9 + 900 * SECOND)


def test_hours_of_silence_are_seconds_without_requests() -> None:
    made = finished(part({0: (1, 0)}), part({5 * HOUR: (2, 0)}))
    assert made.requests.distribution().counts == ((0, 5 * HOUR - 1), (1, 1), (2, 1))
    assert made.work.distribution().counts == ((0, 5 * HOUR + 1),)


def test_more_than_a_day_of_silence_is_a_gap_in_the_logs() -> None:
    made = finished(part({HOUR - 1: (5, 0)}), part({26 * HOUR: (7, 0)}))
    assert made.requests.distribution().count == 2
    assert made.requests.rise == 0
    made = finished(part({HOUR - 1: (5, 0)}), part({25 * HOUR: (7, 0)}))
    assert made.requests.distribution().count == 24 * HOUR + 2
    assert made.requests.rise == 7


def test_a_rise_is_seen_from_one_hour_to_the_next() -> None:
    made = finished(part({HOUR - 1: (2, 10), HOUR: (9, 400)}))
    assert (made.requests.rise, made.work.rise) == (7, 390)


@pytest.mark.parametrize(
    ("seconds", "rise"),
    [
        ({0: 5, 1: 195, 2: 116, 3: 5}, 301),
        ({0: 100, 1: 200, 2: 200, 3: 200}, 100),
        ({0: 100, 1: 150, 2: 200, 3: 250, 4: 300}, 50),
        ({HOUR - 5: 1, HOUR - 1: 190, HOUR: 111, HOUR + 4: 1}, 301),
        ({HOUR - 5: 1, HOUR - 2: 190, HOUR - 1: 111, HOUR: 1, HOUR + 4: 1}, 300),
    ],
)
def test_a_burst_may_fall_into_two_seconds(seconds: dict[int, int], rise: int) -> None:
    made = finished(part({second: (number, 0) for second, number in seconds.items()}))
    assert made.requests.rise == rise


def test_a_log_of_months_is_counted_hour_by_hour() -> None:
    hours = 3 * module._MOST_OPEN
    made = Hours()
    for hour in range(hours):
        made.add(part({hour * HOUR: (1, 5), hour * HOUR + 1800: (2, 6)}))
        assert len(made._open) <= module._MOST_OPEN
    made.finish()
    counts = made.requests.distribution()
    assert counts.count == (hours - 1) * HOUR + 1801
    assert (counts.total, made.late) == (3 * hours, 0)


def test_what_comes_to_an_hour_that_is_over_is_counted_as_late() -> None:
    made = Hours()
    for hour in range(module._MOST_OPEN + 5):
        made.add(part({hour * HOUR: (1, 0)}))
    made.add(part({2 * HOUR: (1, 5)}))
    made.finish()
    assert made.late == 1
    assert made.requests.total == module._MOST_OPEN + 5
    assert sum(made.day_requests) == module._MOST_OPEN + 6


def test_nothing_is_nothing() -> None:
    made = finished()
    assert made.requests.distribution().count == 0
    assert made.first is None


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 3 * HOUR),
            st.integers(1, 3),
            st.integers(0, SECOND),
            st.integers(1, 4000),
        ),
        min_size=1,
        max_size=20,
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_of_parts_does_not_matter(
    made: list[tuple[int, int, int, int]], chance: object
) -> None:
    parts = [part({at: (number, work)}, {(at, length): 1}) for at, number, work, length in made]
    one = finished(*parts)
    chance.shuffle(parts)  # type: ignore[attr-defined]
    other = finished(*parts)
    assert one.requests == other.requests
    assert one.work == other.work
    assert (one.day_requests, one.day_work) == (other.day_requests, other.day_work)
