"""The tree in the layout of ``httpd -t -D DUMP_CONFIG`` (mod_info.c: mod_info_show_config)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.report.directive_text import DirectiveText
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Occurrence, Tree

_INDENT = "  "


def dump(tree: Tree) -> str:
    """Write every directive in force with file and line, as httpd reports them."""
    return "".join(f"{line}\n" for line in _Layout(tree).lines())


class _Layout:
    """The lines in the making: which file they speak of, which sections are open."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._text = DirectiveText(frozenset(tree.modules))
        self._file = ""
        self._opened: list[Occurrence] = []

    def lines(self) -> Iterator[str]:
        """Yield the lines; as with httpd, a section without content has no closing tag."""
        before: Occurrence | None = None
        for occurrence in self._tree.occurrences:
            if before is not None and occurrence.enclosing is before:
                self._opened.append(before)
            yield from self._closed(occurrence.enclosing)
            yield from self._named(occurrence)
            indent = _INDENT * len(self._opened)
            yield f"{indent}#{occurrence.httpd_place[1]:4}:"
            yield f"{indent}{_safe(self._text.name(occurrence))} {_safe(self._text.raw(occurrence))}"
            before = occurrence
        yield from self._closed(None)

    def _closed(self, enclosing: Occurrence | None) -> Iterator[str]:
        while self._opened and self._opened[-1] is not enclosing:
            section = self._opened.pop()
            yield from self._named(section)
            yield f"{_INDENT * len(self._opened)}</{_safe(self._text.name(section)[1:])}>"

    def _named(self, occurrence: Occurrence) -> Iterator[str]:
        """Name the file where it is another one than before."""
        file = occurrence.httpd_place[0]
        if file != self._file:
            self._file = file
            yield f"# In file: {printable(file)}"


def _safe(text: str) -> str:
    """Escape what could steer a terminal; httpd prints it as it is. Tabs stay."""
    return "\t".join(map(printable, text.split("\t")))
