"""A LogFormat → its layout in columns, where it has one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.workload.layout import Layout
from mpmtune.workload.linepattern import Role
from mpmtune.workload.logformat import Field
from mpmtune.workload.segments import Constant, TimeLast, Words
from mpmtune.workload.timestamps import CommonTime

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mpmtune.workload.linepattern import LinePattern
    from mpmtune.workload.logformat import LogPart
    from mpmtune.workload.segments import Segment

_Word = tuple["LogPart", ...]


class _LineByLine(Exception):  # noqa: N818 - an answer
    """A format has to be read line by line."""


def layout_of(pattern: LinePattern) -> Layout | None:
    """Find the columns of a format; None when it has to be read line by line."""
    if not isinstance(pattern.time, CommonTime):
        return None
    wanted = {id(field): role for role, field in pattern.roles.items()}
    wanted[id(pattern.time_fields[0])] = Role.STAMP
    pieces = _split(pattern.parts, '"')
    outside: list[Segment] = [TimeLast()] if pattern.looks_past else []
    if len(pieces) % 2 == 0:
        return None
    try:
        others = range(2 * len(outside), len(pieces), 2)
        outside += [_segment(number, pieces, wanted) for number in others]
        return Layout(outside, len(pieces), _request(pieces, wanted))
    except _LineByLine:
        return None


def _split(parts: Sequence[LogPart], mark: str) -> list[_Word]:
    """Part a format at each ``mark`` in its literal text; two in a row have nothing between."""
    pieces: list[list[LogPart]] = [[]]
    for part in parts:
        if isinstance(part, Field):
            pieces[-1].append(part)
            continue
        first, *others = part.split(mark)
        pieces[-1] += [first] if first else []
        pieces += [[text] if text else [] for text in others]
    return [tuple(piece) for piece in pieces]


def _request(pieces: Sequence[_Word], wanted: Mapping[int, Role]) -> int | None:
    """Find the quoted piece that is the request line, or that ends with the protocol."""
    found = None
    for number in range(1, len(pieces), 2):
        for part in pieces[number]:
            role = wanted.get(id(part))
            if role is Role.PROTOCOL and Role.REQUEST in wanted.values():
                continue  # the request line tells it
            if role is None:
                continue
            fits = part is pieces[number][-1] and role in {Role.PROTOCOL, Role.REQUEST}
            if not fits or (role is Role.REQUEST and len(pieces[number]) > 1):
                raise _LineByLine
            found = number
    return found


def _segment(number: int, pieces: Sequence[_Word], wanted: Mapping[int, Role]) -> Segment:
    """Lay out a piece outside of quotes."""
    first, last = number == 0, number == len(pieces) - 1
    piece = pieces[number]
    if not first and piece == (() if last else (" ",)):
        return Constant(number, b"" if last else b" ")
    words = _split(piece, " ")
    # A blank must part a quote from what is next to it, and nothing else ends a line.
    if (not first and words[0]) or bool(words[-1]) is not last:
        raise _LineByLine
    words = words[not first : len(words) - (not last)]
    picks: list[tuple[Role, int]] = []
    column = 1
    for word in words:
        roles = [wanted[id(part)] for part in word if id(part) in wanted]
        if roles and len(word) != 1:
            raise _LineByLine
        picks += [(role, column) for role in roles]
        column += 2 if any(_is_time(part) for part in word) else 1
    return Words(number, last, column, tuple(picks))


def _is_time(part: LogPart) -> bool:
    """``%t`` writes a blank before its zone."""
    return isinstance(part, Field) and part.letter == "t" and part.argument in {"", "begin"}
