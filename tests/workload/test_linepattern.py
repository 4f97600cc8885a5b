"""Formats as patterns: what fits, what does not, and at which field."""

from __future__ import annotations

import time

import pytest

from mpmtune.errors import UsageError
from mpmtune.workload.linepattern import LinePattern, Role
from mpmtune.workload.logformat import WELL_KNOWN, parse_format

COMBINED = WELL_KNOWN["combined"]
LINE = b'10.0.0.1 - - [16/Sep/2025:05:17:39 +0000] "GET / HTTP/1.1" 200 5 "-" "curl"'


def pattern(text: str) -> LinePattern:
    return LinePattern(parse_format(text))


def taken(text: str, line: bytes) -> dict[str, bytes] | None:
    made = pattern(text)
    match = made.expression.fullmatch(line)
    if match is None:
        return None
    return {role.value: value for role, value in zip(made.names, match.groups(), strict=True)}


def test_the_fields_that_are_needed_are_taken() -> None:
    assert taken(f"{COMBINED} %D %k %X", LINE + b" 340 0 +") == {
        "stamp": b"[16/Sep/2025:05:17:39 +0000]",
        "request": b"GET / HTTP/1.1",
        "status": b"200",
        "size": b"5",
        "duration": b"340",
        "keepalive": b"0",
        "finish": b"+",
    }


@pytest.mark.parametrize(
    ("text", "role", "field", "unit"),
    [
        ("%t %T %D", Role.DURATION, "%D", 1),
        ("%t %T %{ms}T", Role.DURATION, "%{ms}T", 1000),
        ("%t %T %{US}T", Role.DURATION, "%{US}T", 1),
        ("%t %{s}T", Role.DURATION, "%{s}T", 1_000_000),
        ("%t %T", Role.DURATION, "%T", 1_000_000),
        ("%t %s %>s %<s", Role.STATUS, "%>s", 0),
        ("%t %b %B %O", Role.SIZE, "%O", 0),
        ("%t %b %B", Role.SIZE, "%B", 0),
    ],
)
def test_the_best_field_serves_a_role(text: str, role: Role, field: str, unit: int) -> None:
    made = pattern(text)
    assert made.roles[role].spelling == field
    assert made.unit == unit


def test_a_field_for_some_statuses_only_serves_no_role() -> None:
    assert pattern("%t %200D").roles == {}
    assert taken("%t %200D", b"[16/Sep/2025:05:17:39 +0000] -") == {
        "stamp": b"[16/Sep/2025:05:17:39 +0000]"
    }


@pytest.mark.parametrize("text", ["%h %r", "%{end}t %r", "%{end:sec}t", "%200t"])
def test_a_format_without_the_time_of_requests_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="has no %t"):
        pattern(text)


def test_a_time_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        pattern("%{%H:%M}t %r")


@pytest.mark.parametrize(
    "line",
    [
        LINE.replace(b"- -", b"- a user of many words"),
        LINE.replace(b"- -", b'- ""'),
        LINE.replace(b"10.0.0.1", b"2001:db8::1"),
        LINE.replace(b"curl", rb"\"\\\x16"),
        LINE.replace(b"curl", b""),
        LINE.replace(b"GET / HTTP/1.1", b"-").replace(b"200 5", b"408 -"),
        LINE + b"\r",
    ],
)
def test_what_httpd_may_write_fits(line: bytes) -> None:
    assert taken(COMBINED, line) is not None


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (LINE[:-6], "it ends before %{User-Agent}i"),
        (LINE[:-1], "after %{User-Agent}i it has no '\"', where the line ends"),
        (b"", "it does not fit %t, where the line ends"),
        (LINE.replace(b'"curl"', b"curl"), "after %{Referer}i it has no"),
        (
            LINE.replace(b"Sep", b"Sept"),
            "it does not fit %t, where the line has “10.0.0.1 - - [16/Sept",
        ),
        (LINE.replace(b"200 5", b"OK 5"), "it does not fit %>s, where the line has “OK 5"),
        (LINE + b" 17", "the format ends with %{User-Agent}i, where the line has “ 17”"),
        (LINE.replace(b"200 5", b"200 -5"), "after %b it has no ' \"', where the line has “5"),
    ],
)
def test_the_field_at_which_a_line_stops_to_fit_is_named(line: bytes, why: str) -> None:
    assert taken(COMBINED, line) is None
    assert why in pattern(COMBINED).failing(line)


def test_what_the_line_has_instead_is_shown_without_its_secrets() -> None:
    line = b"http://u:secret@x/?token=secret \x1b[2J"
    said = pattern("%t").failing(line)
    assert "secret" not in said
    assert "\x1b" not in said


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("%t;%v:%p;%{X}i;%D", b"[16/Sep/2025:05:17:39 +0000];[2001:db8::1]:443;a b,c;5"),
        ("%t|%{X}i|%u|%D", b"[16/Sep/2025:05:17:39 +0000]|a b|c d|5"),
        ("%t\t%{X}i\t%D", b"[16/Sep/2025:05:17:39 +0000]\ta b\t5"),
        ("%t %{User-Agent}i %D", b"[16/Sep/2025:05:17:39 +0000] an agent of words 5"),
        ("%t %r %D", b"[16/Sep/2025:05:17:39 +0000] GET / HTTP/1.1 5"),
        ("%t%l%D", b"[16/Sep/2025:05:17:39 +0000]-5"),
        ("%D %t %{Cookie}i", b"5 [16/Sep/2025:05:17:39 +0000] a=b; c=d"),
        ('{"t":"%{sec}t","d":%D,"a":"%{A}i"}', rb'{"t":"1757999859","d":5,"a":"\""}'),
    ],
)
def test_unusual_formats_are_read(text: str, line: bytes) -> None:
    found = taken(text, line)
    assert found is not None
    assert found["duration"] == b"5"


@pytest.mark.parametrize(
    "line",
    [
        b"a " * 30_000,
        b"a" * 60_000,
        b'"' * 60_000,
        b'a a a [16/Sep/2025:05:17:39 +0000] "' + b"\\" * 60_001,
        b"a a a [16/Sep/2025:05:17:39 +0000] " * 1700,
    ],
)
@pytest.mark.parametrize("text", [COMBINED, "%u %r %t %{A}i %{B}i %D", "%v:%p;%h%l%u;%t;%{X}i %D"])
def test_a_hostile_line_costs_no_more_than_its_length(text: str, line: bytes) -> None:
    start = time.process_time()
    assert pattern(text).expression.fullmatch(line) is None
    assert time.process_time() - start < 1.0
