"""``<Macro>``, ``Use`` and ``UndefMacro`` as the reading executes them (mod_macro.c)."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from mpmtune.confparse.command import Command
from mpmtune.confparse.commands import counted
from mpmtune.confparse.conditions import missing_bracket
from mpmtune.confparse.lines import HTACCESS_LINE_LIMIT
from mpmtune.confparse.macros import (
    BodyLine,
    Header,
    Macro,
    check_body,
    expanded,
    line_item,
    matched,
    parse_header,
)
from mpmtune.confparse.reading import Stream, raw_line, remaining
from mpmtune.confparse.refusal import Refusal
from mpmtune.httpd.words import next_word, section_argument
from mpmtune.model.config import Expansion, Fault, Item, ItemKind, Occurrence, Origin

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mpmtune.confparse.reading import Reading

    Advise = Callable[[str, str], None]

_BEGIN, _END = "<macro", "</macro>"


def _macro(reading: Reading, occurrence: Occurrence) -> None:
    """Define a macro: read the head, keep the body."""
    if reading.macros is None:
        reading.macros = {}
    argument = section_argument(occurrence.args)
    if argument is None:
        raise missing_bracket(occurrence.name)
    advise = partial(_advise, reading, occurrence)
    file, line = occurrence.httpd_place
    after = f"AH02801: non blank chars found after <Macro closing '>' on line {line} of {file}"
    _junk(occurrence.args[len(argument) + 1 :], after, advise)
    try:
        header = parse_header(argument, f'line {line} of "{file}"', reading.macros, advise)
    except Refusal:
        # httpd has stopped; the body is none of what follows.
        with suppress(Refusal):
            _Body(reading, Header("", "", (), frozenset()), line, _silent, _silent).collect()
        raise
    nesting = "nesting" not in reading.quiet | header.quiet
    body = _Body(reading, header, line, advise if nesting else _silent, advise).collect()
    macro = Macro.of(header, body)
    check_body(macro, advise)
    reading.macros[header.name] = macro


class _Body:
    """The lines up to ``</Macro>``, and what httpd says about them."""

    def __init__(
        self, reading: Reading, header: Header, line: int, on_nesting: Advise, advise: Advise
    ) -> None:
        self._file = reading.opened[-1]
        self._header = header
        self._line = line
        self._on_nesting = on_nesting
        self._advise = advise
        self._macros = 1
        self._sections = 1
        self._lines: list[BodyLine] = []

    def collect(self) -> list[BodyLine]:
        """Take the lines out of the stream.

        Raises:
            Refusal: when the body does not end, or a line is longer than mod_macro's buffer.
        """
        for stream, item in remaining(self._file):
            text = raw_line(stream, item)
            if len(text) >= HTACCESS_LINE_LIMIT:
                break
            if item.kind is ItemKind.COMMENT:
                continue
            if self._ends(stream, item, text):
                return self._lines
            self._lines.append(BodyLine(text, stream.source, item.start, item.end))
        text = f"{self._header.title}\n\tcontents error: expected token not found: </Macro>"
        raise Refusal(Fault.MACRO_DEFINITION, text)

    def _ends(self, stream: Stream, item: Item, text: str) -> bool:
        word = item.spelling
        if word.startswith("</"):
            self._sections -= 1
            if self._sections < 0:
                at = _line_of(stream, item) - self._line
                where = f"line {at} of {self._header.title}"
                self._on_nesting("AH02793", f"bad (negative) nesting on {where}")
        elif word.startswith("<"):
            self._sections += 1
        if word.lower() == _BEGIN:
            self._macros += 1
        elif word.lower() == _END:
            self._macros -= 1
            what = "AH02794: non blank chars found after directive closing"
            where = f"on line {_line_of(stream, item)} of {stream.name}"
            _junk(text[text.rfind(">") + 1 :], f"{what} {where}", self._advise)
        if self._macros == 0 and self._sections != 0:
            where = f"{self._sections:+d}) in {self._header.title}"
            self._on_nesting("AH02795", f"bad cumulated nesting ({where}")
        return self._macros == 0


def _use(reading: Reading, occurrence: Occurrence) -> None:
    """Put a macro's lines in the place of the directive."""
    name, at = next_word(occurrence.args)
    macro = _known(reading, name.lower())
    streams = reading.opened[-1].streams or []
    if f"macro '{macro.header.name}'" in streams[-1].name:
        text = f"recursive use of macro '{macro.header.name}' is invalid"
        raise Refusal(Fault.MACRO_RECURSION, text)
    values = matched(macro, occurrence.args[at:])
    file, line = occurrence.httpd_place
    where = f'{macro.header.title} used on line {line} of "{file}"'
    if "empty" not in reading.quiet | macro.header.quiet:
        for number, value in enumerate(values, 1):
            if not value:
                _advise(reading, occurrence, "AH02798", f"{where}: empty argument #{number}")
    reading.budget.macro(len(macro.body), len(streams))
    made = list(expanded(macro, values, where))
    if made:
        expansion = Expansion(where, [line.start for line in macro.body])
        streams.append(_stream(macro, made, Origin(occurrence, expansion)))


def _known(reading: Reading, name: str) -> Macro:
    if reading.macros is None:
        raise Refusal(Fault.MACRO_UNDEFINED, "no macro defined before Use")
    if not name:
        raise Refusal(Fault.MACRO_UNDEFINED, "no macro name specified with Use")
    macro = reading.macros.get(name)
    if macro is None:
        raise Refusal(Fault.MACRO_UNDEFINED, f"macro '{name}' undefined")
    return macro


def _stream(macro: Macro, made: Sequence[BodyLine | Item], origin: Origin) -> Stream:
    assert origin.expansion is not None
    raw = {line.start: line.text for line in macro.body}
    raw.update((line.start, line.text) for line in made if isinstance(line, BodyLine))
    items = [line_item(line) if isinstance(line, BodyLine) else line for line in made]
    return Stream(macro.body[0].source, origin.expansion.name, iter(items), origin, raw)


def _undefine(reading: Reading, occurrence: Occurrence) -> None:
    (name,) = counted(occurrence)
    if reading.macros is None:
        raise Refusal(Fault.MACRO_UNDEFINED, "no macro defined before UndefMacro")
    if reading.macros.pop(name.lower(), None) is None:
        raise Refusal(Fault.MACRO_UNDEFINED, f"cannot remove undefined macro '{name.lower()}'")


def _ignore(what: str, reading: Reading, _occurrence: Occurrence) -> None:
    reading.quiet.add(what)


def _line_of(stream: Stream, item: Item) -> int:
    return Occurrence(item, stream.source, None, stream.origin).httpd_place[1]


def _junk(text: str, what: str, advise: Advise) -> None:
    """Say what stands behind a closing bracket, up to a comment sign."""
    if text.split("#", 1)[0].strip(" \t"):
        advise("AH02989", f"{what}: {text}")


def _advise(reading: Reading, occurrence: Occurrence, number: str, text: str) -> None:
    fault = Fault.MACRO_NESTING if number in {"AH02793", "AH02795"} else Fault.MACRO_ADVICE
    reading.warn(fault, number, text, occurrence)


def _silent(_number: str, _text: str) -> None:
    """Say nothing."""


MACRO_COMMANDS = {
    "<macro": Command("macro_module", _macro),
    "use": Command("macro_module", _use),
    "undefmacro": Command("macro_module", _undefine),
    "macroignoreemptyargs": Command("macro_module", partial(_ignore, "empty")),
    "macroignorebadnesting": Command("macro_module", partial(_ignore, "nesting")),
}
