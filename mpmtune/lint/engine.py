"""From trees to findings: call each rule once with what it subscribed to, place what it says."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from mpmtune.httpd.names import modern
from mpmtune.lint.placing import place
from mpmtune.lint.profiles import Thresholds
from mpmtune.lint.rule import HostRule, Rule, Scope, SuppressionRule
from mpmtune.lint.suppressions import Vocabulary, sift
from mpmtune.lint.view import View
from mpmtune.model.config import Occurrence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from mpmtune.lint.rule import AnyRule
    from mpmtune.lint.suppressions import Suppression
    from mpmtune.model.config import Tree
    from mpmtune.model.facts import Facts
    from mpmtune.model.finding import Finding, Severity, Violation


@dataclass(frozen=True, slots=True)
class Reading:
    """A configuration that was read, once for each MPM that it could run under.

    Attributes:
        trees: The same text; more than one only where the MPM is unknown.
        scope: How much of the configuration it is.
    """

    trees: tuple[Tree, ...]
    scope: Scope = Scope.WHOLE


@dataclass(frozen=True, slots=True)
class Checks:
    """What is checked, and with what.

    Attributes:
        rules: The rules that run.
        known: All rules there are: a suppression may name one that does not run.
        thresholds: Numbers of the profile.
        facts: The machine, for host rules; None where it is not known.
        shown: Path of a source → path as a reader sees it.
    """

    rules: Sequence[AnyRule]
    known: Sequence[AnyRule] = ()
    thresholds: Thresholds = field(default_factory=Thresholds)
    facts: Facts | None = None
    shown: Callable[[str], str] = str


@dataclass(frozen=True, slots=True)
class Report:
    """What came of it.

    Attributes:
        findings: Sorted by file, place and code.
        suppressed: What a comment suppresses, in the same order.
        files: Every file read, as shown.
        directives: Number of directives in force.
        host_rules_left_out: Host rules that had no facts.
        shown: Path of a source → path as a reader sees it.
    """

    findings: tuple[Finding, ...]
    suppressed: tuple[Finding, ...] = ()
    files: tuple[str, ...] = ()
    directives: int = 0
    host_rules_left_out: int = 0
    shown: Callable[[str], str] = str

    def count(self, severity: Severity) -> int:
        """Count the findings of a severity."""
        return sum(finding.severity is severity for finding in self.findings)


def check(readings: Sequence[Reading], checks: Checks) -> Report:
    """Run the rules over all readings; a line that several of them share is reported once."""
    found: dict[tuple[object, ...], Finding] = {}
    for reading in readings:
        for finding in _check_one(reading, checks):
            found.setdefault((*_where(finding), finding.message), finding)
    sources = {s.path: s for r in readings for t in r.trees for s in t.sources}
    vocabulary = Vocabulary(
        known=tuple((rule.code, rule.name) for rule in checks.known or checks.rules),
        judged=_judged(readings, checks),
    )
    sifted = sift(found.values(), sources.values(), vocabulary)
    about = _about_suppressions(sifted.comments, checks)
    return Report(
        findings=_numbered([*sifted.kept, *about]),
        suppressed=_numbered(sifted.suppressed),
        files=tuple(checks.shown(path) for path in sources),
        directives=sum(len(reading.trees[0].occurrences) for reading in readings),
        host_rules_left_out=_host_rules_left_out(checks),
        shown=checks.shown,
    )


def _check_one(reading: Reading, checks: Checks) -> Iterator[Finding]:
    """Check one configuration.

    Where it was read for several MPMs, a finding counts when every reading gives it in which
    its line is in force: what is wrong in one ``<IfModule mpm_*>`` is wrong there, and what is
    written for all MPMs must be wrong under each.
    """
    results = [list(_findings(tree, reading.scope, checks)) for tree in reading.trees]
    places = [{_where(finding) for _, finding in result} for result in results]
    for result in results:
        for violation, finding in result:
            where = _where(finding)
            if all(
                where in given or not _in_force(violation, tree)
                for given, tree in zip(places, reading.trees, strict=True)
            ):
                yield finding


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


def _findings(tree: Tree, scope: Scope, checks: Checks) -> Iterator[tuple[Violation, Finding]]:
    view = View(tree, scope, checks.thresholds)
    for rule in checks.rules:
        for violation in _violations(rule, view, checks.facts):
            yield violation, place(violation, rule, view, checks.shown)


def _violations(rule: AnyRule, view: View, facts: Facts | None) -> Iterable[Violation]:
    if isinstance(rule, SuppressionRule) or (isinstance(rule, HostRule) and facts is None):
        return ()
    hits = view.hits(rule)
    if hits is None:
        return ()
    if isinstance(rule, Rule):
        return rule.check(view.tree, hits)
    assert facts is not None
    return rule.check(view.tree, hits, facts)


def _about_suppressions(comments: Sequence[Suppression], checks: Checks) -> Iterator[Finding]:
    for rule in checks.rules:
        if isinstance(rule, SuppressionRule):
            for violation in rule.check(comments):
                yield place(violation, rule, None, checks.shown)


def _judged(readings: Sequence[Reading], checks: Checks) -> frozenset[str]:
    """Give the codes of the rules that really ran, wherever they could have spoken."""
    whole = all(reading.scope is Scope.WHOLE for reading in readings)
    return frozenset(
        rule.code
        for rule in checks.rules
        if not isinstance(rule, SuppressionRule)
        and (whole or not rule.whole_tree)
        and (isinstance(rule, Rule) or checks.facts is not None)
    )


def _numbered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sort by file, place and code, and count those that are alike."""
    seen: Counter[tuple[str, ...]] = Counter()
    numbered = []
    for finding in sorted(findings, key=_order):
        numbered.append(replace(finding, ordinal=seen[finding.identity]))
        seen[finding.identity] += 1
    return tuple(numbered)


def _order(finding: Finding) -> tuple[str, int, str, str]:
    start = finding.passage.start if finding.passage else -1
    return (finding.file, start, finding.code, finding.message)


def _host_rules_left_out(checks: Checks) -> int:
    return sum(isinstance(rule, HostRule) for rule in checks.rules) if not checks.facts else 0
