"""Blocks of lines: the fast way and the slow way take the same."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpmtune.workload.columns import UNKNOWN
from mpmtune.workload.counting import Counting
from mpmtune.workload.reader import LogReader
from tests.workload.generated import COMBINED, TIMED, log

LAID_OUT = (
    TIMED,
    COMBINED,
    '%v:%p %h %l %u %t "%r" %>s %O "%{Referer}i" "%{User-Agent}i" %D %k',
    "%h %l %u %t %>s %b %D %k",
    "%t %D %h %k",
    '"%r" %t %D "%{User-Agent}i" %b "%h"',
    '%t "%{User-Agent}i %H" %D %k',
    '%t %H %D "%{User-Agent}i" %k',
    '%t "%r" %>s %b %{ms}T %k',
    '%t "%r" %>s %T %{sec}t',
)
LINE_BY_LINE = (
    '%t "%D" %h',
    '%t %h:%D "%r"',
    '%t "%r"%>s %D',
    '%t "%r" %D"%h"',
    "%{msec}t %D",
    '%t %D "',
    "%t %D ",
)
PIECES = (
    b"10.0.0.1 - - [16/Sep/2025:05:17:39 +0000] ",
    b"10.0.0.1 - anna of ours [16/Sep/2025:05:17:39 +0200] ",
    b"10.0.0.2 [16/Sep/2025:05:17:40 +0000] ",
    b"[16/Sep/2025:05:17:61 +0000] ",
    b'"GET / HTTP/1.1"',
    b'"GET / HTTP/2.0"',
    rb'"a\"b\\"',
    b'"-"',
    b'""',
    b'"',
    b" ",
    b"  ",
    b" 200 5 ",
    b" 304 - ",
    b" 20 5 ",
    b" - - ",
    b" 200 1_0 ",
    b" 340 0 +",
    b" 340 0 X",
    b" -340 3 -",
    b" 34000000 17 +",
    b" 9999999999999999 0 +",
    rb" 3\40 0 +",
    b" 340 0 ?",
    b"\n",
    b"\n",
    b"\n",
    b"\r\n",
    b"\\",
    b"\x00",
)
GOOD = b'10.0.0.1 - - [16/Sep/2025:05:17:39 +0000] "GET / HTTP/1.1" 200 5 "-" "curl" 340 0 +\n'


def counted(reader: LogReader, block: bytes) -> tuple[Counting, list[object]]:
    counting = Counting()
    slices = [counting.add(batch, reader.unit) for batch in reader.batches(block)]
    counting.put_aside(reader.bad)
    reader.bad = []
    seconds: dict[tuple[int, int], list[int]] = {}
    spans: dict[object, int] = {}
    for part in slices:
        for second, values in part.seconds.items():
            known = seconds.setdefault((part.offset, second), [0, 0])
            known[0] += values[0]
            known[1] += values[1]
        for span, number in part.spans.items():
            spans[part.offset, span] = spans.get((part.offset, span), 0) + number
    return counting, [sorted(seconds.items()), sorted(spans.items(), key=str)]


def slow(text: str) -> LogReader:
    reader = LogReader(text)
    reader.layout = None
    return reader


@pytest.mark.parametrize("text", LAID_OUT)
def test_a_format_of_words_and_quotes_is_read_in_columns(text: str) -> None:
    block = log(400, text)
    reader = LogReader(text)
    assert reader.layout is not None
    assert len(list(reader.batches(block))) == 1
    assert counted(reader, block) == counted(slow(text), block)
    assert counted(reader, block)[0].requests == 400


@pytest.mark.parametrize("text", LINE_BY_LINE)
def test_another_format_is_read_line_by_line(text: str) -> None:
    reader = LogReader(text)
    assert reader.layout is None
    assert counted(reader, log(50, text))[0].requests == 50


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.just(GOOD)), max_size=60))
def test_both_ways_take_the_same_from_anything(pieces: list[bytes]) -> None:
    block = b"".join(pieces) + b"\n"
    assert counted(LogReader(TIMED), block) == counted(slow(TIMED), block)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_both_ways_take_the_same_from_a_damaged_log(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(LAID_OUT))
    block = bytearray(log(60, text))
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, len(block) - 2))
        block[at : at + data.draw(st.integers(0, 40))] = data.draw(
            st.sampled_from([b"", b'"', b" ", b"\n", b"\\", b"-", b"0", b"\x00\xff"])
        )
    whole = bytes(block) + b"\n"
    assert counted(LogReader(text), whole) == counted(slow(text), whole)


def test_one_bad_line_leaves_the_others_to_the_fast_way() -> None:
    block = log(2000, TIMED)
    middle = block.index(b"\n", len(block) // 2) + 1
    reader = LogReader(TIMED)
    batches = list(reader.batches(block[:middle] + b"nonsense\n" + block[middle:]))
    assert reader.bad == [b"nonsense"]
    assert sum(len(batch.columns.stamps) for batch in batches) == 2000
    assert max(len(batch.columns.stamps) for batch in batches) > 400


def test_what_bad_lines_are_called() -> None:
    reader = LogReader(TIMED)
    list(reader.batches(GOOD + b"  \n\n" + GOOD[:-9] + b"\n" + GOOD))
    assert reader.bad == [GOOD[:-9]]


def test_durations_that_cannot_be_are_not_taken_for_durations() -> None:
    block = GOOD + GOOD.replace(b"340 0", b"-340 0") + GOOD.replace(b"340 0", b"- 0")
    (batch,) = LogReader(TIMED).batches(block)
    assert batch.columns.durations == [340, UNKNOWN, UNKNOWN]


def test_the_first_requests_of_connections_are_those_of_http_1() -> None:
    first, later = GOOD, GOOD.replace(b"340 0", b"340 7")
    http2 = GOOD.replace(b"HTTP/1.1", b"HTTP/2.0")
    (batch,) = LogReader(TIMED).batches(first + later + http2 + later)
    columns = batch.columns
    assert (columns.requests, columns.http2) == (4, 1)
    assert (columns.keyed, columns.opening) == (3, 1)
    assert columns.finish == b"++++"
    assert columns.statuses == b"2222"


def test_lines_of_two_zones_are_in_two_batches() -> None:
    block = GOOD + GOOD.replace(b"+0000", b"+0200")
    batches = list(LogReader(TIMED).batches(block))
    assert [(batch.offset, *batch.seconds.values()) for batch in batches] == [
        (0, 1757999859),
        (7200, 1757992659),
    ]


def test_the_second_of_a_line_is_told() -> None:
    reader = LogReader(TIMED)
    assert reader.second_of(GOOD[:-1]) == 1757999859
    assert reader.second_of(b"nonsense") is None


@pytest.mark.parametrize(
    "odd",
    [
        GOOD.replace(b" 200 ", b" 20 "),
        GOOD.replace(b" 200 ", b" 2000 "),
        GOOD.replace(b" 200 5 ", b" 200  "),
        GOOD.replace(b" 5 ", b" 5 5 "),
        GOOD.replace(b" +\n", b" ?\n"),
        GOOD.replace(b" +\n", b" ++\n"),
        GOOD.replace(b" 0 +", b" x +"),
        GOOD.replace(b" 340 ", b" 3_4 "),
        GOOD.replace(b'] "', b']x"'),
        GOOD.replace(b"] ", b"]"),
        GOOD.replace(b'" 200', b'"x 200'),
        GOOD.replace(b'"curl" 340 0 +', b'"curl\\'),
    ],
)
def test_a_line_of_another_shape_is_bad_on_either_way(odd: bytes) -> None:
    for reader in (LogReader(TIMED), slow(TIMED)):
        for block in (GOOD + odd + GOOD, odd + GOOD + GOOD, GOOD + GOOD + odd):
            assert [len(batch.columns.stamps) for batch in reader.batches(block)] == [2]
            assert reader.bad == [odd[:-1]]
            reader.bad = []


def test_words_that_move_from_one_line_to_the_next_are_noticed() -> None:
    text = "%t %h %D"
    block = b"[16/Sep/2025:05:17:39 +0000] a b 5\n[16/Sep/2025:05:17:39 +0000] 5\n"
    for reader in (LogReader(text), slow(text)):
        assert list(reader.batches(block)) == []
        assert len(reader.bad) == 2


def test_a_format_with_the_request_line_needs_no_protocol_beside_it() -> None:
    text = '%t "%r" "%H" %D'
    block = log(50, text)
    assert LogReader(text).layout is not None
    assert counted(LogReader(text), block) == counted(slow(text), block)
