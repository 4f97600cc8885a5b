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
    return "".join(f"{line}\n" for line in _lines(tree))


def _lines(tree: Tree) -> Iterator[str]:
    text = DirectiveText(frozenset(tree.modules))
    opened: list[Occurrence] = []
    file = ""
    for occurrence in tree.occurrences:
        while opened and opened[-1] is not occurrence.enclosing:
            section = opened.pop()
            changed = section.httpd_place[0]
            if changed != file:
                file = changed
                yield f"# In file: {printable(file)}"
            yield f"{_INDENT * len(opened)}</{text.name(section)[1:]}>"
        changed, line = occurrence.httpd_place
        if changed != file:
            file = changed
            yield f"# In file: {printable(file)}"
        indent = _INDENT * len(opened)
        yield f"{indent}#{line:4}:"
        yield f"{indent}{text.name(occurrence)} {text.raw(occurrence)}"
        if occurrence.name.startswith("<"):
            opened.append(occurrence)
    while opened:
        section = opened.pop()
        if section.httpd_place[0] != file:
            file = section.httpd_place[0]
            yield f"# In file: {printable(file)}"
        yield f"{_INDENT * len(opened)}</{text.name(section)[1:]}>"
