"""An AH number → what httpd says under it, what that means, where it comes from, what to do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from mpmtune.httpd.clamp_messages import CLAMPS
from mpmtune.httpd.corrections import Reading
from mpmtune.httpd.running_messages import RUNNING
from mpmtune.httpd.startup_messages import STARTUP
from mpmtune.model.httpd import Mpm

if TYPE_CHECKING:
    from collections.abc import Iterator

# numbers; level; httpd's words; meaning; cause; cure. Numbers are grouped by MPM where each has its
# own ("prefork 180 181; worker 318 319"); two of a clamp are the console's and the error log's.
_Row = tuple[str, str, str, str, str, str]

_NUMBER = re.compile(r"(?:AH)?0*([0-9]{1,5})", re.IGNORECASE)
_MPMS = {mpm.value: mpm for mpm in Mpm}
_PAIR = 2


@dataclass(frozen=True, slots=True)
class Explanation:
    """One of httpd's messages.

    Attributes:
        id: ``AH00513``.
        mpm: The MPM that says it; None when it is said under each.
        reading: For a clamp, whether this number is the console's or the error log's.
        siblings: The same message's other numbers.
        level: ``warn``, ``error``…
        says: httpd's words; N and X stand for what it fills in.
        meaning: What it means for the server.
        cause: Where it comes from.
        cure: What to do.
    """

    id: str
    mpm: Mpm | None
    reading: Reading | None
    siblings: tuple[str, ...]
    level: str
    says: str
    meaning: str
    cause: str
    cure: str


def find(number: str) -> Explanation | None:
    """Find a message by its number: ``AH00513``, ``ah513``, ``513``."""
    match = _NUMBER.fullmatch(number.strip())
    return by_id().get(ah(int(match[1]))) if match else None


def ah(number: int) -> str:
    """Write a number as httpd does."""
    return f"AH{number:05}"


@cache
def by_id() -> dict[str, Explanation]:
    """Index all messages by number, in the order of the table."""
    explained = (one for row in (*CLAMPS, *STARTUP, *RUNNING) for one in _explain(row))
    return {one.id: one for one in explained}


def _explain(row: _Row) -> Iterator[Explanation]:
    groups, level, says, meaning, cause, cure = row
    numbered = [
        (_MPMS.get(name), ids)
        for name, ids in (_group(group.split()) for group in groups.split("; "))
    ]
    every = [number for _, ids in numbered for number in ids]
    clamp = row in CLAMPS
    for mpm, ids in numbered:
        for number in ids:
            reading = _reading(ids, number) if clamp else None
            siblings = tuple(other for other in every if other != number)
            yield Explanation(number, mpm, reading, siblings, level, says, meaning, cause, cure)


def _group(words: list[str]) -> tuple[str, list[str]]:
    name = words.pop(0) if words[0] in _MPMS else ""
    return name, [ah(int(word)) for word in words]


def _reading(ids: list[str], number: str) -> Reading | None:
    if len(ids) < _PAIR:
        return None
    return Reading.CONSOLE if number == ids[0] else Reading.LOG
