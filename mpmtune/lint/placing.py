"""From a violation to a finding: where it is, in which sections, and what stays when lines move."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from mpmtune.httpd.secrets import mask_raw
from mpmtune.httpd.words import arguments, spans
from mpmtune.model.config import Diagnostic, Occurrence
from mpmtune.model.finding import Finding, Passage

_MOST_MASKED = 100_000  # splitting and masking what nobody writes takes seconds
_HIGH_BYTES = re.compile("[\x80-\xff]+")

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mpmtune.lint.rule import AnyRule
    from mpmtune.lint.view import View
    from mpmtune.model.config import Source
    from mpmtune.model.finding import Violation


def place(
    violation: Violation, rule: AnyRule, view: View | None, names: Mapping[Source, str]
) -> Finding:
    """Make the finding of a violation.

    Args:
        violation: What the rule said.
        rule: The rule.
        view: What it was called with; None for a rule about suppressions.
        names: Each source, with its path as a reader sees it.
    """
    passage = passage_of(violation)
    at = violation.at if isinstance(violation.at, Occurrence) else None
    mpm = view.mpm if view else None
    source = passage.source if passage else view.tree.sources[0] if view else None
    return Finding(
        code=rule.code,
        name=rule.name,
        severity=violation.severity or rule.severity,
        message=_decoded(violation.message),
        file=names[source] if source else "",
        passage=passage,
        httpd_ids=rule.httpd_ids.get(mpm, ()) if mpm else (),
        fix=violation.fix,
        scope=tuple(subject_of(section) for section in at.sections()) if at else (),
        subject=subject_of(at) if at else _first_line(passage),
        related=tuple((names[o.source], whole_of(o)) for o in violation.related),
    )


def passage_of(violation: Violation) -> Passage | None:
    """Give the text that a violation is about."""
    at = violation.at
    if isinstance(at, Occurrence):
        return whole_of(at) if violation.word is None else word_of(at, violation.word)
    if isinstance(at, Diagnostic):
        return _trimmed(at.source, at.start, at.end) if at.source else None
    return at


def _trimmed(source: Source, start: int, end: int) -> Passage:
    """Give a piece without the blanks around it."""
    text = source.text[start:end]
    return Passage(source, start + len(text) - len(text.lstrip()), start + len(text.rstrip()))


def whole_of(occurrence: Occurrence) -> Passage:
    """Give a directive without the blanks around it, its last line included."""
    item, source = occurrence.item, occurrence.source
    start = source.text_start(item)
    return Passage(source, start, start + len(source.text[start : item.end].rstrip()))


def word_of(occurrence: Occurrence, number: int) -> Passage:
    """Give one word of a directive, quotes included: 0 is the name, 1 the first argument.

    Give the whole directive where that word is not written as httpd reads it: in a macro's body,
    out of a variable, or broken by a continuation.
    """
    item, source = occurrence.item, occurrence.source
    if number == 0:
        start = source.text_start(item)
        spelled = source.text.startswith(item.spelling, start)
        return (
            Passage(source, start, start + len(item.spelling)) if spelled else whole_of(occurrence)
        )
    at, found = item.args_start, spans(item.args)
    if at < 0 or len(found) < number:
        return whole_of(occurrence)
    if source.text.startswith(item.args, at):  # on one line
        start, end = found[number - 1]
        return Passage(source, at + start, at + end)
    pieces = [item.args[start:end] for start, end in found[:number]]
    for piece in pieces:
        at = source.text.find(piece, at, item.end)
        if at < 0:
            return whole_of(occurrence)
        at += len(piece)
    return Passage(source, at - len(pieces[-1]), at)


def subject_of(occurrence: Occurrence) -> str:
    """Write a directive on one line, blanks normalised, secrets masked."""
    item = occurrence.item
    return item.name if len(item.args) > _MOST_MASKED else _subject(item.name, item.args)


@lru_cache(maxsize=1024)
def _subject(name: str, args: str) -> str:
    """The same directive often stands in every virtual host."""
    shown = mask_raw(name, arguments(name, args), args)
    return " ".join((name, *shown.split()))


def _decoded(text: str) -> str:
    """Read pieces of a file, one character per byte, as the UTF-8 that they are."""
    return text if text.isascii() else _HIGH_BYTES.sub(_as_utf8, text)


def _as_utf8(run: re.Match[str]) -> str:
    try:
        return run[0].encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return run[0]


def _first_line(passage: Passage | None) -> str:
    if passage is None:
        return ""
    text = passage.source.text[passage.start : passage.end]
    return text.split(None, 1)[0].lower() if text.strip() else ""
