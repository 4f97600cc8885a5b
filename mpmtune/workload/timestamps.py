"""The time of a request: what ``%t`` and ``%{…}t`` write, back to seconds.

mod_log_config writes the time at which the request was received, unless told ``end:``.
"""

from __future__ import annotations

import re
from calendar import timegm
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mpmtune.workload.logformat import Field

_MONTHS = {
    name.encode("ascii"): number
    for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), 1
    )
}
_MONTH = b"|".join(_MONTHS)
_DAY, _HOUR, _SIXTY = rb"(0[1-9]|[12]\d|3[01])", rb"([01]\d|2[0-3])", rb"([0-5]\d)"
_Code = tuple[str | None, bytes]
# Component of a strftime code and its pattern, one group; what "" names is passed over.
_CODES: dict[str, tuple[_Code, ...]] = {
    "d": (("day", _DAY),),
    "e": (("day", rb"([ 12]\d|3[01])"),),
    "m": (("month", rb"(0[1-9]|1[0-2])"),),
    "b": (("name", b"(" + _MONTH + b")"),),
    "y": (("short", rb"(\d\d)"),),
    "Y": (("year", rb"(20\d\d)"),),
    "H": (("hour", _HOUR),),
    "M": (("minute", _SIXTY),),
    "S": (("second", rb"([0-5]\d|60)"),),
    "s": (("epoch", rb"(\d{9,10})"),),
    "z": (("zone", rb"([+-]\d{4})"),),
    "Z": (("", rb"([A-Za-z]{1,6}|[+-]\d{2,4})"),),
    "a": (("", rb"([A-Z][a-z]{2})"),),
    "A": (("", rb"([A-Z][a-z]{5,8})"),),
    "j": (("", rb"(\d{3})"),),
}
_SHORTHANDS = {"T": "%H:%M:%S", "R": "%H:%M", "D": "%m/%d/%y", "F": "%Y-%m-%d", "h": "%b"}
_FRACTIONS: dict[str, tuple[_Code, ...]] = {
    "sec": (("epoch", rb"(\d{9,10})"),),
    "msec": (("milliseconds", rb"(\d{12,13})"),),
    "usec": (("microseconds", rb"(\d{15,16})"),),
    "msec_frac": (("", rb"(\d{3})"),),
    "usec_frac": (("", rb"(\d{6})"),),
}
_EPOCHS = {"epoch": 1, "milliseconds": 1_000, "microseconds": 1_000_000}
_CLOCK = ("hour", "minute", "second")
SEPARATOR = b"\0"
_ZONE = re.compile(rb" ([+-])(\d\d)(\d\d)\] ?")
_SECONDS = {b":%02d" % second: second for second in range(61)}
_MEMO = 4096


class CommonTime:
    """``%t``: ``[16/Sep/2025:05:17:39 +0200]``; a blank may follow."""

    pattern = (
        rb"(\[(?:0[1-9]|[12]\d|3[01])/(?:"
        + _MONTH
        + rb")/20\d\d:(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60) [+-]\d{4}\])"
    )
    _minute = re.compile(rb"\[" + _DAY + rb"/(" + _MONTH + rb")/(20\d\d):" + _HOUR + rb":" + _SIXTY)

    def __init__(self) -> None:
        self._minutes: dict[bytes, int] = {}

    def read(self, stamps: Iterable[bytes]) -> tuple[dict[bytes, int], int]:
        """Read times that have their zone in common.

        Returns:
            Text → second since 1970, in the order given, and how many seconds the log's clock is
            ahead of UTC.

        Raises:
            ValueError: when one is no time, or has another zone than the first.
        """
        minutes, seconds = self._minutes, _SECONDS
        zone, offset = b"", 0
        made = {}
        for stamp in stamps:
            if stamp[21:] != zone:
                if zone:
                    raise ValueError("another zone")
                zone, offset = stamp[21:], _offset(stamp[21:])
            minute = minutes.get(stamp[:18])
            if minute is None:
                minute = self._read_minute(stamp[:18])
            second = seconds.get(stamp[18:21])
            if second is None:
                raise ValueError("no time")
            made[stamp] = minute + second - offset
        return made, offset

    def _read_minute(self, text: bytes) -> int:
        match = self._minute.fullmatch(text)
        if match is None:
            raise ValueError("no time")
        day, month, year, hour, minute = match.groups()
        start = timegm((int(year), _MONTHS[month], int(day), int(hour), int(minute), 0))
        _remember(self._minutes, text, start)
        return start


class FormattedTime:
    """``%{…}t``, one or several of them; their texts are joined by SEPARATOR.

    Args:
        fields: The time fields of the format, in order.

    Raises:
        ValueError: when they do not tell the second.
    """

    def __init__(self, fields: Sequence[Field]) -> None:
        codes = [_codes(field.argument) for field in fields]
        self.patterns = tuple(b"".join(map(_uncaught, one)) for one in codes)
        self._names = tuple(name for one in codes for name, _ in one if name is not None)
        self._key = re.compile(
            SEPARATOR.join(b"".join(pattern for _, pattern in one) for one in codes)
        )
        if not _EPOCHS.keys() & set(self._names) and not _tells_second(set(self._names)):
            raise ValueError("it does not tell the second")

    def read(self, stamps: Iterable[bytes]) -> tuple[dict[bytes, int], int]:
        """Read times that have their zone in common; as ``CommonTime.read``.

        Raises:
            ValueError: when one is no time, or has another zone than the first.
        """
        made: dict[bytes, int] = {}
        offsets = set()
        for stamp in stamps:
            match = self._key.fullmatch(stamp)
            if match is None:
                raise ValueError("no time")
            made[stamp], offset = _composed(dict(zip(self._names, match.groups(), strict=True)))
            offsets.add(offset)
        if len(offsets) > 1:
            raise ValueError("another zone")
        return made, offsets.pop()


def _offset(zone: bytes) -> int:
    """Read `` +0200]`` as seconds east of UTC.

    Raises:
        ValueError: when it is no offset.
    """
    match = _ZONE.fullmatch(zone)
    if match is None:
        raise ValueError("no offset")
    seconds = int(match[2]) * 3600 + int(match[3]) * 60
    return -seconds if match[1] == b"-" else seconds


def _remember(memo: dict[bytes, int], key: bytes, value: int) -> None:
    if len(memo) >= _MEMO:
        memo.clear()
    memo[key] = value


def _uncaught(code: _Code) -> bytes:
    """Give a pattern without its group."""
    name, pattern = code
    return pattern if name is None else pattern.replace(b"(", b"(?:")


def _codes(argument: str) -> list[_Code]:
    """Turn the text in braces into components and their patterns; a literal has no name."""
    text = argument.removeprefix("begin:")
    if text in _FRACTIONS:
        return list(_FRACTIONS[text])
    for code, longer in _SHORTHANDS.items():
        text = text.replace(f"%{code}", longer)
    made: list[_Code] = []
    for at, piece in enumerate(re.split(r"%(.)", text)):
        if at % 2 == 0:
            made.append((None, re.escape(piece.encode("latin-1"))))
        elif piece in _CODES:
            made += _CODES[piece]
        else:
            raise ValueError(f"%{piece} is not understood")
    return made


def _tells_second(names: set[str]) -> bool:
    date = {"day"} <= names and bool({"month", "name"} & names) and bool({"year", "short"} & names)
    return date and set(_CLOCK) <= names


def _composed(found: dict[str, bytes]) -> tuple[int, int]:
    """Give the second since 1970, and the offset from UTC."""
    offset = _offset(b" %b]" % found["zone"]) if "zone" in found else 0
    for name, divisor in _EPOCHS.items():
        if name in found:
            return int(found[name]) // divisor, offset
    month = _MONTHS[found["name"]] if "name" in found else int(found["month"])
    year = int(found["year"]) if "year" in found else 2000 + int(found["short"])
    hour, minute, second = (int(found[name]) for name in _CLOCK)
    local = timegm((year, month, int(found["day"]), hour, minute, second))
    return local - offset, offset
