"""Fixes as edits: the few shapes that rules need, and the choice of what is applied together.

Each function gives None where the text is not written in the file as httpd reads it: in the body
of a macro, or out of a variable. Then there is nothing that could be rewritten safely.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from typing import TYPE_CHECKING

from mpmtune.lint.placing import whole_of, word_of
from mpmtune.model.finding import Edit, Fix

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from mpmtune.model.config import Occurrence, Source
    from mpmtune.model.finding import Finding


def replace_word(occurrence: Occurrence, number: int, text: str) -> Edit | None:
    """Put ``text`` in the place of one word, quotes included: 0 is the name, 1 the first argument."""
    passage = word_of(occurrence, number)
    is_argument = passage.start >= occurrence.item.args_start >= 0
    if _from_macro(occurrence) or not (is_argument or passage != whole_of(occurrence)):
        return None
    return Edit(*passage, text)


def replace_arguments(occurrence: Occurrence, text: str) -> Edit | None:
    """Put ``text`` in the place of all arguments; a section's ``>`` is one of them."""
    item, source = occurrence.item, occurrence.source
    if _from_macro(occurrence) or item.args_start < 0:
        return None
    return Edit(source, item.args_start, whole_of(occurrence).end, text)


def remove(occurrence: Occurrence) -> Edit | None:
    """Take a directive out, its whole line and the line's end."""
    if _from_macro(occurrence):
        return None
    return Edit(occurrence.source, occurrence.item.start, occurrence.item.end, "")


def insert_before(occurrence: Occurrence, *lines: str) -> Edit | None:
    """Put lines above a directive, with its indentation and line ends."""
    if _from_macro(occurrence):
        return None
    indentation, line_end = _manners(occurrence)
    start = occurrence.item.start
    text = "".join(f"{indentation}{line}{line_end}" for line in lines)
    return Edit(occurrence.source, start, start, text)


def insert_after(occurrence: Occurrence, line: str) -> Edit | None:
    """Put a line below a directive, with its indentation and line ends."""
    if _from_macro(occurrence):
        return None
    indentation, line_end = _manners(occurrence)
    end = occurrence.item.end
    ended = occurrence.source.text.endswith("\n", 0, end)
    added = indentation + line
    return Edit(occurrence.source, end, end, added + line_end if ended else line_end + added)


def replace_with(occurrence: Occurrence, *lines: str) -> Edit | None:
    """Put lines in the place of a directive, with its indentation and line ends."""
    if _from_macro(occurrence):
        return None
    indentation, line_end = _manners(occurrence)
    text = f"{line_end}{indentation}".join(lines)
    return Edit(*whole_of(occurrence), text)


def _from_macro(occurrence: Occurrence) -> bool:
    return occurrence.origin is not None and occurrence.origin.expansion is not None


def _manners(occurrence: Occurrence) -> tuple[str, str]:
    """Give the blanks in front of a directive, and the line end its file uses."""
    source, item = occurrence.source, occurrence.item
    indentation = source.text[item.start : source.text_start(item)]
    return indentation, "\r\n" if source.text.endswith("\r\n", 0, item.end) else "\n"


def chosen(findings: Iterable[Finding], *, unsafe: bool) -> Mapping[Source, Sequence[Edit]]:
    """Choose the edits that are applied in one go, sorted, none touching another.

    A fix is taken whole or not at all; one that touches an earlier one waits for the next go. A
    file that was read several times is one file.
    """
    first: dict[tuple[str, str], Source] = {}
    taken: dict[Source, list[Edit]] = {}
    for finding in findings:
        fix = finding.fix
        if fix is None or not (fix.safe or unsafe):
            continue
        edits = [
            e._replace(source=first.setdefault((e.source.path, e.source.text), e.source))
            for e in fix.edits
        ]
        if any(_is_in_the_way(edit, taken.get(edit.source, ())) for edit in edits):
            continue
        for edit in edits:
            insort(taken.setdefault(edit.source, []), edit, key=_start)
    return taken


def _start(edit: Edit) -> int:
    return edit.start


def _is_in_the_way(edit: Edit, taken: Sequence[Edit]) -> bool:
    """Whether an edit touches one of those taken, which are sorted and do not touch."""
    at = bisect_left(taken, edit.start, key=_start)
    return any(_touches(edit, other) for other in taken[max(0, at - 1) : at + 2])


def _touches(edit: Edit, other: Edit) -> bool:
    if edit.start == edit.end or other.start == other.end:
        return other.start <= edit.start <= other.end or edit.start <= other.start <= edit.end
    return edit.start < other.end and other.start < edit.end


def fix(title: str, *edits: Edit | None, safe: bool = False) -> Fix | None:
    """Make a fix of all edits; None when one of them cannot be made."""
    made = tuple(edit for edit in edits if edit is not None)
    return Fix(title, made, safe) if made and len(made) == len(edits) else None
