"""The ``RequestReadTimeout`` directive of mod_reqtimeout.

mod_reqtimeout.c: set_reqtimeouts, set_reqtimeout_param, parse_int. Each word sets one stage of a
request; a stage that no word names keeps its default.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmtune.httpd.numbers import strtol, to_int32
from mpmtune.httpd.refusals import RefusedError

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

_HANDSHAKE_SINCE = (2, 4, 39)
_FORM = "Invalid RequestReadTimeout parameter. Parameter must be in the form 'key=value'"


@dataclass(frozen=True, slots=True)
class Stage:
    """How long one stage of a request may take.

    Attributes:
        seconds: At first; 0 is for ever.
        most: Upper bound of the extended time; 0 is none.
        min_rate: Bytes that extend it by a second; 0 is no extension.
    """

    seconds: int
    most: int = 0
    min_rate: int = 0

    def __str__(self) -> str:
        span = f"{self.seconds}-{self.most}" if self.most else str(self.seconds)
        return f"{span},MinRate={self.min_rate}" if self.min_rate else span


def defaults(version: tuple[int, ...]) -> dict[str, Stage]:
    """Give the stages of a server that has no RequestReadTimeout."""
    stages = {"header": Stage(20, 40, 500), "body": Stage(20, 0, 500)}
    return {"handshake": Stage(0), **stages} if version >= _HANDSHAKE_SINCE else stages


def parse(words: Iterable[str], version: tuple[int, ...]) -> dict[str, Stage]:
    """Read the arguments; a stage that is named twice keeps the last.

    Raises:
        RefusedError: with httpd's sentence.
    """
    known = defaults(version)
    stages: dict[str, Stage] = {}
    for word in words:
        key, equals, value = word.partition("=")
        if not equals:
            raise RefusedError(_FORM)
        try:
            stages[_known(key, known)] = _stage(value)
        except RefusedError as error:
            raise RefusedError(f"RequestReadTimeout: {word}: {error}") from None
    return stages


def show(stages: dict[str, Stage]) -> str:
    """Write stages as the directive's arguments."""
    return " ".join(f"{name}={stage}" for name, stage in stages.items())


def _known(key: str, known: Container[str]) -> str:
    if key.lower() not in known:
        raise RefusedError("Unknown RequestReadTimeout parameter")
    return key.lower()


def _stage(value: str) -> Stage:
    at = value.lower().find(",minrate=")
    if at < 0:
        if "-" in value:
            raise RefusedError("Must set MinRate option if using timeout range")
        return Stage(_number(value))
    rate = _number(value[at + len(",minrate=") :])
    if rate == 0:
        raise RefusedError("Minimum data rate must be larger than 0")
    first, dash, last = value[:at].partition("-")
    most = _number(last) if dash else 0
    seconds = _number(first)
    if most and seconds >= most:
        raise RefusedError("Maximum timeout must be larger than initial timeout")
    return Stage(seconds, most, rate)


def _number(text: str) -> int:
    number = strtol(text)
    if not number.end:
        raise RefusedError(f"Value '{text}' not numerical")
    if number.end < len(text):
        raise RefusedError(f"Cannot parse '{text[number.end :]}'")
    value = to_int32(number.value)
    if value < 0:
        raise RefusedError("Value must be non-negative")
    return value
