"""All directives as they are written, those in false sections and macro bodies included."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.confparse.reading import ByName
from mpmtune.httpd.names import MODERN
from mpmtune.model.config import ItemKind, Occurrence, Source

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence


def written(
    sources: Iterable[Source], names: frozenset[str] | None = None
) -> Mapping[str, Sequence[Occurrence]]:
    """Index what is written, by name; ``enclosing`` are all sections, conditions included.

    Args:
        sources: The files.
        names: The modern names that are asked for; None for all.
    """
    found = ByName()
    wanted = None if names is None else names | {old for old in MODERN if MODERN[old] in names}
    for source in sources:
        _add(source, found, wanted)
    return found.without_old_names()


def _add(source: Source, found: ByName, wanted: Container[str] | None) -> None:
    # Hot: once for every line of the configuration.
    enclosing: Occurrence | None = None
    directive, close = ItemKind.DIRECTIVE, ItemKind.CLOSE
    for item in source.items:
        kind, name = item[0], item[1]
        if kind is directive:
            if wanted is None or name in wanted:
                found[name].append(Occurrence(item, source, enclosing, None))
        elif kind is close:
            enclosing = _left(enclosing, f"<{name[2:]}")
        elif name:
            enclosing = Occurrence(item, source, enclosing, None)
            if wanted is None or name in wanted:
                found[name].append(enclosing)


def _left(enclosing: Occurrence | None, name: str) -> Occurrence | None:
    """Leave the innermost section of a name; a tag that closes nothing changes nothing."""
    section = enclosing
    while section is not None and section.name != name:
        section = section.enclosing
    return enclosing if section is None else section.enclosing
