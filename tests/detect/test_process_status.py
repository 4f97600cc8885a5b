from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpmtune.detect.process_status import (
    Footprint,
    ProcessStatus,
    parse_cpu_milliseconds,
    parse_footprint,
    parse_process_status,
)


def test_a_status_file_is_read_in_bytes() -> None:
    text = b"Name:\tapache2\nVmHWM:\t    6012 kB\nVmRSS:\t    5000 kB\nThreads:\t27\nSigIgn:\t1001000\nSigCgt:\t00000001080046eb\n"
    assert parse_process_status(text) == ProcessStatus(
        threads=27, rss=5_120_000, peak_rss=6_156_288, caught=0x1080046EB, ignored=0x1001000
    )


def test_a_name_that_looks_like_a_field_is_no_field() -> None:
    status = parse_process_status(b"Name:\tThreads:99\nThreads:\t2\nVmRSS:\tfa kB\n")
    assert (status.threads, status.rss) == (2, 0)


def test_a_rollup_gives_pss_and_uss() -> None:
    text = b"Rss: 5000 kB\nPss: 2000 kB\nPss_Dirty: 900 kB\nPrivate_Clean: 100 kB\nPrivate_Dirty: 900 kB\nSwapPss: 7 kB\n"
    assert parse_footprint(text) == Footprint(pss=2_048_000, uss=1_024_000)


def test_a_whole_smaps_is_summed_up() -> None:
    text = b"00-01 r\nPss: 1 kB\nPrivate_Dirty: 1 kB\n01-02 r\nPss: 2 kB\nPrivate_Hugetlb: 2 kB\n"
    assert parse_footprint(text) == Footprint(pss=3072, uss=3072)


@pytest.mark.parametrize("content", [b"", b"Pss: -1 kB", b"Pss: x kB", b"\xff\xfe"])
def test_a_file_without_pss_says_nothing(content: bytes) -> None:
    assert parse_footprint(content) is None


def test_cpu_time_is_counted_from_the_last_bracket() -> None:
    stat = b"11 (a) 1 1 (x) S 10 11 11 0 -1 4194624 100 0 0 0 12 30 0 0 20 0 1 0 100 1 1"
    assert parse_cpu_milliseconds(stat) == 420


@pytest.mark.parametrize("content", [b"", b"11 (a) S", b"11 (a) S 1 2 3 4 5 6 7 8 9 10 x y"])
def test_no_stat_gives_no_cpu_time(content: bytes) -> None:
    assert parse_cpu_milliseconds(content) is None


@settings(max_examples=200)
@given(st.binary(max_size=300))
def test_no_bytes_make_a_parser_fail(content: bytes) -> None:
    assert parse_process_status(content).rss >= 0
    parse_footprint(content)
    parse_cpu_milliseconds(content)
