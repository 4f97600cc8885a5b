"""mod_macro: a body kept as lines, and its parameters replaced as text.

Everything here follows modules/core/mod_macro.c. What it says is said when a macro is defined or
used; conditions, ``${}`` and sections of a body count where it is used, not where it stands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from mpmtune.confparse.lines import HTACCESS_LINE_LIMIT as BUFFER
from mpmtune.confparse.reader import item_of
from mpmtune.confparse.refusal import Refusal
from mpmtune.httpd import words
from mpmtune.model.config import Fault, Item, ItemKind, Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

PREFIXES = "$%@"
_QUOTING = "@"
_MOST_PARAMETERS = 500  # ours: each is compared with each
_FLAGS = {"/ignoreemptyargs": "empty", "/ignorebadnesting": "nesting"}


class BodyLine(NamedTuple):
    """A line of a macro's body: what httpd kept of it, and where it is written."""

    text: str
    source: Source
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Header:
    """What ``<Macro name $a $b>`` says.

    Attributes:
        name: In lower case.
        location: ``defined on line 1 of "F"``.
        parameters: Their names, prefixes included.
        quiet: Which advice is off: ``empty`` for empty arguments, ``nesting`` for sections that
            do not balance.
    """

    name: str
    location: str
    parameters: tuple[str, ...]
    quiet: frozenset[str]

    @property
    def title(self) -> str:
        """The name by which httpd speaks of it."""
        return f"macro '{self.name}' ({self.location})"


@dataclass(frozen=True, slots=True)
class Macro:
    """A macro as ``Use`` finds it.

    Attributes:
        header: What its first line says.
        body: Its lines.
        pattern: Finds the first parameter in a text; of those that begin there, the longest.
        items: Each line's item, ready for every use; None where a parameter decides.
    """

    header: Header
    body: Sequence[BodyLine]
    pattern: re.Pattern[str]
    items: Sequence[Item | None]

    @classmethod
    def of(cls, header: Header, body: Sequence[BodyLine]) -> Macro:
        """Prepare a macro for its uses."""
        longest_first = sorted(header.parameters, key=len, reverse=True)
        pattern = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")
        fixed = [None if _varies(line.text, pattern) else line_item(line) for line in body]
        return cls(header, body, pattern, fixed)


def _varies(text: str, pattern: re.Pattern[str]) -> bool:
    return text.endswith("\\") or pattern.search(text) is not None


def line_item(line: BodyLine) -> Item:
    """Make the item of a body line."""
    if line.text.startswith("#"):
        return Item(ItemKind.COMMENT, "", "", line.text, line.start, -1, line.end)
    if not line.text:
        return Item(ItemKind.BLANK, "", "", "", line.start, -1, line.end)
    return item_of(line.text, line.start, line.end)


def parse_header(
    argument: str, place: str, known: Mapping[str, Macro], advise: Callable[[str, str], None]
) -> Header:
    """Read what stands between ``<Macro`` and ``>``.

    Args:
        argument: The text.
        place: ``line 1 of "F"``.
        known: The macros so far.
        advise: Is told the number and text of what httpd warns about.

    Raises:
        Refusal: where httpd refuses the definition.
    """
    if not argument:
        raise Refusal(Fault.MACRO_DEFINITION, "<Macro macro definition: empty name")
    name, at = words.next_word(argument)
    name = name.lower()
    if not name:
        raise Refusal(Fault.MACRO_DEFINITION, "<Macro macro definition: name not found")
    location = f"defined on {place}"
    title = f"macro '{name}' ({location})"
    if name in known:
        first = known[name].header.location
        text = f"macro '{name}' multiply defined: {first}, redefined on {place}"
        advise("AH02802", text)
    if name[0] in PREFIXES:
        advise("AH02803", f"{title} better prefix a macro name with any of '{PREFIXES}'")
    quiet, rest = _flags(argument[at:], title, advise)
    header = Header(name, location, words.split(rest), quiet)
    _check_parameters(header, advise)
    return header


def _flags(rest: str, title: str, advise: Callable[[str, str], None]) -> tuple[frozenset[str], str]:
    quiet: set[str] = set()
    while rest.startswith("/"):
        flag = next((flag for flag in _FLAGS if rest.lower().startswith(flag)), None)
        if flag is not None:
            quiet.add(_FLAGS[flag])
            rest = rest[len(flag) :]
        if rest and not rest.startswith(" "):
            unknown, blank, after = rest.partition(" ")
            advise("AH02804", f"{title}: unknown flag '{unknown}'")
            rest = blank + after
        rest = rest[1:]
    return frozenset(quiet), rest


def _check_parameters(header: Header, advise: Callable[[str, str], None]) -> None:
    """Say what check_macro_arguments says, in its order."""
    if len(header.parameters) > _MOST_PARAMETERS:
        text = f"{header.title}: mpmtune reads no macro of more than {_MOST_PARAMETERS} arguments"
        raise Refusal(Fault.LIMIT, text)
    for number, parameter in enumerate(header.parameters, 1):
        if not parameter:
            text = f"{header.title}: empty argument #{number} name"
            raise Refusal(Fault.MACRO_DEFINITION, text)
        if parameter[0] not in PREFIXES:
            advise(
                "AH02796",
                f"{header.title} argument name '{parameter}' (#{number}) without expected prefix,"
                f" better prefix argument names with one of '{PREFIXES}'.",
            )
        if parameter.startswith("${"):
            advise(
                "AH02805",
                f"{header.title} argument name '{parameter}' (#{number}) clashes with 'Define'"
                " syntax '${...}', better use '$(...)'.",
            )
        _compare_with_later(header, number, parameter, advise)


def _compare_with_later(
    header: Header, number: int, parameter: str, advise: Callable[[str, str], None]
) -> None:
    for later, other in enumerate(header.parameters[number:], number + 1):
        if parameter == other:
            text = (
                f"argument name conflict in {header.title}: argument '{parameter}':"
                f" #{number} and #{later}, change argument names!"
            )
            raise Refusal(Fault.MACRO_DEFINITION, text)
        if other and (parameter.startswith(other) or other.startswith(parameter)):
            advise(
                "AH02797",
                f"{header.title}: argument name prefix conflict ({parameter} #{number} and {other}"
                f" #{later}), be careful about your macro definition!",
            )


def check_body(macro: Macro, advise: Callable[[str, str], None]) -> None:
    """Say what check_macro_contents says: an empty body, parameters that are never used."""
    header = macro.header
    if not macro.body:
        advise("AH02799", f"{header.title}: empty contents!")
        return
    used = {found for line in macro.body for found in macro.pattern.findall(line.text)}
    for number, parameter in enumerate(header.parameters, 1):
        if parameter not in used:
            text = f"{header.title}: argument '{parameter}' (#{number}) never used"
            advise("AH02800", text)


def matched(macro: Macro, argument: str) -> tuple[str, ...]:
    """Split the values that ``Use`` gives.

    Raises:
        Refusal: when there are too many or too few.
    """
    values = words.split(argument)
    wanted = len(macro.header.parameters)
    if len(values) != wanted:
        text = f"{macro.header.title} used with {len(values)} arguments instead of {wanted}"
        raise Refusal(Fault.MACRO_ARGUMENTS, text)
    return values


def expanded(macro: Macro, values: tuple[str, ...], where: str) -> Iterator[BodyLine | Item]:
    """Give what a use puts in its place: items that are ready, and lines with values put in.

    Args:
        macro: The macro.
        values: As ``matched`` gave them.
        where: The name of this use, for the error text.

    Raises:
        Refusal: when a line outgrows mod_macro's 8 KiB.
    """
    replace = _replacer(macro, values)
    begun, last = "", len(macro.body)
    for number, (line, item) in enumerate(zip(macro.body, macro.items, strict=True), 1):
        if item is not None and not begun:
            yield item
            continue
        text = begun + replace(line.text)
        if len(text) >= BUFFER - 1 and text != line.text:
            title = macro.header.title
            reason = "cannot substitute, buffer size too small"
            raise Refusal(
                Fault.MACRO_ARGUMENTS,
                f"{where} error while substituting: while processing line {number} of {title}"
                f" {reason}",
            )
        begun = ""
        if text.endswith("\\") and number < last:  # a value can make a line go on
            begun = text[:-1]
            continue
        yield line._replace(text=text.strip(words.BLANKS))


def _replacer(macro: Macro, values: tuple[str, ...]) -> Callable[[str], str]:
    written = {
        parameter: _quoted(value) if parameter.startswith(_QUOTING) else value
        for parameter, value in zip(macro.header.parameters, values, strict=True)
    }
    return lambda text: macro.pattern.sub(lambda match: written[match[0]], text)


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
