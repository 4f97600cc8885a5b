"""What httpd knows while it reads: one mutable state for one pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mpmtune.confparse.budget import Budget, Exhausted
from mpmtune.confparse.lines import logical_line
from mpmtune.confparse.modules import Modules
from mpmtune.confparse.paths import merge
from mpmtune.confparse.variables import Variables
from mpmtune.httpd.names import MODERN
from mpmtune.model.config import Diagnostic, Fault, Level, Occurrence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.confparse.macros import Macro
    from mpmtune.confparse.refusal import Refusal
    from mpmtune.confparse.start import Start
    from mpmtune.host.doorway import Files
    from mpmtune.model.config import Item, Origin, Source


# What we do not read although httpd would.
OURS = frozenset({Fault.LIMIT, Fault.INCLUDE_OUTSIDE_ROOT})


class Stream:
    """A file or a macro body that is being read (an ap_configfile_t).

    Attributes:
        source: Where its lines are written.
        name: What httpd calls it.
        rest: The items that are left.
        origin: How the reading came here.
        raw: For a macro, its lines by the offset where they are written; None for a file.
    """

    __slots__ = ("name", "origin", "raw", "rest", "source")

    def __init__(
        self,
        source: Source,
        name: str,
        rest: Iterator[Item],
        origin: Origin | None,
        raw: dict[int, str] | None = None,
    ) -> None:
        self.source = source
        self.name = name
        self.rest = rest
        self.origin = origin
        self.raw = raw


class Condition(NamedTuple):
    """A true section that is open: ap_build_cont_config at work.

    Attributes:
        closing: Folded name of the tag that ends it.
        outside: The section around it; those opened inside must be closed first.
        occurrence: Where it begins.
    """

    closing: str
    outside: Occurrence | None
    occurrence: Occurrence


class OpenFile:
    """One file with what is put in its place: macros are read as a part of it (cmd_parms).

    Attributes:
        path: The file.
        origin: The Include that named it; None for the main file.
        outside: The section in which it is included.
        depth: How many Includes led here.
        streams: The file itself, and above it the macro bodies in use; None before it is opened.
        conditions: True sections that are open in it.
    """

    __slots__ = ("conditions", "depth", "origin", "outside", "path", "streams")

    def __init__(
        self, path: str, origin: Origin | None, outside: Occurrence | None, depth: int
    ) -> None:
        self.path = path
        self.origin = origin
        self.outside = outside
        self.depth = depth
        self.streams: list[Stream] | None = None
        self.conditions: list[Condition] = []

    @property
    def floor(self) -> Occurrence | None:
        """The section that a closing tag may not reach beyond."""
        return self.conditions[-1].outside if self.conditions else self.outside


def remaining(file: OpenFile) -> Iterator[tuple[Stream, Item]]:
    """Yield the items that are left of a file, of macros in use first, each with its stream."""
    while file.streams:
        stream = file.streams[-1]
        for item in stream.rest:
            yield stream, item
        file.streams.pop()


def raw_line(stream: Stream, item: Item) -> str:
    """Give the logical line of an item as httpd read it."""
    if stream.raw is None:
        return logical_line(stream.source.text, item.start).text
    return stream.raw[item.start]


class ByName(dict[str, list[Occurrence]]):
    """Occurrences by name; an old spelling shares the list of its modern name."""

    def __missing__(self, name: str) -> list[Occurrence]:
        modern = MODERN.get(name, name)
        found = self[name] = [] if modern == name else self[modern]
        return found

    def without_old_names(self) -> dict[str, list[Occurrence]]:
        """Give the index under modern names alone."""
        return {name: found for name, found in self.items() if name not in MODERN and found}


class Reading:
    """The state of the pass.

    Attributes:
        server_root: As set so far.
        macros: None until the first ``<Macro>``: ``Use`` minds the difference.
        quiet: Advice of mod_macro that is off for the rest: ``empty``, ``nesting``.
        enclosing: The innermost open section.
        opened: The files that are being read, innermost last.
        blocked: Files that were found to include themselves without end, by identity.
        ended: A limit is hit.
    """

    def __init__(self, files: Files, start: Start) -> None:
        target = start.target
        environment = target.environment if start.environment is None else start.environment
        self.files = files
        self.start = start
        self.target = target
        self.variables = Variables((*target.defines, *start.defines), environment)
        self.modules = Modules(target, start.mpm)
        self.server_root = merge("/", start.server_root or target.server_root)
        self.macros: dict[str, Macro] | None = None
        self.quiet: set[str] = set()
        self.enclosing: Occurrence | None = None
        self.opened: list[OpenFile] = []
        self.blocked: set[str] = set()
        self.ended = False
        self.sources: dict[str, Source] = {}
        self.occurrences: list[Occurrence] = []
        self.by_name = ByName()
        self.diagnostics: list[Diagnostic] = []
        self.budget = Budget(start.limits)
        self._depths: dict[int, int] = {}

    def enter(self, section: Occurrence) -> None:
        """Go into a section that httpd keeps."""
        depth = 1 if self.enclosing is None else self._depths[id(self.enclosing)] + 1
        self._depths[id(section)] = depth
        self.enclosing = section
        if depth > self.start.limits.nesting:
            self.refuse(Exhausted(f"sections more than {depth - 1} deep"), section)

    def refuse(self, refusal: Refusal, at: Occurrence) -> None:
        """Note that httpd refuses a directive, or that a limit is hit; the reading ends then."""
        self.ended = self.ended or isinstance(refusal, Exhausted)
        level = Level.NOTE if refusal.fault in OURS else Level.ERROR
        self._note(refusal.fault, level, "", refusal.text, at, refusal.note)

    def warn(self, fault: Fault, number: str, text: str, at: Occurrence) -> None:
        """Note what httpd prints and goes on."""
        self._note(fault, Level.WARNING, number, text, at)

    def remark(self, fault: Fault, text: str, at: Occurrence) -> None:
        """Note what httpd does not say."""
        self._note(fault, Level.NOTE, "", text, at)

    def _note(  # noqa: PLR0913, PLR0917 - the parts of one value
        self, fault: Fault, level: Level, number: str, text: str, at: Occurrence, note: str = ""
    ) -> None:
        file, line = at.httpd_place
        source, item = at.source, at.item
        start = source.text_start(item)
        self.diagnostics.append(
            Diagnostic(fault, level, number, text, file, line, source, start, item.end, note, at)
        )
        most = self.start.limits.diagnostics
        if len(self.diagnostics) == most:
            self.refuse(Exhausted(f"more than {most} things to report"), at)
