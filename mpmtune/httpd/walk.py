"""The pass over the tree in which httpd runs its handlers, and what it refuses there.

config.c: ap_walk_config. It comes after the whole configuration was read, so an unknown name on
the first line is reported after a missing file on the last. httpd stops at the first refusal;
this pass goes on and gives them all, in httpd's order.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from mpmtune.httpd import arity, handlers, notices, options, placement
from mpmtune.httpd.directives import NOT_IN_LIMIT, by_name, known_modules
from mpmtune.httpd.names import modern
from mpmtune.httpd.words import split
from mpmtune.model.config import Diagnostic, Fault, Level

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from mpmtune.httpd.directives import Directive
    from mpmtune.httpd.handlers import Circumstances
    from mpmtune.httpd.placement import Context
    from mpmtune.model.config import Occurrence


# Distributions ship these newer than the httpd that loads them.
_PACKAGED_APART = frozenset({"mod_http2", "mod_md"})


class _Verdict(NamedTuple):
    """What is known of a name in a context before its arguments are looked at.

    Attributes:
        plainly_right: Tells of arguments whether they need no closer look; None when none do.
        passed: Arguments that a closer look found right; the same often stand in every host.
        row: Its row in the table; None when no loaded module has it.
        handled: The folded modern name, if ``handlers`` judges its arguments; else empty.
        noted: It may draw a notice.
        breach: The ``NOT_IN_*`` that its handler meets here.
        admitted: The flags let it stand here.
        note: What we know of a name that no loaded module has.
    """

    plainly_right: Callable[[str], object] | None
    passed: set[str]
    row: Directive | None
    handled: str = ""
    noted: bool = False
    breach: int = 0
    admitted: bool = True
    note: str = ""


def _never(_args: str) -> bool:
    return False


@dataclass(eq=False)
class Walk:
    """The pass for one configuration.

    Attributes:
        modules: Identifiers of the loaded modules.
        world: What handlers depend on.
        start: Where the file itself stands: ``placement.SERVER`` or ``placement.HTACCESS``.
    """

    modules: frozenset[str]
    world: Circumstances
    start: Context = placement.SERVER
    _verdicts: dict[int, dict[str, _Verdict]] = field(default_factory=dict)

    def diagnostics(self, occurrences: Iterable[Occurrence]) -> Iterator[Diagnostic]:
        """Yield what httpd refuses and remarks, in its order.

        Args:
            occurrences: Those of a tree: a section before its content.
        """
        enclosing: Occurrence | None = None
        context = self.start
        contexts = {id(enclosing): context}
        verdicts = self._verdicts.setdefault(id(context), {})
        for occurrence in occurrences:
            # Hot: once for every directive of the configuration.
            item, _, around, _ = occurrence
            if around is not enclosing:
                enclosing = around
                context = contexts.get(id(around)) or self._context(around)
                verdicts = self._verdicts.setdefault(id(context), {})
            name = item[1]
            if name[:1] == "<":
                contexts[id(occurrence)] = context.inside(name)
            verdict = verdicts.get(name)
            if verdict is None:
                verdict = verdicts[name] = self._verdict(name, context)
            plainly_right, passed, args = verdict[0], verdict[1], item[3]
            if plainly_right is not None and not (plainly_right(args) or args in passed):
                found = self._judge(verdict, occurrence, context)
                if found is not None:
                    yield found
                elif not verdict.noted:
                    passed.add(args)

    def _context(self, around: Occurrence | None) -> Context:
        """Give the context of a section that was not among the occurrences, or of none."""
        context = self.start
        for section in () if around is None else (*around.sections(), around):
            context = context.inside(section.name)
        return context

    def _verdict(self, name: str, context: Context) -> _Verdict:
        rows = by_name().get(name, ())
        row = next((row for row in rows if self._has(row)), None)
        if row is None:
            return self._unknown(rows, context)
        handled = modern(name) if handlers.judges(modern(name), context, self.world) else ""
        noted = notices.draws(name, context, self.world)
        breach, admitted = context.breach(row), context.admits(row)
        right = arity.PLAINLY_RIGHT.get(row.kind, _never)
        if name in arity.SECTIONS:
            right = arity.has_section_argument
        if handled in handlers.COUNT_FIRST and not context.in_directory:
            right = arity.PLAINLY_RIGHT["TAKE2"]
        elif handled:
            right = handlers.PLAINLY_RIGHT.get(handled, _never)
        if noted or breach or not admitted or (name == "options" and context.options is not None):
            right = _never
        return _Verdict(right, set(), row, handled, noted, breach, admitted)

    def _has(self, row: Directive) -> bool:
        """Tell whether a loaded module registers the directive, in this version."""
        if self.modules.isdisjoint(row.module_ids):
            return False
        if not row.since or not _PACKAGED_APART.isdisjoint(row.modules):
            return True
        return self.world.version >= _tuple(row.since)

    def _unknown(self, rows: tuple[Directive, ...], context: Context) -> _Verdict:
        """A name of no loaded module; one that a foreign module may have is left alone."""
        if "unknown" in context.nonfatal:
            return _Verdict(None, set(), None)
        homes = sorted({module for row in rows for module in row.modules})
        if homes:
            since = f" since {rows[0].since}" if rows[0].since else ""
            note = f"It is a directive of {' and '.join(homes)}{since}."
            return _Verdict(_never, set(), None, note=note)
        if rows:
            return _Verdict(_never, set(), None, note="It is documented, but not in usual builds.")
        foreign = not known_modules().issuperset(self.modules)
        return _Verdict(None if foreign else _never, set(), None)

    def _judge(
        self, verdict: _Verdict, occurrence: Occurrence, context: Context
    ) -> Diagnostic | None:
        """Do what invoke_cmd does: flags, number of arguments, then the handler."""
        row = verdict.row
        if row is None:
            text = (
                f"Invalid command '{placement.typed(occurrence)}', perhaps misspelled or defined by a module not"
                " included in the server configuration"
            )
            return refused(occurrence, Fault.UNKNOWN_COMMAND, text, verdict.note)
        if not verdict.admitted:
            if "override" in context.nonfatal:
                text = placement.passed_over(row)
                fault = Fault.NOT_ALLOWED_HERE
                return _diagnostic(occurrence, fault, Level.WARNING, "AH02295", text)
            text = placement.not_admitted(row, occurrence)
            return refused(occurrence, Fault.NOT_ALLOWED_HERE, text)
        miscounted = arity.refusal(row, split(occurrence.args))
        if miscounted:
            return refused(occurrence, Fault.ARGUMENT_COUNT, miscounted)
        return self._handle(verdict, row, occurrence, context)

    def _handle(
        self, verdict: _Verdict, row: Directive, occurrence: Occurrence, context: Context
    ) -> Diagnostic | None:
        # mod_alias looks at the number of arguments before it looks around, but for <Limit>.
        counts_first = verdict.handled in handlers.COUNT_FIRST and verdict.breach > NOT_IN_LIMIT
        if verdict.breach and not (counts_first and self._refusal(verdict, occurrence, context)):
            text = placement.cannot_occur(row, occurrence, verdict.breach)
            return refused(occurrence, Fault.NOT_ALLOWED_HERE, text)
        unfinished = arity.section_refusal(row, occurrence.args)
        if unfinished is not None:
            return refused(occurrence, *unfinished)
        refusal = self._refusal(verdict, occurrence, context)
        if refusal is not None:
            return refused(occurrence, Fault.BAD_ARGUMENT, refusal)
        said = notices.notice(occurrence, self.world, self.modules) if verdict.noted else None
        return _diagnostic(occurrence, *said) if said is not None else None

    def _refusal(self, verdict: _Verdict, occurrence: Occurrence, context: Context) -> str | None:
        if not verdict.handled:
            return None
        refusal = handlers.refusal(verdict.handled, occurrence.args, context, self.world)
        if refusal is None and occurrence.name == "options" and context.options is not None:
            return options.not_allowed(split(occurrence.args), context.options)
        return refusal


def refused(occurrence: Occurrence, fault: Fault, text: str, note: str = "") -> Diagnostic:
    """Make the diagnostic of a directive that httpd refuses: AH00526 with its place."""
    return replace(_diagnostic(occurrence, fault, Level.ERROR, "AH00526", text), note=note)


def _diagnostic(
    occurrence: Occurrence, fault: Fault, level: Level, number: str, text: str
) -> Diagnostic:
    file, line = occurrence.httpd_place
    item, source = occurrence.item, occurrence.source
    return Diagnostic(
        fault,
        level,
        number,
        text,
        file,
        line,
        source,
        item.start,
        item.end,
        occurrence=occurrence,
    )


def _tuple(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
