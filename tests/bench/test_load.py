"""Clients, against a server of a few lines."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from mpmtune.bench.load.burst import Burst
from mpmtune.bench.load.closed_loop import ClosedLoop
from mpmtune.bench.load.connection import connect
from mpmtune.bench.load.kept_connections import KeptConnections
from mpmtune.bench.load.outcome import Outcome, Reply, outcome_of
from mpmtune.bench.load.slow_readers import SlowReaders
from mpmtune.bench.load.target import Window
from mpmtune.bench.load.visitors import Visitors, probe
from mpmtune.model.distribution import distribution_of
from tests.bench.small_server import PLAIN, answering, driven, listening

if TYPE_CHECKING:
    from mpmtune.bench.load.target import Part

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


def test_a_refused_connection_is_a_failure_of_its_visitor() -> None:
    async def refused() -> Outcome:
        async with listening(answering(PLAIN)) as target:
            pass
        now = asyncio.get_running_loop().time()
        return await Visitors("/", 20.0).drive(target, Window(now, now, now + 0.2))

    seen = asyncio.run(refused())
    assert (seen.wanted, seen.good, seen.failed) == (4, 0, 4)


def test_a_probe_watches_with_ten_visitors_a_second() -> None:
    assert (probe("/x").name, probe("/x").per_second, probe("/x").path) == ("probe", 10.0, "/x")


def test_what_is_due_at_the_end_does_not_count() -> None:
    window = Window(10.0, 12.0, 15.0)
    assert window.seconds == 3.0
    assert [window.counts(at) for at in (11.9, 12.0, 14.9, 15.0)] == [False, True, True, False]


def test_while_a_server_warms_up_nothing_counts_and_the_end_is_not_known() -> None:
    window = Window(10.0)
    assert not window.known
    assert not window.counts(1000.0)
    window.measure(20.0, 3.0)
    assert window.known
    assert window.end == 23.0
    assert window.counts(22.0)


def warmed(part: Part, warm_up: float, seconds: float) -> Outcome:
    """Drive a part for which the beginning of the measuring becomes known later."""

    async def drive() -> Outcome:
        async with listening(answering(PLAIN, after=0.02)) as target:
            clock = asyncio.get_running_loop().time
            window = Window(clock())
            driven = asyncio.create_task(part.drive(target, window))
            await asyncio.sleep(warm_up)
            window.measure(clock(), seconds)
            return await driven

    return asyncio.run(drive())


def test_visitors_come_while_it_warms_up_and_count_later() -> None:
    seen = warmed(Visitors("/", 50.0), 0.2, 0.2)
    assert 9 <= seen.wanted <= 11
    assert seen.good == seen.wanted


@pytest.mark.parametrize("keep_alive", [True, False])
def test_a_closed_loop_asks_again_and_again(keep_alive: bool) -> None:
    seen = warmed(ClosedLoop("/", 5, keep_alive=keep_alive), 0.1, 0.5)
    assert seen.closed
    assert 40 < seen.good <= 130
    assert (seen.failed, seen.wanted) == (0, seen.good)
    assert seen.latencies.count == seen.good


def test_a_kept_connection_that_was_closed_meanwhile_is_opened_anew() -> None:
    seen = driven(ClosedLoop("/", 2), answering(PLAIN, after=0.01, times=3), 0.4)
    assert seen.good > 20
    assert seen.failed == 0


def test_replies_in_step_count_by_the_share_of_their_time_that_was_measured() -> None:
    seen = driven(ClosedLoop("/", 4), answering(PLAIN, after=0.2), 0.3)
    assert seen.good == 4
    assert 17 < seen.per_second <= 20  # 4 clients, 0.2 s each; by whole ones 13.3
    window = Window(0.0)
    assert window.share(1.0, 2.0) == 0.0
    window.measure(10.0, 2.0)
    shares = [window.share(*times) for times in ((8, 9), (9, 11), (10, 11), (11, 15), (12, 13))]
    assert shares == [0.0, 0.5, 1.0, 0.25, 0.0]
    assert window.share(11.0, 11.0) == 0.0


def test_a_client_that_gets_nothing_has_failed() -> None:
    seen = driven(ClosedLoop("/", 3), answering(PLAIN, after=5.0), 0.3)
    assert (seen.good, seen.failed, seen.wanted) == (0, 3, 3)
    assert 0.25 < seen.seconds_at(500) < 1.0


def test_errors_of_a_closed_loop_are_counted() -> None:
    for keep_alive in (True, False):
        seen = driven(
            ClosedLoop("/", 2, keep_alive=keep_alive), answering(b"rubbish", times=1), 0.2
        )
        assert seen.good == 0
        assert seen.failed > 4


def test_an_error_page_is_a_failure_of_a_closed_loop() -> None:
    page = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"
    seen = driven(ClosedLoop("/", 1), answering(page, after=0.01), 0.2)
    assert seen.good == 0
    assert seen.failed > 3


def test_a_burst_comes_all_at_once() -> None:
    seen = driven(Burst("/", 30, 0.4), answering(PLAIN, after=0.05), 0.5)
    assert (seen.wanted, seen.good) == (30, 30)
    late = driven(Burst("/", 30, 0.1), answering(PLAIN, after=0.3), 0.5)
    assert (late.wanted, late.good, late.failed) == (30, 0, 30)


def test_kept_connections_are_used_from_time_to_time() -> None:
    part = KeptConnections("/", 10, 0.1, pause=0.1)
    seen = driven(part, answering(PLAIN), 0.4)
    assert (seen.wanted, seen.good, seen.share) == (10, 10, 1.0)


def test_a_connection_that_the_server_closes_is_lost() -> None:
    part = KeptConnections("/", 10, 0.1, pause=0.1)
    assert driven(part, answering(PLAIN, times=2), 0.5).good == 0
    assert driven(part, answering(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"), 0.3).good == 0


def test_a_connection_without_an_answer_is_lost() -> None:
    part = KeptConnections("/", 5, 0.1, pause=0.1, deadline=0.1)
    assert driven(part, answering(PLAIN, after=1.0), 0.3).failed == 5


def test_a_connection_that_is_refused_is_lost() -> None:
    async def refused(part: Part) -> Outcome:
        async with listening(answering(PLAIN)) as target:
            pass
        now = asyncio.get_running_loop().time()
        return await part.drive(target, Window(now, now, now + 0.2))

    assert asyncio.run(refused(KeptConnections("/", 5, 0.1))).good == 0
    assert asyncio.run(refused(SlowReaders("/", 5))).good == 0


LARGE = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + bytes(1_000_000)


def test_a_slow_reader_takes_what_it_wants_and_no_more() -> None:
    part = SlowReaders("/", 4, bytes_per_second=40_000, opened_over=0.1)
    seen = driven(part, answering(LARGE), seconds=0.5, opening=0.1)
    assert (seen.wanted, seen.good) == (4, 4)


def test_a_download_that_does_not_move_is_not_good() -> None:
    part = SlowReaders("/", 3, bytes_per_second=40_000, opened_over=0.1)
    assert driven(part, answering(LARGE, after=2.0), seconds=0.5).good == 0
    assert (
        driven(part, answering(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nend"), 0.5).good == 0
    )


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
