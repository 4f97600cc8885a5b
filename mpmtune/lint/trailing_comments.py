"""A comment behind the arguments of a directive: httpd has none, and what it does instead."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from mpmtune.httpd import arity
from mpmtune.httpd.directives import find
from mpmtune.httpd.words import spans, split

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mpmtune.httpd.directives import Directive
    from mpmtune.model.config import Occurrence

# Words that may well begin with a number sign: fragments of URLs, colours, patterns. Folded name
# → how many of the leading arguments.
_FREE_WORDS = {
    "adddescription": 1,
    "browsermatch": 1,
    "define": 2,
    "errordocument": 2,
    "header": 4,
    "redirect": 3,
    "requestheader": 4,
    "rewritecond": 2,
    "rewriterule": 2,
    "setenv": 2,
    "setenvif": 2,
    "substitute": 1,
    "use": 500,
}
_COUNTING = frozenset({"TAKE1", "TAKE2", "TAKE3", "TAKE12", "TAKE23", "TAKE123", "FLAG"})


class Fate(Enum):
    """What httpd does with the words of the comment."""

    IGNORED = "ignored"
    REFUSED = "refused"
    SWALLOWED = "swallowed"


class TrailingComment(NamedTuple):
    """A comment behind arguments.

    Attributes:
        word: Its first word, as a number for ``Violation.word``.
        start: Where it begins in the arguments.
        fate: What httpd does with it.
    """

    word: int
    start: int
    fate: Fate


def trailing_comment(occurrence: Occurrence) -> TrailingComment | None:
    """Find a comment behind the arguments of a directive or a section's opening tag."""
    name, args = occurrence.name, occurrence.args
    if "#" not in args:
        return None
    if name.startswith("<"):
        return _behind_bracket(args)
    row = find(name)
    places, words = spans(args), split(args)
    begins = (n for n, (start, _) in enumerate(places) if n and args[start] == "#")
    first = next(begins, 0)
    if row is None or not first:
        return None
    fate = _fate(row, words, first)
    return TrailingComment(first + 1, places[first][0], fate) if fate else None


def _behind_bracket(args: str) -> TrailingComment | None:
    """What stands behind the last bracket is ignored; a bracket in the comment makes it the last."""
    for number, (start, _) in enumerate(spans(args), start=1):
        if args[start] == "#" and args[:start].rstrip().endswith(">"):
            ignored = ">" not in args[start:]
            return TrailingComment(number, start, Fate.IGNORED if ignored else Fate.SWALLOWED)
    return None


def _fate(row: Directive, words: Sequence[str], first: int) -> Fate | None:
    """Tell what becomes of the words from ``first`` on; None when they may be arguments."""
    kept, comment = words[:first], words[first:]
    if arity.refusal(row, kept):
        return None
    if arity.refusal(row, words):
        return Fate.REFUSED
    if row.kind == "FLAG":
        return Fate.IGNORED
    alone = len(comment) == 1 and comment[0] != "#"
    if alone and row.kind in _COUNTING:
        return None
    free = _FREE_WORDS.get(row.name.lower(), 0)
    return None if first < free else Fate.SWALLOWED
