"""The published shape ``mpmtune/config/v1``.

The list of directives can be long, so it is written piece by piece and not made as a tree of
values first; each directive is one line of the document.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from json.encoder import encode_basestring_ascii as quote
from typing import TYPE_CHECKING

from mpmtune.httpd.words import section_argument
from mpmtune.model.config import Fault, Level
from mpmtune.report.directive_text import DirectiveText, decoded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mpmtune.httpd.effective import EffectiveValues
    from mpmtune.model.config import Diagnostic, Item, Occurrence, Origin, Source, Tree

SCHEMA = "mpmtune/config/v1"
_MOST_FURTHER = 1_000
# What was not read, although httpd would read it.
_LEFT_OUT = frozenset({Fault.LIMIT, Fault.INCLUDE_OUTSIDE_ROOT})


def config_v1(tree: Tree, values: EffectiveValues) -> str:
    """Write a configuration and what it comes to as JSON; only ASCII, ended by a newline."""
    head = _members(_before(tree, values))
    directives = ",\n".join(_Directives(tree).lines())
    tail = _members(_after(tree, values))
    return f'{{\n{head},\n"directives": [\n{directives}\n],\n{tail}\n}}\n'


def incomplete(tree: Tree) -> str | None:
    """Say why the configuration was not read to its end; None when it was."""
    left_out = (found.text for found in tree.diagnostics if found.fault in _LEFT_OUT)
    return next(left_out, None)


def accepted(tree: Tree, values: EffectiveValues) -> bool | None:
    """Tell whether ``httpd -t`` would exit with 0; None when it was not read to its end."""
    if not values.accepted:
        return False
    return None if incomplete(tree) is not None else True


def _members(values: dict[str, object]) -> str:
    return ",\n".join(f"{quote(key)}: {json.dumps(value)}" for key, value in values.items())


def _before(tree: Tree, values: EffectiveValues) -> dict[str, object]:
    return {
        "schema": SCHEMA,
        "target": tree.target.name,
        "version": ".".join(map(str, tree.target.version)),
        "conf": tree.sources[0].path,
        "server_root": tree.server_root,
        "mpm": values.mpm.value,
        "modules": [
            {"name": module.name, "linkage": module.linkage.value}
            for module in tree.modules.values()
        ],
    }


def _after(tree: Tree, values: EffectiveValues) -> dict[str, object]:
    why = incomplete(tree)
    unknown = [{"what": "accepted", "why": why}] if why and values.accepted else []
    said = [found for found in values.messages if found.level is not Level.INFO]
    quiet = [found for found in values.messages if found.level is Level.INFO]
    notes = (found for found in tree.diagnostics if found.level is Level.NOTE)
    return {
        "effective": {setting.directive: setting.value for setting in values.settings},
        "check_config": dict(values.corrected.effective),
        "messages": _said(said),
        "accepted": accepted(tree, values),
        "errors": _said(values.errors[:1]),
        "further_errors": _said(values.errors[1 : 1 + _MOST_FURTHER]),
        "further_errors_total": max(0, len(values.errors) - 1),
        "notes": _said((*quiet, *notes)),
        "unknown": unknown,
    }


def _said(diagnostics: Iterable[Diagnostic]) -> list[dict[str, object]]:
    return [
        {
            "id": found.id or None,
            "level": found.level.value,
            "text": decoded(found.text),
            "file": found.file or None,
            "line": found.line or None,
            "note": found.note,
        }
        for found in diagnostics
    ]


class _Directives:
    """The lines of a tree; what many directives share is written once and kept."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._text = DirectiveText(frozenset(tree.modules))
        self._names: dict[str, str] = {}
        self._contexts: dict[int, str] = {}
        self._origins: dict[int, str] = {}

    def lines(self) -> Iterator[str]:
        """Yield one object for each directive, in httpd's order."""
        # Hot: once for every directive.
        text, names, join = self._text, self._names, ",".join
        enclosing: Occurrence | None = None
        place, context, way = _Place(None, None), "", ""
        for occurrence in self._tree.occurrences:
            item, source, around, origin = occurrence
            if around is not enclosing:
                enclosing, context = around, self._context(around)
            if place.source is not source or place.origin is not origin:
                place, way = _Place(source, origin), self._origin(origin)
            name = names.get(item.spelling)
            if name is None:
                name = names[item.spelling] = quote(text.name(occurrence))
            words, raw = text.arguments(occurrence)
            yield (
                f'{{"name":{name},"args":[{join(map(quote, words))}],"raw_args":{quote(raw)},'
                f'{place.of(item)},"context":[{context}],"origin":[{way}]}}'
            )

    def _context(self, section: Occurrence | None) -> str:
        if section is None:
            return ""
        known = self._contexts.get(id(section))
        if known is None:
            around = self._context(section.enclosing)
            shown = quote(self._section(section))
            known = self._contexts[id(section)] = f"{around},{shown}" if around else shown
        return known

    def _section(self, section: Occurrence) -> str:
        """Show a section as its context is named: ``VirtualHost *:80``."""
        raw = self._text.raw(section)
        argument = section_argument(raw)
        name = self._text.name(section).removeprefix("<")
        return f"{name} {raw if argument is None else argument}".strip()

    def _origin(self, origin: Origin | None) -> str:
        if origin is None:
            return ""
        known = self._origins.get(id(origin))
        if known is None:
            via = origin.via
            before = self._origin(via.origin)
            shown = f"{self._text.name(via)} {self._text.raw(via)}"
            step = (
                f'{{"directive":{quote(shown)},"file":{quote(via.source.path)},"line":{via.line},'
                f'"last_line":{via.last_line}}}'
            )
            known = self._origins[id(origin)] = f"{before},{step}" if before else step
        return known


class _Place:
    """Where the directives of one file, or of one use of a macro, stand."""

    def __init__(self, source: Source | None, origin: Origin | None) -> None:
        self.source = source
        self.origin = origin
        self._ends = source.line_ends if source is not None else ()
        self._expansion = origin.expansion if origin is not None else None
        path = source.path if source is not None else ""
        self._file = quote(self._expansion.name if self._expansion else path)
        self._written = quote(path)

    def of(self, item: Item) -> str:
        """Write file and lines as httpd reports them; of a macro, also where its body is."""
        before = bisect_right(self._ends, item[4] - 1)
        line = before + 1
        if self._expansion is None:
            # On a line of its own, as nearly all are, unless it is the last of the file.
            if line < len(self._ends) and self._ends[before] == item[6] - 1:
                return f'"file":{self._file},"line":{line},"last_line":{line}'
            assert self.source is not None
            last = self.source.last_line_of(item)
            return f'"file":{self._file},"line":{line},"last_line":{last}'
        number = bisect_right(self._expansion.starts, item.start)
        return (
            f'"file":{self._file},"line":{number},"last_line":{number},'
            f'"written":{{"file":{self._written},"line":{line}}}'
        )
