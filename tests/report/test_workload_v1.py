"""The published workload, written and read back."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpmtune.errors import InputError
from mpmtune.model.distribution import Distribution, distribution_of
from mpmtune.model.workload import (
    LogEvent,
    Requests,
    StatusSamples,
    Trouble,
    Workload,
)
from mpmtune.report.workload_parse import parse_workload
from mpmtune.report.workload_v1 import workload_document, workload_v1

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "mpmtune/schemas/workload_v1.json").read_text("utf-8")
)
FORMAT = '%h %t "%r" %>s %b %D %k'
FULL = Workload(
    parts=2,
    formats=(FORMAT,),
    first=1_757_980_800,
    last=1_757_980_809,
    requests=Requests(
        read=100, bad=3, timed=100, sized=90, bytes_sent=9_000_000_000, protocol_known=100,
        http2=25, keyed=75, opening=30, long=1, long_microseconds=20_000_000, slow=1,
        slow_microseconds=5_000_000,
    ),
    samples=("one \\x1b", "two"),
    arrivals=distribution_of([0, 10, 10, 10, 10, 10, 10, 10, 10, 20]),
    busy=distribution_of([0, 500_000, 2_000_000, 2_000_000, 2_000_000, 1, 1, 1, 1, 7_250_000]),
    service=distribution_of([300] * 99 + [20_000_000]),
    resolution_microseconds=1,
    rise=10,
    rise_microseconds=7_249_999,
    largest_bytes=8_000_000_000,
    status_classes=(("2", 90), ("5", 10)),
    finish=(("+", 60), ("-", 40)),
    day_requests=(100, *[0] * 95),
    day_microseconds=(13_750_004, *[0] * 95),
    events=(LogEvent("AH00484", 2, "2025-09-16T05:17:39", "2025-09-16T06:00:00"),),
    status=StatusSamples(
        distribution_of([1, 3]), distribution_of([9, 7]), distribution_of([40]), Distribution()
    ),
    troubles=((Trouble.CLOCK_SET_BACK, 1), (Trouble.SHRANK, 2)),
)  # fmt: skip


def valid(workload: Workload) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(workload_v1(workload))
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    return document


def test_it_agrees_with_its_schema_and_holds_the_numbers() -> None:
    document = valid(FULL)
    assert document["period"] == {
        "first": "2025-09-16T00:00:00Z",
        "last": "2025-09-16T00:00:09Z",
        "observed_seconds": 10,
    }
    assert document["requests"]["per_second"] == {
        "mean": 10, "p50": 10, "p90": 10, "p95": 20, "p99": 20, "p99_9": 20, "peak": 20,
    }  # fmt: skip
    assert document["concurrency"]["mean"] == 1.375
    assert document["concurrency"]["peak"] == 7.25
    assert document["concurrency"]["largest_rise"] == 7.249999
    assert document["service_time_seconds"]["p50"] == 0.000301
    assert document["service_time_seconds"]["max"] == 20
    assert document["service_time_seconds"]["resolution"] == 0.000001
    assert document["long_requests"] == {
        "at_least_seconds": 10,
        "count": 1,
        "busy_workers": 2,
    }
    assert document["slow_readers"]["busy_workers"] == 0.5
    assert document["bytes"] == {
        "sent_bytes": 9_000_000_000,
        "mean_bytes": 100_000_000,
        "largest_bytes": 8_000_000_000,
        "sent_bytes_per_second": 900_000_000,
    }
    assert document["connections"] == {
        "opened": 30,
        "opened_per_second": 3,
        "requests_per_connection": 2.5,
        "finish": {"+": 60, "-": 40},
    }
    assert document["http2_share"] == 0.25
    assert document["status"]["busy_workers"]["mean"] == 2
    assert document["status"]["keepalive"] is None
    assert document["troubles"] == {"clock_set_back": 1, "shrank": 2}
    assert document["unknown"] == []
    assert document["log_format_to_add"] == r'LogFormat "%h %t \"%r\" %>s %b %D %k %X" mpmtune'


def test_what_is_not_known_is_null_and_named() -> None:
    bare = Workload(
        formats=("%h %t %>s",), requests=Requests(read=5), arrivals=distribution_of([5])
    )
    document = valid(bare)
    for key in (
        "concurrency",
        "service_time_seconds",
        "bytes",
        "connections",
        "http2_share",
        "status",
    ):
        assert document[key] is None
    assert [one["what"] for one in document["unknown"]] == [
        "service_time, concurrency", "connections", "http2", "bytes",
    ]  # fmt: skip
    assert document["log_format_to_add"] == 'LogFormat "%h %t %>s %D %k %X" mpmtune'


def test_durations_that_are_missing_or_coarse_are_said_to_be_so() -> None:
    some = replace(FULL, requests=replace(FULL.requests, timed=60))
    assert valid(some)["unknown"] == [
        {"what": "concurrency.complete", "why": "40 of 100 requests have no duration"}
    ]
    coarse = replace(FULL, resolution_microseconds=1_000_000)
    assert "lower bounds" in valid(coarse)["unknown"][0]["why"]


def test_a_format_with_everything_needs_nothing() -> None:
    assert workload_document(replace(FULL, formats=(FORMAT + " %X",)))["log_format_to_add"] is None


def test_nothing_at_all_is_valid() -> None:
    assert valid(Workload())["unknown"] == []
    assert valid(Workload(formats=("%t",)))["unknown"] == [
        {"what": "requests", "why": "no log holds a request"}
    ]


def test_it_comes_back_as_it_was() -> None:
    for workload in (FULL, Workload(), replace(FULL, events=(LogEvent("oom_kill", 1),))):
        assert parse_workload("w.json", workload_v1(workload)) == workload


@settings(max_examples=50)
@given(st.lists(st.integers(0, 10**12), max_size=40))
def test_every_distribution_comes_back(values: list[int]) -> None:
    workload = replace(FULL, service=distribution_of(values))
    assert parse_workload("w.json", workload_v1(workload)) == workload


def test_nothing_but_ascii_is_written() -> None:
    text = workload_v1(replace(FULL, samples=("é\u202e\x7f",), formats=("%t \x9b",)))
    assert text.isascii()
    assert "\x7f" not in text


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"schema": "mpmtune/plan/v1"}, "its schema is not mpmtune/workload/v1"),
        ({"parts": -1}, "parts is no whole number"),
        ({"parts": True}, "parts is no whole number"),
        ({"parts": 1 << 81}, "parts is no whole number"),
        ({"log_formats": [5]}, "log_formats is no list of texts"),
        ({"log_formats": "x"}, "log_formats is no list"),
        ({"log_formats": ["x"] * 101}, "log_formats is no list of at most 100"),
        ({"day": {"slot_seconds": 300}}, "day.slot_seconds is not 900"),
        ({"day": {"slot_seconds": 900, "requests": [1]}}, "day.requests is no list of 96 numbers"),
        ({"counts": None}, "counts is no object"),
        ({"troubles": {"bored": 1}}, "troubles names something unknown"),
        ({"troubles": {"late": "1"}}, "late is no whole number"),
        ({"events": [{"id": "x", "count": 1, "first": "soon"}]}, "a time that is none"),
        ({"events": ["x"]}, "events is no object"),
    ],
)
def test_what_is_wrong_is_named(change: dict[str, Any], why: str) -> None:
    document = {**workload_document(FULL), **change}
    with pytest.raises(InputError, match=why) as error:
        parse_workload("w\x1b.json", json.dumps(document))
    assert error.value.sentence.startswith("w\\x1b.json is no workload: ")


@pytest.mark.parametrize(
    ("runs", "why"),
    [
        ([[]], "is no list of numbers and counts"),
        (["CC"], "is no list of numbers and counts"),
        ([[1, 2]], "is no list of numbers and counts"),
        ([[-1, "C"]], "is no list of numbers and counts"),
        ([[1, "?"]], "is no list of numbers and counts"),
        ([[1, "D"]], "is no list of numbers and counts"),
        ([[1, "C" * 20_001]], "is no list of numbers and counts"),
        ([[100_000, "C"]], "goes too far"),
        ([[1, "C" * 20_000]], "goes too far"),
        (5, "runs is no list"),
    ],
)
def test_distributions_are_checked(runs: object, why: str) -> None:
    document = workload_document(FULL)
    document["counts"]["arrivals"]["runs"] = runs
    with pytest.raises(InputError, match=why):
        parse_workload("w.json", json.dumps(document))


@pytest.mark.parametrize("text", ["", "[]", "5", "{", "[" * 100_000, '{"a": 1e999}', "\x00"])
def test_other_text_is_no_workload(text: str) -> None:
    with pytest.raises(InputError, match="is no workload"):
        parse_workload("w.json", text)
