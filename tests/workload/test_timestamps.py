"""Times as httpd writes them, back to seconds."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpmtune.workload.logformat import fields_of, parse_format
from mpmtune.workload.timestamps import SEPARATOR, CommonTime, FormattedTime


def formatted(text: str) -> FormattedTime:
    return FormattedTime(fields_of(parse_format(text)))


@pytest.mark.parametrize(
    ("stamp", "second", "offset"),
    [
        (b"[16/Sep/2025:05:17:39 +0000]", 1757999859, 0),
        (b"[16/Sep/2025:07:17:39 +0200]", 1757999859, 7200),
        (b"[15/Sep/2025:23:47:39 -0530]", 1757999859, -19800),
        (b"[31/Dec/2016:23:59:60 +0000]", 1483228800, 0),
    ],
)
def test_a_common_time_is_read_with_its_zone(stamp: bytes, second: int, offset: int) -> None:
    assert CommonTime().read([stamp]) == ({stamp: second}, offset)
    assert re.fullmatch(CommonTime.pattern, stamp)


@pytest.mark.parametrize(
    "stamp",
    [
        b"[16/Sep/2025:05:17:39 +0000",
        b"[16/Sep/2025:05:17:61 +0000]",
        b"[16/Sep/2025:05:60:00 +0000]",
        b"[16/Sep/2025:24:00:00 +0000]",
        b"[00/Sep/2025:05:17:39 +0000]",
        b"[16/Sex/2025:05:17:39 +0000]",
        b"[16/Sep/1970:05:17:39 +0000]",
        b"[16/Sep/2025:05:17:+9 +0000]",
        b"[16/Sep/2025:05:17:39 0000]",
        b"[16/Sep/2025:05:17:39  0000]",
        b"",
    ],
)
def test_what_is_no_time_is_refused_by_reader_and_pattern_alike(stamp: bytes) -> None:
    with pytest.raises(ValueError, match="no "):
        CommonTime().read([stamp])
    assert re.fullmatch(CommonTime.pattern, stamp) is None


def test_two_zones_are_not_read_together() -> None:
    stamps = [b"[16/Sep/2025:05:17:39 +0000]", b"[16/Sep/2025:05:17:39 +0100]"]
    with pytest.raises(ValueError, match="another zone"):
        CommonTime().read(stamps)


def test_thousands_of_minutes_are_remembered_one_after_the_other() -> None:
    reader = CommonTime()
    for minute in range(20_000_000, 20_010_000):
        local = time.strftime("[%d/%b/%Y:%H:%M:00 +0000]", time.gmtime(minute * 60)).encode()
        assert reader.read([local])[0][local] == minute * 60


@pytest.mark.parametrize(
    ("text", "written", "second", "offset"),
    [
        ("%{sec}t", b"1757999859", 1757999859, 0),
        ("%{begin:msec}t", b"1757999859123", 1757999859, 0),
        ("%{usec}t", b"1757999859123456", 1757999859, 0),
        ("%{%F %T %z}t", b"2025-09-16 07:17:39 +0200", 1757999859, 7200),
        ("%{%Y-%m-%dT%H:%M:%S}t", b"2025-09-16T05:17:39", 1757999859, 0),
        ("%{%D %R:%S}t", b"09/16/25 05:17:39", 1757999859, 0),
        ("%{%a %e %b %Y (%j) %T %Z}t", b"Tue 16 Sep 2025 (259) 05:17:39 UTC", 1757999859, 0),
        ("%{%s}t", b"1757999859", 1757999859, 0),
        (
            "%{%d/%b/%Y:%T}t %{msec_frac}t %{%z}t",
            SEPARATOR.join((b"16/Sep/2025:07:17:39", b"123", b"+0200")),
            1757999859,
            7200,
        ),
    ],
)
def test_other_formats_are_read(text: str, written: bytes, second: int, offset: int) -> None:
    time_reader = formatted(text)
    assert time_reader.read([written]) == ({written: second}, offset)
    for pattern, piece in zip(time_reader.patterns, written.split(SEPARATOR), strict=True):
        assert re.fullmatch(pattern, piece)
        assert re.compile(pattern).groups == 0


@pytest.mark.parametrize(
    "text", ["%{%H:%M:%S}t", "%{%F}t", "%{usec_frac}t", "%{%c}t", "%{%F %I %M %S}t"]
)
def test_a_format_that_does_not_tell_the_second_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"does not tell the second|not understood"):
        formatted(text)


def test_a_text_that_is_none_of_its_times_is_refused() -> None:
    with pytest.raises(ValueError, match="no time"):
        formatted("%{sec}t").read([b"soon"])
    with pytest.raises(ValueError, match="another zone"):
        formatted("%{%F %T %z}t").read([b"2025-09-16 07:17:39 +0200", b"2025-09-16 07:17:39 +0300"])


@given(st.integers(946_771_200, 4_000_000_000), st.sampled_from([0, 7200, -18000, 20700]))
def test_every_second_comes_back(second: int, offset: int) -> None:
    sign, minutes = ("-" if offset < 0 else "+"), abs(offset) // 60
    local = time.strftime("[%d/%b/%Y:%H:%M:%S", time.gmtime(second + offset))
    stamp = f"{local} {sign}{minutes // 60:02}{minutes % 60:02}]".encode()
    assert CommonTime().read([stamp]) == ({stamp: second}, offset)
