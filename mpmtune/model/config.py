"""A configuration as httpd reads it: sources, items, occurrences, the tree, and what is wrong."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from mpmtune.model.fault import Fault, Level
from mpmtune.model.target import Target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from mpmtune.model.httpd import Module


__all__ = [
    "Diagnostic",
    "Expansion",
    "Fault",
    "Item",
    "ItemKind",
    "Level",
    "Occurrence",
    "Origin",
    "Source",
    "Target",
    "Tree",
]

_LINE_FEED = re.compile(r"\n")
_CONTINUED_END = re.compile(r"(?<!\\)(\\+)((?:\r?\n)+)\Z")


class ItemKind(Enum):
    """What a logical line is to httpd."""

    BLANK = "blank"
    COMMENT = "comment"
    DIRECTIVE = "directive"
    OPEN = "open"
    CLOSE = "close"


class Item(NamedTuple):
    """One logical line; a NamedTuple because a tree holds hundreds of thousands.

    Attributes:
        kind: What it is.
        name: Folded and interned. A section has its bracket, as in httpd's command table:
            ``<virtualhost``, and ``</virtualhost`` where it ends. Empty for blanks and comments.
        spelling: The name as typed, with its bracket.
        args: Raw text after the name, blanks around it gone, continued lines joined, quotes as
            written; for a section with its closing ``>``, as httpd holds it. Split it with
            ``httpd.words``. For a comment, the text from its ``#``.
        start: Offset of the first character of the line in the source, its blanks included.
        args_start: Offset of ``args``; -1 where there are none, or where a ``${}`` or a macro made
            them, so that no edit can be derived from them.
        end: Offset after the line's end, so that the spans of all items join to the source.
    """

    kind: ItemKind
    name: str
    spelling: str
    args: str
    start: int
    args_start: int
    end: int


@dataclass(frozen=True, eq=False)
class Source:
    """A file as it was read: one character per byte (latin-1), and its items.

    ``path`` is the name that httpd gives the file. The line table is built when the first
    position is asked for.
    """

    path: str
    text: str
    items: Sequence[Item]
    diagnostics: tuple[Diagnostic, ...] = ()

    @cached_property
    def line_ends(self) -> Sequence[int]:
        """Offsets of all line feeds."""
        return [match.start() for match in _LINE_FEED.finditer(self.text)]

    def line_of(self, offset: int) -> int:
        """Give the physical line, from 1, that holds the character at ``offset``."""
        return bisect_right(self.line_ends, offset - 1) + 1

    def place(self, offset: int) -> tuple[int, int]:
        """Give line and column, both from 1; columns count characters where the line is UTF-8."""
        start = self.text.rfind("\n", 0, offset) + 1
        before = self.text[start:offset].encode("latin-1").decode("utf-8", "replace")
        return self.line_of(offset), len(before) + 1

    def text_start(self, item: Item) -> int:
        """Give the offset of the first character of an item that is no blank."""
        line = self.text[item.start : item.end]
        return item.start + len(line) - len(line.lstrip(" \t\n\v\f\r"))

    def last_line_of(self, item: Item) -> int:
        """Give the last physical line of an item: the one that httpd reports.

        Where the file ends in a continuation, httpd has asked for one line more.
        """
        last = self.line_of(max(item.start, item.end - 1))
        return last + 1 if item.end == len(self.text) and self._wants_more else last

    @cached_property
    def _wants_more(self) -> bool:
        # Each line's end after the backslashes takes one of them (util.c: ap_cfg_getline_core).
        tail = _CONTINUED_END.search(self.text)
        return tail is not None and len(tail[1]) >= tail[2].count("\n")


class Expansion(NamedTuple):
    """What a ``Use`` put in its place.

    Attributes:
        name: The file name that httpd reports: ``macro 'm' (defined on line 1 of "F") used on
            line 9 of "G"``.
        starts: Offset in the defining source of each body line that httpd kept, ascending:
            comment lines are dropped and not counted.
    """

    name: str
    starts: Sequence[int]


class Origin(NamedTuple):
    """How the reading came to a file or a macro body."""

    via: Occurrence
    expansion: Expansion | None = None


class Occurrence(NamedTuple):
    """A directive in force, or executed while reading.

    Attributes:
        item: The effective item: ``${}`` and macro parameters replaced.
        source: Where it is written; for a macro, where its body is.
        enclosing: The section it stands in, itself an occurrence; None at server level.
            Sections that httpd resolves while reading (``<IfModule>``…) are not among them,
            except in ``Tree.written``.
        origin: The Include or Use that led here; None in the main file.
    """

    item: Item
    source: Source
    enclosing: Occurrence | None
    origin: Origin | None

    @property
    def name(self) -> str:
        """The folded name."""
        return self.item.name

    @property
    def args(self) -> str:
        """The effective text of the arguments."""
        return self.item.args

    @property
    def line(self) -> int:
        """First physical line in ``source``."""
        return self.source.line_of(self.item.start)

    @property
    def last_line(self) -> int:
        """Last physical line in ``source``; the one that httpd reports, outside of macros."""
        return self.source.last_line_of(self.item)

    @property
    def place(self) -> tuple[int, int]:
        """Line and column of its first character."""
        return self.source.place(self.source.text_start(self.item))

    @property
    def httpd_place(self) -> tuple[str, int]:
        """File and line as httpd itself reports them, the macro wording included."""
        if self.origin is None or self.origin.expansion is None:
            return self.source.path, self.last_line
        expansion = self.origin.expansion
        return expansion.name, bisect_right(expansion.starts, self.item.start)

    def sections(self) -> tuple[Occurrence, ...]:
        """Give the sections around it, outermost first."""
        return tuple(reversed(tuple(self._outward())))

    def _outward(self) -> Iterator[Occurrence]:
        section = self.enclosing
        while section is not None:
            yield section
            section = section.enclosing

    def chain(self) -> tuple[Occurrence, ...]:
        """Give the Include and Use directives that led here, from the main file inward."""
        steps: list[Occurrence] = []
        origin = self.origin
        while origin is not None:
            steps.append(origin.via)
            origin = origin.via.origin
        return tuple(reversed(steps))


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """Something wrong, or that httpd would say, while reading.

    Attributes:
        fault: Its kind.
        level: What httpd does about it.
        id: httpd's message number; empty where httpd prints none, or where it is ours.
        text: httpd's own words where it has some, without the ``Syntax error on line`` prefix.
        file: As httpd reports it; empty when it belongs to no file.
        line: As httpd reports it: the last physical line; 0 when it belongs to none.
        source: Where it is written, for a position; None when it belongs to no file.
        start: Span in ``source``.
        end: Span in ``source``.
        note: What we can add to httpd's words; may be empty.
        occurrence: The directive that it is about, where there is one.
    """

    fault: Fault
    level: Level
    id: str
    text: str
    file: str = ""
    line: int = 0
    source: Source | None = None
    start: int = 0
    end: int = 0
    note: str = ""
    occurrence: Occurrence | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, eq=False)
class Tree:
    """A configuration after httpd's reading pass; built once by ``confparse.evaluate``.

    Attributes:
        sources: Every file read, in the order of reading.
        occurrences: What httpd keeps, in its own order: directives and sections (closing tags
            and what is executed while reading are not among them).
        by_name: Folded name → occurrences, those executed while reading included (``include``,
            ``loadmodule``, ``define``, ``<ifmodule``…); old spellings stand under the modern
            name.
        written: The same for all text, false sections included; filled only when asked for.
        diagnostics: In the order httpd would meet them; the first error is where it stops.
        target: What was assumed.
        modules: Loaded modules by identifier, in httpd's order.
        defines: Names and values defined at the end of the reading.
        server_root: ServerRoot at the end of the reading.
        is_directory: Tells of an absolute path whether it is a directory, None where that is not
            known; None itself where the configuration is not that of the machine asked.
    """

    sources: tuple[Source, ...]
    occurrences: Sequence[Occurrence]
    by_name: Mapping[str, Sequence[Occurrence]]
    diagnostics: tuple[Diagnostic, ...]
    target: Target
    modules: Mapping[str, Module]
    defines: Mapping[str, str]
    server_root: str
    written: Mapping[str, Sequence[Occurrence]] = field(default_factory=dict)
    is_directory: Callable[[str], bool | None] | None = None

    def last(self, name: str) -> Occurrence | None:
        """Give the last occurrence of a folded name outside of sections: httpd lets it win."""
        found = self.by_name.get(name, ())
        return next((o for o in reversed(found) if o.enclosing is None), None)
