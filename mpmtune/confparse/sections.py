"""Opening, closing and skipping sections: config.c, ap_build_config_sub and its neighbours."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from mpmtune.confparse.command import Command
from mpmtune.confparse.conditions import is_met
from mpmtune.confparse.reading import Condition, OpenFile, Reading, Stream, raw_line, remaining
from mpmtune.confparse.refusal import Refusal
from mpmtune.confparse.structure import RAW_SECTIONS
from mpmtune.httpd.directives import find_all
from mpmtune.model.config import Fault, Item, ItemKind, Occurrence

if TYPE_CHECKING:
    from collections.abc import Iterator


def _condition(reading: Reading, occurrence: Occurrence) -> None:
    """Enter a section that httpd decides while reading, or skip it.

    Raises:
        Refusal: for a section that cannot be decided; it is skipped.
    """
    try:
        met = is_met(reading, occurrence.name, occurrence.args)
    except Refusal as refusal:
        with suppress(Refusal):  # httpd has stopped at the first
            _skip(reading, occurrence)
        raise refusal from None
    if met:
        closing = f"</{occurrence.name[1:]}"
        entered = Condition(closing, reading.enclosing, occurrence)
        reading.opened[-1].conditions.append(entered)
    else:
        _skip(reading, occurrence)


def _skip(reading: Reading, occurrence: Occurrence) -> None:
    """Skip a false section by first words only, as ap_soak_end_container does.

    Raises:
        Refusal: when the sections in it do not balance, or it does not end.
    """
    # Each section as typed, without its "<".
    opened = [_name(reading, occurrence)[1:]]
    for _, item in remaining(reading.opened[-1]):
        if item.kind is ItemKind.OPEN:
            opened.append(_skipped_name(item)[1:])
        elif item.kind is ItemKind.CLOSE:
            # Whatever the last character is, it is taken for the bracket.
            saw = item.spelling[:-1]
            if saw[2:].lower() != opened[-1].lower():
                text = f"Expected </{opened[-1]}> but saw {saw}>"
                _leave_skipped(reading, opened, saw[2:].lower())
                raise Refusal(Fault.MISMATCHED_CLOSE, text)
            opened.pop()
            if not opened:
                return
    text = f"Expected </{opened[-1]}> before end of configuration"
    raise Refusal(Fault.UNCLOSED_FALSE_SECTION, text)


def _leave_skipped(reading: Reading, opened: list[str], saw: str) -> None:
    """Go on after the end of the skipped section, which httpd never reaches."""
    outermost = opened[0].lower()
    if saw == outermost:
        return
    for _, item in remaining(reading.opened[-1]):
        if item.kind is ItemKind.CLOSE and item.name == f"</{outermost}":
            return


def _skipped_name(item: Item) -> str:
    """Give the name that a closing tag must repeat: only ``<x>`` alone loses its bracket."""
    return item.spelling.removesuffix(">") if item.args == ">" else item.spelling


def _skip_raw(reading: Reading, occurrence: Occurrence) -> None:
    """Pass over a body that a module reads as text: ``<Perl>``, ``<LuaHook…>``."""
    closing = f"</{occurrence.name[1:]}"
    for _, item in remaining(reading.opened[-1]):
        if item.name == closing:
            return
    text = f"{_name(reading, occurrence)}> was not closed."
    raise Refusal(Fault.UNCLOSED_SECTION, text)


def close(reading: Reading, stream: Stream, item: Item) -> None:
    """Leave a section; httpd's complaint is noted, and the most likely section is left."""
    file = reading.opened[-1]
    inner, floor = reading.enclosing, file.floor
    at = Occurrence(item, stream.source, inner, stream.origin)
    ends_condition = bool(file.conditions) and item.name == file.conditions[-1].closing
    if inner is floor:
        if ends_condition:
            file.conditions.pop()
        if not (ends_condition and _is_bare(stream, item)):
            text = f"{item.spelling} without matching <{item.spelling[2:]} section"
            reading.refuse(Refusal(Fault.STRAY_CLOSE, text), at)
        return
    assert inner is not None
    if not item.spelling.endswith(">"):
        text = f"{item.spelling}> directive missing closing '>'"
        reading.refuse(Refusal(Fault.MISSING_BRACKET, text), at)
    name = f"<{item.name[2:]}"
    if inner.name == name:
        reading.enclosing = inner.enclosing
        return
    saw = item.spelling.removesuffix(">")
    text = f"Expected </{_name(reading, inner)[1:]}> but saw {saw}>"
    reading.refuse(Refusal(Fault.MISMATCHED_CLOSE, text), at)
    found = next((section for section in _outward(inner, floor) if section.name == name), None)
    if found is not None:
        reading.enclosing = found.enclosing
    elif ends_condition:
        file.conditions.pop()
        reading.enclosing = floor


def end_of_file(reading: Reading, file: OpenFile) -> None:
    """Leave a file: true sections may stay open, others may not."""
    for open_condition in reversed(file.conditions):
        for section in _outward(reading.enclosing, open_condition.outside):
            text = f"{_name(reading, section)}> is never closed; httpd does not notice"
            reading.remark(Fault.UNCLOSED_SECTION, text, section)
        name = _name(reading, open_condition.occurrence)
        text = f"{name}> is never closed; httpd accepts that only while its condition is true"
        reading.remark(Fault.UNCLOSED_TRUE_SECTION, text, open_condition.occurrence)
        reading.enclosing = open_condition.outside
    unclosed = list(_outward(reading.enclosing, file.outside))
    if unclosed:
        lines = []
        for section in unclosed:
            path, line = section.httpd_place
            lines.append(f"{path}:{line}: {_name(reading, section)}> was not closed.")
        reading.refuse(Refusal(Fault.UNCLOSED_SECTION, "\n".join(lines)), unclosed[-1])
    reading.enclosing = file.outside


def _outward(inner: Occurrence | None, floor: Occurrence | None) -> Iterator[Occurrence]:
    while inner is not floor and inner is not None:
        yield inner
        inner = inner.enclosing


def _is_bare(stream: Stream, item: Item) -> bool:
    """Tell whether a line is a closing tag and nothing else; a quoted one is something else."""
    return raw_line(stream, item).lower() == f"{item.name}>"


def _name(reading: Reading, section: Occurrence) -> str:
    """Name a section as httpd does: from the command table where a loaded module has it."""
    for row in find_all(section.name):
        if not reading.modules.ids.isdisjoint(row.module_ids):
            return row.name
    return section.item.spelling.removesuffix(">")


_IF_FILE_SINCE = (2, 4, 34)
SECTIONS = {
    "<ifmodule": Command("core_module", _condition),
    "<ifdefine": Command("core_module", _condition),
    "<iffile": Command("core_module", _condition, _IF_FILE_SINCE),
    "<ifdirective": Command("core_module", _condition, _IF_FILE_SINCE),
    "<ifsection": Command("core_module", _condition, _IF_FILE_SINCE),
    "<ifversion": Command("version_module", _condition),
    **{name: Command(module, _skip_raw) for name, module in RAW_SECTIONS.items()},
}
