"""A LogFormat as a pattern for whole lines: exact, slow, and able to say which field fails."""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING

from mpmtune.errors import UsageError
from mpmtune.report.safe_text import printable
from mpmtune.workload.logformat import Field, fields_of
from mpmtune.workload.samples import shown
from mpmtune.workload.timestamps import CommonTime, FormattedTime

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.workload.logformat import LogPart


class Role(Enum):
    """What is taken from a line."""

    STAMP = "stamp"
    DURATION = "duration"
    SIZE = "size"
    STATUS = "status"
    KEEPALIVE = "keepalive"
    FINISH = "finish"
    REQUEST = "request"
    PROTOCOL = "protocol"


# The best field for each role first. %D is µs; a bare %T whole seconds.
_CANDIDATES: dict[Role, tuple[tuple[str, str], ...]] = {
    Role.DURATION: (("D", ""), ("T", "us"), ("T", "ms"), ("T", "s"), ("T", "")),
    Role.SIZE: (("O", ""), ("B", ""), ("b", "")),
    Role.STATUS: (("s", ""),),
    Role.KEEPALIVE: (("k", ""),),
    Role.FINISH: (("X", ""),),
    Role.REQUEST: (("r", ""),),
    Role.PROTOCOL: (("H", ""),),
}
_MICROSECONDS = {("D", ""): 1, ("T", "us"): 1, ("T", "ms"): 1_000}
_SECOND = 1_000_000
# Of a duration or a size; more would be neither.
MOST_DIGITS = 15
_PATTERNS = {
    Role.DURATION: rb"(-?\d{1,%d}|-)" % MOST_DIGITS,
    Role.SIZE: rb"(\d{1,%d}|-)" % MOST_DIGITS,
    Role.STATUS: rb"(\d{3}|-)",
    Role.KEEPALIVE: rb"(\d+|-)",
    Role.FINISH: rb"([-X+])",
}
# As ap_escape_logitem writes it: a quote or a backslash has a backslash before it.
_QUOTED = rb'[^"\\\n]*(?:\\[^\n][^"\\\n]*)*'
# What is not looked at; an empty %u is written as two quotes.
_BEFORE = rb'[^"\\\n]*(?:(?:\\[^\n]|"")[^"\\\n]*)*'
# Fields that may hold blanks, and of how many words they are at most. Everything is tried with
# fewer words first; more than one such field makes a line that fits nothing cost more.
_WORDS = {"u": 8, "r": 64, "i": 64, "o": 64, "C": 8, "n": 8, "e": 8, "f": 8, "U": 8, "q": 8}
_MOST_WORDY = 2
# An IPv6 address has colons of its own: the last one ends it.
_HOSTS = frozenset("aAhvV")
_AT_END = re.compile(r"end(?::|\Z)")


class LinePattern:
    """A compiled LogFormat.

    Attributes:
        parts: The format.
        roles: The field that serves each role; time fields are in ``time_fields``.
        unit: Microseconds of one unit of the duration; 0 without one.
        time: What reads the time.
        looks_past: The time ends what comes before the first quote, and nothing before it is
            needed or looked at.
        expression: Matches a whole line without its end; one group for each name in ``names``.
        names: What the groups are, in order; a time may have several.

    Args:
        parts: The format.

    Raises:
        UsageError: when it has no time, or one that cannot be read.
    """

    def __init__(self, parts: tuple[LogPart, ...]) -> None:
        self.parts = parts
        self.roles = _roles(parts)
        duration = self.roles.get(Role.DURATION)
        self.unit = _unit(duration) if duration else 0
        self.time_fields = _time_fields(parts)
        self.time = _time(self.time_fields)
        self.looks_past = isinstance(self.time, CommonTime) and self._is_first_and_last()
        pieces = list(self._pieces())
        self.names = tuple(role for _, roles in pieces for role in roles)
        self.expression = re.compile(b"".join(pattern for pattern, _ in pieces) + rb"\r?")

    def failing(self, line: bytes) -> str:
        """Say at which field a line stops to fit, and what is there instead; one clause."""
        pieces = [pattern for pattern, _ in self._pieces()]
        for number in range(len(pieces), 0, -1):
            match = re.match(b"".join(pieces[:number]), line)
            if match:
                return self._place(number, line[match.end() :])
        return self._place(0, line)

    def _place(self, number: int, rest: bytes) -> str:
        there = f"where the line has “{shown(rest, 40)}”" if rest else "where the line ends"
        if number == len(self.parts):
            return f"the format ends with {self._before(number)}, {there}"
        part = self.parts[number]
        if isinstance(part, Field):
            return f"it does not fit {printable(part.spelling)}, {there}"
        following = fields_of(self.parts[number:])
        if following and part.encode("latin-1").startswith(rest):
            return f"it ends before {printable(following[0].spelling)}"
        return f"after {self._before(number)} it has no {printable(part)!r}, {there}"

    def _before(self, number: int) -> str:
        fields = fields_of(self.parts[:number])
        return printable(fields[-1].spelling) if fields else "its start"

    def _pieces(self) -> Iterator[tuple[bytes, tuple[Role, ...]]]:
        """Yield the pattern of each part and the roles of its groups."""
        by_field = {id(field): role for role, field in self.roles.items()}
        wordy = 0
        skipped = self._place_of_time() if self.looks_past else 0
        for at, part in enumerate(self.parts):
            if at < skipped:
                yield b"", ()
                continue
            if isinstance(part, str):
                yield re.escape(part.encode("latin-1")), ()
                continue
            role = by_field.get(id(part))
            if any(part is field for field in self.time_fields):
                yield self._time_piece(part)
            elif role in _PATTERNS:
                yield _PATTERNS[role], (role,)
            else:
                pattern, is_wordy = _text(part, _after(self.parts, at), wordy < _MOST_WORDY)
                wordy += is_wordy
                yield (b"(" + pattern + b")", (role,)) if role else (pattern, ())

    def _place_of_time(self) -> int:
        time = self.time_fields[0]
        return next(at for at, part in enumerate(self.parts) if part is time)

    def _is_first_and_last(self) -> bool:
        """Tell whether the time stands between blanks, last before a quote and first of all."""
        at = self._place_of_time()
        before, after = self.parts[:at], self.parts[at + 1 : at + 2]
        needed = {id(field) for field in self.roles.values()}
        text = "".join(part for part in before if isinstance(part, str))
        parted = not before or (isinstance(before[-1], str) and before[-1].endswith(" "))
        followed = bool(after) and isinstance(after[0], str) and after[0].startswith(' "')
        free = not any(id(part) in needed for part in before) and '"' not in text
        return parted and followed and free

    def _time_piece(self, field: Field) -> tuple[bytes, tuple[Role, ...]]:
        if isinstance(self.time, CommonTime):
            return (_BEFORE if self.looks_past else b"") + CommonTime.pattern, (Role.STAMP,)
        number = next(at for at, one in enumerate(self.time_fields) if one is field)
        return b"(" + self.time.patterns[number] + b")", (Role.STAMP,)


def _roles(parts: tuple[LogPart, ...]) -> dict[Role, Field]:
    """Choose the field for each role."""
    roles: dict[Role, Field] = {}
    fields = [field for field in fields_of(parts) if not field.conditional]
    for role, wanted in _CANDIDATES.items():
        for letter, argument in wanted:
            fitting = [f for f in fields if (f.letter, f.argument.lower()) == (letter, argument)]
            if fitting:
                # %s is the status of the original request, %>s what was answered in the end.
                roles[role] = min(fitting, key=lambda field: field.original is not False)
                break
    return roles


def _unit(field: Field) -> int:
    return _MICROSECONDS.get((field.letter, field.argument.lower()), _SECOND)


def _time_fields(parts: tuple[LogPart, ...]) -> tuple[Field, ...]:
    fields = [
        field
        for field in fields_of(parts)
        if field.letter == "t" and not _AT_END.match(field.argument) and not field.conditional
    ]
    common = [field for field in fields if field.argument in {"", "begin"}]
    return tuple(common[:1] or fields)


def _time(fields: tuple[Field, ...]) -> CommonTime | FormattedTime:
    if not fields:
        raise UsageError(
            "The log format has no %t: without the time of its requests a log tells no workload.",
            "Name another log, or add %t to its LogFormat.",
        )
    if fields[0].argument in {"", "begin"}:
        return CommonTime()
    try:
        return FormattedTime(fields)
    except ValueError as error:
        raise UsageError(
            f"The time of the log format cannot be read from {fields[0].spelling!r}: {error}.",
            "mpmtune reads %t, %{sec}t, %{msec}t, %{usec}t, and %{…}t with date and time in digits.",
        ) from None


def _after(parts: tuple[LogPart, ...], at: int) -> str:
    """Give the character that ends a field; empty at the end, a letter when a field follows."""
    if at + 1 == len(parts):
        return ""
    following = parts[at + 1]
    return following[0] if isinstance(following, str) else "%"


def _text(field: Field, after: str, may_be_wordy: bool) -> tuple[bytes, bool]:  # noqa: FBT001 - private
    """Make a pattern that a field's text fits and whose end is never in doubt.

    Each class excludes the character that ends the field, so that a line that does not fit is
    found out in time that grows with its length alone.
    """
    if after == '"':
        return _QUOTED, False
    if after == "":
        return rb"[^\n]*?", False
    if after == "%":
        return rb"[^ \n]{0,64}", False
    if after == " ":
        words = _WORDS.get(field.letter, 0) if may_be_wordy else 0
        return (rb"[^ \n]*(?: [^ \n]*){0,%d}?" % words, True) if words else (rb"[^ \n]*", False)
    if after == ":" and field.letter in _HOSTS:
        return rb"[^ \n]{0,255}", False
    return rb"[^" + re.escape(after.encode("latin-1")) + rb"\n]*", False
