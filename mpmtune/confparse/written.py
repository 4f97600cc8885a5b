"""All directives as they are written, those in false sections and macro bodies included."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.confparse.reading import ByName
from mpmtune.model.config import ItemKind, Occurrence, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


def written(sources: Iterable[Source]) -> Mapping[str, Sequence[Occurrence]]:
    """Index what is written, by name; ``enclosing`` are all sections, conditions included."""
    found = ByName()
    for source in sources:
        _add(source, found)
    return found.without_old_names()


def _add(source: Source, found: ByName) -> None:
    enclosing: Occurrence | None = None
    for item in source.items:
        if not item.spelling:
            continue
        if item.kind is ItemKind.CLOSE:
            enclosing = _left(enclosing, f"<{item.name[2:]}")
            continue
        occurrence = Occurrence(item, source, enclosing, None)
        found[item.name].append(occurrence)
        if item.kind is ItemKind.OPEN:
            enclosing = occurrence


def _left(enclosing: Occurrence | None, name: str) -> Occurrence | None:
    """Leave the innermost section of a name; a tag that closes nothing changes nothing."""
    section = enclosing
    while section is not None and section.name != name:
        section = section.enclosing
    return enclosing if section is None else section.enclosing
