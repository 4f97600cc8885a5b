"""From trees to findings: call each rule once with what it subscribed to, place what it says."""

from __future__ import annotations

from collections import Counter
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from mpmtune.httpd.names import modern
from mpmtune.lint.listing import HOST_RULE, SUPPRESSION_RULE
from mpmtune.lint.placing import place
from mpmtune.lint.profiles import Thresholds
from mpmtune.lint.rule import Rule, Scope, SuppressionRule
from mpmtune.lint.suppressions import Vocabulary, sift
from mpmtune.lint.view import View
from mpmtune.model.config import Occurrence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from mpmtune.httpd.overrides import Overrides
    from mpmtune.lint.listing import Listing
    from mpmtune.lint.rule import AnyRule
    from mpmtune.lint.suppressions import Suppression
    from mpmtune.model.config import Source, Tree
    from mpmtune.model.facts import Facts
    from mpmtune.model.finding import Finding, Severity, Violation


class Reading(NamedTuple):
    """A configuration that was read, once for each MPM that it could run under.

    Attributes:
        trees: The same text; more than one only where the MPM is unknown.
        scope: How much of the configuration it is.
        shown: Path of a source → path as a reader sees it.
        only: Shown paths of the files that are asked about; None for all.
        overrides: What a .htaccess may hold, where its place in a configuration is known.
        mentioned: Sources of another reading that findings may name, with their shown paths.
        belongs: Path of a file → path as the configuration names it, where it is a copy.
    """

    trees: tuple[Tree, ...]
    scope: Scope = Scope.WHOLE
    shown: Callable[[str], str] = str
    only: frozenset[str] | None = None
    overrides: Overrides | None = None
    mentioned: Mapping[Source, str] = MappingProxyType({})
    belongs: Callable[[str], str] = str

    @property
    def names(self) -> dict[Source, str]:
        """Each source that was read, with its shown path."""
        return {s: self.shown(s.path) for tree in self.trees for s in tree.sources}


class Checks(NamedTuple):
    """What is checked, and with what.

    Attributes:
        rules: The rules that run.
        known: All rules there are: a suppression may name one that does not run.
        thresholds: Numbers of the profile.
        facts: The machine, for host rules; None where it is not known.
    """

    rules: Sequence[Listing]
    known: Sequence[Listing] = ()
    thresholds: Thresholds = Thresholds()
    facts: Facts | None = None

    def can_run(self, listing: Listing) -> bool:
        """Tell whether a rule has the facts that it needs."""
        return self.facts is not None or listing.kind != HOST_RULE


class Report(NamedTuple):
    """What came of it.

    Attributes:
        findings: Sorted by file, place and code.
        suppressed: What a comment suppresses, in the same order.
        known: What a baseline holds.
        files: Every file read, as shown.
        directives: Number of directives in force.
        host_rules_left_out: Host rules that had no facts.
        names: Each source, with its shown path.
    """

    findings: tuple[Finding, ...]
    suppressed: tuple[Finding, ...] = ()
    known: tuple[Finding, ...] = ()
    files: tuple[str, ...] = ()
    directives: int = 0
    host_rules_left_out: int = 0
    names: Mapping[Source, str] = MappingProxyType({})

    def how_many(self, severity: Severity) -> int:
        """Count the findings of a severity."""
        return sum(finding.severity is severity for finding in self.findings)


def check(readings: Sequence[Reading], checks: Checks) -> Report:
    """Run the rules over all readings; a line that several of them share is reported once."""
    names = {
        source: name
        for reading in readings
        for source, name in (*reading.mentioned.items(), *reading.names.items())
    }
    found: dict[tuple[object, ...], Finding] = {}
    for reading in readings:
        for finding in _check_one(reading, checks, names):
            if reading.only is None or finding.file in reading.only:
                found.setdefault((*_where(finding), finding.message), finding)
    vocabulary = Vocabulary(
        known=tuple((listing.code, listing.name) for listing in checks.known or checks.rules),
        judged=_judged(readings, checks),
    )
    asked = _asked(readings)
    sifted = sift(found.values(), asked.values(), vocabulary)
    about = _about_suppressions(sifted.comments, checks, names)
    return Report(
        findings=_numbered([*sifted.kept, *about]),
        suppressed=_numbered(sifted.suppressed),
        files=tuple(asked),
        directives=sum(len(reading.trees[0].occurrences) for reading in readings),
        host_rules_left_out=_host_rules_left_out(checks),
        names=names,
    )


def _asked(readings: Sequence[Reading]) -> dict[str, Source]:
    """Give the files that are asked about, by shown path."""
    return {
        name: source
        for reading in readings
        for source, name in reading.names.items()
        if reading.only is None or name in reading.only
    }


def _check_one(reading: Reading, checks: Checks, names: Mapping[Source, str]) -> Iterator[Finding]:
    """Check one configuration.

    Where it was read for several MPMs, a finding counts when every reading gives it in which
    its line is in force: what is wrong in one ``<IfModule mpm_*>`` is wrong there, and what is
    written for all MPMs must be wrong under each.
    """
    results = [
        [(v, place(v, rule, view, names)) for view, rule, v in _violations(tree, reading, checks)]
        for tree in reading.trees
    ]
    places = [{_where(finding) for _, finding in result} for result in results]
    told: set[tuple[object, ...]] = set()
    for result, these in zip(results, places, strict=True):
        for violation, finding in result:
            where = _where(finding)
            if where not in told and all(
                where in given or not _in_force(violation, tree)
                for given, tree in zip(places, reading.trees, strict=True)
            ):
                yield finding
        told |= these


def _where(finding: Finding) -> tuple[object, ...]:
    passage = finding.passage
    return (finding.code, finding.file, *(passage[1:] if passage else ()))


def _in_force(violation: Violation, tree: Tree) -> bool:
    at = violation.at
    if not isinstance(at, Occurrence):
        return True
    return any(
        other.item.start == at.item.start and other.source.path == at.source.path
        for other in tree.by_name.get(modern(at.item.name), ())
    )


def _violations(
    tree: Tree, reading: Reading, checks: Checks
) -> Iterator[tuple[View, AnyRule, Violation]]:
    view = View(tree, reading.scope, checks.thresholds, reading.overrides)
    for listing in checks.rules:
        if listing.kind == SUPPRESSION_RULE or not checks.can_run(listing):
            continue
        if view.may_call(listing):
            rule = listing.load()
            for violation in _say(rule, view, checks.facts):
                yield view, rule, violation


def _say(rule: AnyRule, view: View, facts: Facts | None) -> Iterable[Violation]:
    """Call a rule with what it subscribed to, if that is there."""
    assert not isinstance(rule, SuppressionRule)
    hits = view.hits(rule)
    if hits is None:
        return ()
    if isinstance(rule, Rule):
        return rule.check(view.tree, hits)
    assert facts is not None
    return rule.check(view.tree, hits, facts)


def _about_suppressions(
    comments: Sequence[Suppression], checks: Checks, names: Mapping[Source, str]
) -> Iterator[Finding]:
    for listing in checks.rules:
        if comments and listing.kind == SUPPRESSION_RULE:
            rule = listing.load()
            assert isinstance(rule, SuppressionRule)
            for violation in rule.check(comments):
                yield place(violation, rule, None, names)


def _judged(readings: Sequence[Reading], checks: Checks) -> frozenset[str]:
    """Give the codes of the rules that really ran, wherever they could have spoken."""
    whole = all(reading.scope is Scope.WHOLE for reading in readings)
    return frozenset(
        listing.code
        for listing in checks.rules
        if (whole or not listing.whole_tree) and checks.can_run(listing)
    )


def _numbered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sort by file, place and code, and count those that are alike."""
    seen: Counter[tuple[str, ...]] = Counter()
    numbered = []
    for finding in sorted(findings, key=_order):
        numbered.append(finding._replace(ordinal=seen[finding.identity]))
        seen[finding.identity] += 1
    return tuple(numbered)


def _order(finding: Finding) -> tuple[str, int, str, str]:
    start = finding.passage.start if finding.passage else -1
    return (finding.file, start, finding.code, finding.message)


def _host_rules_left_out(checks: Checks) -> int:
    return sum(not checks.can_run(listing) for listing in checks.rules)
