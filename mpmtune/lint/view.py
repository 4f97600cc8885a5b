"""A tree as rules are shown it: what each subscribed to, and nothing whose value is unknown."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from mpmtune.lint.rule import EVERY_MPM, Every, Hits, Over, Scope
from mpmtune.lint.unknown_values import branches, is_template, known_only, may_be_unknown
from mpmtune.lint.values_in_force import active_mpm, said_later
from mpmtune.model.config import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from mpmtune.httpd.overrides import Overrides
    from mpmtune.lint.listing import Listing
    from mpmtune.lint.profiles import Thresholds
    from mpmtune.lint.rule import HostRule, Rule
    from mpmtune.model.config import Diagnostic, Occurrence, Source, Tree

# A name → what was found of it, and whether something was left out.
_Seen = dict[str, tuple["Sequence[Occurrence]", bool]]


# What is wrong with the structure stays wrong with any value; the last one is about the value.
_WHATEVER_THE_VALUE = frozenset(
    {
        Fault.LINE_TOO_LONG,
        Fault.UNCLOSED_SECTION,
        Fault.STRAY_CLOSE,
        Fault.MISMATCHED_CLOSE,
        Fault.MISSING_BRACKET,
        Fault.UNCLOSED_FALSE_SECTION,
        Fault.UNCLOSED_TRUE_SECTION,
        Fault.UNDEFINED_VARIABLE,
    }
)
# What only httpd's handlers find, after everything was read.
_SAID_LATER = frozenset(
    {
        Fault.UNKNOWN_COMMAND,
        Fault.NOT_ALLOWED_HERE,
        Fault.ARGUMENT_COUNT,
        Fault.BAD_ARGUMENT,
        Fault.MPM,
        Fault.CORRECTED,
        Fault.DEPRECATED,
    }
)


class View:
    """One tree, and what has been worked out about it for the rules."""

    def __init__(
        self,
        tree: Tree,
        scope: Scope,
        thresholds: Thresholds,
        overrides: Overrides | None = None,
    ) -> None:
        self.tree = tree
        self.scope = scope
        self.overrides = overrides
        self.mpm = active_mpm(tree)
        self._thresholds = thresholds
        self._seen: dict[Over, _Seen] = {over: {} for over in Over}

    def may_call(self, listing: Listing) -> bool:
        """Tell, by its entry alone, whether a rule may have to be called."""
        if listing.whole_tree and not self._knows_enough(listing):
            return False
        if listing.when_absent or isinstance(listing.on, str):
            return True
        index = self.tree.written if listing.written else self.tree.by_name
        if any(name in index for name in listing.on):
            return True
        return bool(listing.faults) and not self._said_faults.isdisjoint(listing.faults)

    def _knows_enough(self, listing: Listing | HostRule | Rule) -> bool:
        """Tell whether a rule that needs the whole configuration can judge what was read.

        Of a .htaccess with a place in a configuration the loaded modules are known, and no more
        is asked by the family that is about them.
        """
        placed = self.overrides is not None and listing.family == "mod"
        return self.scope is Scope.WHOLE or placed

    def hits(self, rule: Rule | HostRule) -> Hits | None:
        """Give what a rule is called with; None when it is not called."""
        if not self._concerns(rule):
            return None
        hits = self._found(rule)
        wanted = hits.by_name or hits.faults or rule.when_absent or isinstance(rule.on, Every)
        if not wanted or self._undecided(rule, hits):
            return None
        return hits

    def _concerns(self, rule: Rule | HostRule) -> bool:
        version = self.tree.target.version
        return (
            (not rule.whole_tree or self._knows_enough(rule))
            and (rule.mpms == EVERY_MPM or self.mpm in rule.mpms)
            and rule.httpd_since <= version
            and (rule.httpd_until is None or version < rule.httpd_until)
        )

    def _undecided(self, rule: Rule | HostRule, hits: Hits) -> bool:
        """Whether the rule would have to judge a value, or an absence, that is unknown."""
        if hits.unknown and (rule.jointly or rule.when_absent):
            return True
        branching = self._branching
        return bool(rule.jointly and branching) and any(hit.source in branching for hit in hits)

    def _found(self, rule: Rule | HostRule) -> Hits:
        names: Iterable[str] = ()
        if rule.on is Every.DIRECTIVE:
            names = self._index(rule.over)
        elif not isinstance(rule.on, Every):
            names = rule.on
        seen = {name: self._look_up(rule.over, name) for name in names}
        return Hits(
            by_name={name: found for name, (found, _) in seen.items() if found},
            faults=self._faults_of(rule.faults) if rule.faults else (),
            unknown=frozenset(name for name, (_, left_out) in seen.items() if left_out),
            scope=self.scope,
            thresholds=self._thresholds,
            overrides=self.overrides,
        )

    def _index(self, over: Over) -> Mapping[str, Sequence[Occurrence]]:
        return self.tree.by_name if over is Over.IN_FORCE else self.tree.written

    def _look_up(self, over: Over, name: str) -> tuple[Sequence[Occurrence], bool]:
        cache = self._seen[over]
        if name not in cache:
            found = self._index(over).get(name, ())
            known = known_only(found, self._marked)
            cache[name] = (known, len(known) < len(found))
        return cache[name]

    @cached_property
    def _marked(self) -> frozenset[Source]:
        return frozenset(s for s in self.tree.sources if may_be_unknown(s.text))

    @cached_property
    def _branching(self) -> frozenset[Source]:
        return frozenset(s for s in self._marked if branches(s.text))

    @cached_property
    def _said_faults(self) -> frozenset[str]:
        return frozenset(diagnostic.fault.value for diagnostic in self._all_said)

    def _faults_of(self, kinds: frozenset[Fault]) -> tuple[Diagnostic, ...]:
        said = self._all_said if kinds & _SAID_LATER else self._said_while_reading
        return tuple(d for d in said if d.fault in kinds)

    @cached_property
    def _said_while_reading(self) -> tuple[Diagnostic, ...]:
        return tuple(d for d in self.tree.diagnostics if self._is_certain(d))

    @cached_property
    def _all_said(self) -> tuple[Diagnostic, ...]:
        """What the reader said, and what httpd's handlers would say of the tree."""
        later = said_later(self.tree, self.scope, self.overrides)
        return (*self._said_while_reading, *(d for d in later if self._is_certain(d)))

    def _is_certain(self, diagnostic: Diagnostic) -> bool:
        """Whether it holds whatever a template or a variable will put there."""
        source = diagnostic.source
        if source is None:
            return True
        if source in self._marked and (
            source in self._branching or is_template(source.text[diagnostic.start : diagnostic.end])
        ):
            return False
        if diagnostic.fault in _WHATEVER_THE_VALUE:
            return True
        return (source.path, source.line_of(diagnostic.end - 1)) not in self._undefined

    @cached_property
    def _undefined(self) -> frozenset[tuple[str, int]]:
        """File and last line of each directive with a variable that nobody defined."""
        return frozenset(
            (d.source.path, d.source.line_of(d.end - 1))
            for d in self.tree.diagnostics
            if d.fault is Fault.UNDEFINED_VARIABLE and d.source is not None
        )
