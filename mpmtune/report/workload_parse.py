"""``mpmtune/workload/v1`` back to a workload: only what adds up is read, and checked."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from mpmtune.errors import InputError
from mpmtune.model.distribution import Distribution
from mpmtune.model.workload import (
    SLOT_SECONDS,
    SLOTS,
    LogEvent,
    Requests,
    StatusSamples,
    Trouble,
    Workload,
)
from mpmtune.report.differences import read
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from collections.abc import Callable

    _Object = dict[str, Any]

SCHEMA = "mpmtune/workload/v1"
_MOST = 1 << 80
_MOST_BUCKETS = 10_000
_MOST_EVENTS = 100
_MOST_TEXT = 20_000
_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")


class _WrongError(ValueError):
    """A value is not what it should be; the message names its key."""


def parse_workload(name: str, text: str) -> Workload:
    """Read a workload.

    Args:
        name: Where it comes from, for messages.
        text: A JSON document.

    Raises:
        InputError: when it is no workload; the message names what is wrong.
    """
    try:
        document = json.loads(text)
        return _workload(_object(document, "the document"))
    except _WrongError as error:
        why = str(error)
    except (ValueError, RecursionError):
        why = "it is no JSON"
    raise InputError(
        f"{printable(name)} is no workload: {why}.",
        "Give what mpmtune workload -f json wrote.",
    )


def _workload(document: _Object) -> Workload:
    if document.get("schema") != SCHEMA:
        raise _WrongError(f"its schema is not {SCHEMA}")
    counts = _part(document, "counts")
    requests = _part(counts, "requests")
    day = _part(document, "day")
    if day.get("slot_seconds") != SLOT_SECONDS:
        raise _WrongError(f"day.slot_seconds is not {SLOT_SECONDS}")
    return Workload(
        parts=_number(document, "parts"),
        formats=tuple(sorted(_texts(document, "log_formats"))),
        first=_optional_number(counts, "first"),
        last=_optional_number(counts, "last"),
        requests=Requests(**{one.name: _number(requests, one.name) for one in fields(Requests)}),
        samples=tuple(map(printable, _texts(_part(document, "lines"), "samples"))),
        arrivals=_distribution(counts, "arrivals"),
        busy=_distribution(counts, "busy_microseconds"),
        service=_distribution(counts, "service_microseconds"),
        resolution_microseconds=_number(counts, "resolution_microseconds"),
        rise=_number(counts, "rise"),
        rise_microseconds=_number(counts, "rise_microseconds"),
        largest_bytes=_number(counts, "largest_bytes"),
        status_classes=_counted(_part(document, "requests"), "status_classes", str),
        finish=_counted(counts, "finish", str),
        day_requests=_slots(day, "requests"),
        day_microseconds=_slots(day, "busy_microseconds"),
        events=_events(document),
        status=StatusSamples(
            busy=_distribution(counts, "status_busy"),
            idle=_distribution(counts, "status_idle"),
            connections=_distribution(counts, "status_connections"),
            keepalive=_distribution(counts, "status_keepalive"),
        ),
        troubles=_counted(document, "troubles", Trouble),
    )


def _object(value: object, name: str) -> _Object:
    if not isinstance(value, dict):
        raise _WrongError(f"{name} is no object")
    return value


def _part(document: _Object, key: str) -> _Object:
    return _object(document.get(key), key)


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _MOST


def _number(document: _Object, key: str) -> int:
    value = document.get(key)
    if not isinstance(value, int) or not _is_number(value):
        raise _WrongError(f"{key} is no whole number")
    return value


def _optional_number(document: _Object, key: str) -> int | None:
    return None if document.get(key) is None else _number(document, key)


def _list(document: _Object, key: str, most: int) -> list[Any]:
    value = document.get(key)
    if not isinstance(value, list) or len(value) > most:
        raise _WrongError(f"{key} is no list of at most {most}")
    return value


def _texts(document: _Object, key: str) -> list[str]:
    values = _list(document, key, _MOST_EVENTS)
    if not all(isinstance(value, str) and len(value) <= _MOST_TEXT for value in values):
        raise _WrongError(f"{key} is no list of texts")
    return values


def _slots(document: _Object, key: str) -> tuple[int, ...]:
    values = _list(document, key, SLOTS)
    if len(values) != SLOTS or not all(map(_is_number, values)):
        raise _WrongError(f"day.{key} is no list of {SLOTS} numbers")
    return tuple(values)


def _distribution(document: _Object, key: str) -> Distribution:
    part = _part(document, key)
    counts: dict[int, int] = {}
    for run in _list(part, "runs", _MOST_BUCKETS):
        first, numbers = _run(run, key)
        counts.update({first + at: number for at, number in enumerate(numbers) if number})
        if first > _MOST_BUCKETS or len(counts) > _MOST_BUCKETS:
            raise _WrongError(f"{key}.runs goes too far")
    return Distribution(
        tuple(sorted(counts.items())), _number(part, "total"), _number(part, "largest")
    )


def _run(run: object, key: str) -> tuple[int, list[int]]:
    """Read the number of the first bucket, and the counts."""
    match run:
        case [int(first), str(text)] if _is_number(first) and len(text) <= _MOST_TEXT:
            with suppress(ValueError):
                numbers = read(text)
                if all(map(_is_number, numbers)):
                    return first, numbers
    raise _WrongError(f"{key}.runs is no list of numbers and counts")


def _counted(
    document: _Object, key: str, kind: Callable[[str], Any]
) -> tuple[tuple[Any, int], ...]:
    part = _part(document, key)
    numbers = {name: _number(part, name) for name in part}
    try:
        return tuple(sorted(((kind(name), count) for name, count in numbers.items()), key=str))
    except ValueError:
        raise _WrongError(f"{key} names something unknown") from None


def _events(document: _Object) -> tuple[LogEvent, ...]:
    events = [_object(one, "events") for one in _list(document, "events", _MOST_EVENTS)]
    made = [
        LogEvent(_texts({"id": [one.get("id")]}, "id")[0], _number(one, "count"), *_times(one))
        for one in events
    ]
    return tuple(sorted(made, key=lambda event: event.id))


def _times(event: _Object) -> tuple[str | None, str | None]:
    first, last = event.get("first"), event.get("last")
    for value in (first, last):
        if value is not None and not (isinstance(value, str) and _ISO.fullmatch(value)):
            raise _WrongError("events holds a time that is none")
    return first, last
