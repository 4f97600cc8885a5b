"""Clients, against a server of a few lines."""

from __future__ import annotations

import asyncio

import pytest

from mpmtune.bench.load.connection import connect, visit
from mpmtune.bench.load.outcome import Outcome, Reply, outcome_of
from mpmtune.bench.load.target import Window
from mpmtune.bench.load.visitors import Visitors, probe
from mpmtune.model.distribution import distribution_of
from tests.bench.small_server import PLAIN, answering, driven, listening

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"
UNTIL_END = b"HTTP/1.1 200 OK\r\n\r\nok"


def asked(answer: bytes, *, close: bool = True) -> bool:
    async def ask() -> bool:
        async with listening(answering(answer)) as target:
            connection = await connect(target)
            try:
                return await connection.ask("/", close=close)
            finally:
                connection.close()

    return asyncio.run(ask())


@pytest.mark.parametrize("answer", [PLAIN, CHUNKED, UNTIL_END])
def test_answers_are_read_however_their_length_is_told(answer: bytes) -> None:
    assert asked(answer)


def test_a_connection_can_be_used_again_when_the_length_is_known() -> None:
    assert asked(PLAIN, close=False)


def test_an_error_page_is_no_good_answer() -> None:
    assert not asked(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")


def test_every_visitor_that_is_answered_in_time_counts() -> None:
    seen = driven(Visitors("/", 50.0), answering(PLAIN))
    assert (seen.wanted, seen.good, seen.failed) == (15, 15, 0)
    assert seen.share == 1.0
    assert not seen.closed


def test_a_visitor_who_waits_too_long_is_lost() -> None:
    seen = driven(Visitors("/", 20.0, deadline=0.1), answering(PLAIN, after=0.5), 0.2)
    assert (seen.wanted, seen.good, seen.failed) == (4, 0, 4)


def test_visitors_before_the_measured_time_do_not_count() -> None:
    seen = driven(Visitors("/", 50.0), answering(PLAIN), seconds=0.2, opening=0.2)
    assert seen.wanted == 10


def test_a_refused_connection_is_no_answer() -> None:
    async def refused() -> bool | None:
        async with listening(answering(PLAIN)) as target:
            pass
        return await visit(target, "/", asyncio.get_running_loop().time() + 1.0)

    assert asyncio.run(refused()) is None


def test_a_probe_watches_with_ten_visitors_a_second() -> None:
    assert (probe("/x").name, probe("/x").per_second, probe("/x").path) == ("probe", 10.0, "/x")


def test_what_is_due_at_the_end_does_not_count() -> None:
    window = Window(10.0, 12.0, 15.0)
    assert window.seconds == 3.0
    assert [window.counts(at) for at in (11.9, 12.0, 14.9, 15.0)] == [False, True, True, False]


def test_replies_are_counted_by_how_they_ended() -> None:
    replies = (
        Reply(counts=True, seconds=0.2, good=True),
        Reply(counts=True, seconds=0.9, good=False),
        Reply(counts=True, seconds=None, good=False),
        Reply(counts=False, seconds=0.1, good=True),
    )
    seen = outcome_of(replies, 2.0)
    assert (seen.wanted, seen.good, seen.failed) == (3, 1, 1)
    assert seen.per_second == 0.5
    assert seen.latencies.count == 2
    assert round(seen.share, 3) == 0.333


def test_replies_within_a_time_are_those_that_took_no_longer() -> None:
    seen = Outcome(2.0, 4, 4, latencies=distribution_of((100_000, 900_000, 1_200_000, 3_000_000)))
    assert seen.within(1.0) == 1.0
    assert round(seen.seconds_at(500), 1) == 0.9


def test_nothing_wanted_is_no_share() -> None:
    assert Outcome(1.0, 0, 0).share == 0.0
