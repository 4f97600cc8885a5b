"""Lines and columns in the units that formats count in."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from mpmtune.model.config import Source
    from mpmtune.model.finding import Finding, Passage


class Unit(Enum):
    """What a column counts: characters, UTF-16 code units (SARIF), or bytes (rdjson)."""

    CHARACTERS = "characters"
    UTF16 = "utf-16"
    BYTES = "bytes"


class Region(NamedTuple):
    """From the first character to after the last; lines and columns from 1."""

    line: int
    column: int
    end_line: int
    end_column: int


FIRST_CHARACTER = Region(1, 1, 1, 1)


def region_of(finding: Finding, unit: Unit = Unit.CHARACTERS) -> Region:
    """Give the place of a finding; the first character of the file where it has none."""
    return FIRST_CHARACTER if finding.passage is None else region(finding.passage, unit)


def region(passage: Passage, unit: Unit = Unit.CHARACTERS) -> Region:
    """Give the place of a passage."""
    source, start, end = passage
    return Region(*_place(source, start, unit), *_place(source, max(start, end), unit))


def _place(source: Source, offset: int, unit: Unit) -> tuple[int, int]:
    if unit is Unit.CHARACTERS:
        return source.place(offset)
    start = source.text.rfind("\n", 0, offset) + 1
    if unit is Unit.BYTES:
        return source.line_of(offset), offset - start + 1
    before = decoded(source.text[start:offset])
    return source.line_of(offset), len(before.encode("utf-16-le", "surrogatepass")) // 2 + 1


def decoded(text: str) -> str:
    """Read text of a source, one character per byte, as the UTF-8 that it mostly is."""
    return text if text.isascii() else text.encode("latin-1").decode("utf-8", "replace")
