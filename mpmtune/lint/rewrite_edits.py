"""Changes of a RewriteRule, each as small as can be: the rest of the rule may hold a secret."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from mpmtune.httpd.rewriting import rewrite_words
from mpmtune.httpd.words import split
from mpmtune.lint.fixes import fix, replace_word
from mpmtune.model.finding import Edit, Passage

if TYPE_CHECKING:
    from mpmtune.model.config import Occurrence
    from mpmtune.model.finding import Fix

SUBSTITUTION, FLAGS = 2, 3


def place_of(line: Occurrence, number: int) -> Passage | None:
    """Give where a word is written; None where mod_rewrite splits in another way, or a macro did."""
    edit = replace_word(line, number, "") if _splits_as_others(line.args) else None
    return None if edit is None else Passage(edit.source, edit.start, edit.end)


@lru_cache(maxsize=4096)
def _splits_as_others(args: str) -> bool:
    return tuple(word for word in rewrite_words(args) if word) == split(args)


def insert_behind(line: Occurrence, number: int, before: re.Pattern[str], text: str) -> Edit | None:
    """Put text into a word, behind what a pattern finds first in it."""
    place = place_of(line, number)
    found = before.search(place.source.text, place.start, place.end) if place else None
    return None if place is None or found is None else _insertion(place, found.end(), text)


def drop(line: Occurrence, number: int, found: str, kept: str) -> Edit | None:
    """Take what follows ``kept`` in the first ``found`` of a word away."""
    place = place_of(line, number)
    at = -1 if place is None else place.source.text.find(found, place.start, place.end)
    if place is None or at < 0:
        return None
    return Edit(place.source, at + len(kept), at + len(found), "")


def with_flag(line: Occurrence, flag: str, *, instead_of: str = "") -> Fix | None:
    """Give a rule one flag more, or one in the place of others (``l|last``)."""
    title = f"Add the flag {flag}"
    if not rewrite_words(line.args)[2]:
        place = place_of(line, SUBSTITUTION)
        return fix(title, _insertion(place, place.end, f" [{flag}]")) if place else None
    place = place_of(line, FLAGS)
    if place is None:
        return None
    source, start, end = place
    if instead_of:
        old = re.compile(rf"(?<=[\[,])(?:{instead_of})(?=[\],])", re.IGNORECASE)
        found = old.search(source.text, start, end)
        if found is not None:
            return fix(title, Edit(source, *found.span(), flag))
    closing = source.text.rfind("]", start, end)
    return fix(title, _insertion(place, closing, f",{flag}")) if closing >= 0 else None


def _insertion(place: Passage, at: int, text: str) -> Edit:
    return Edit(place.source, at, at, text)
