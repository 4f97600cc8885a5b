"""Rules made for a test, and texts checked with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mpmtune.lint.engine import Checks, Report, check
from mpmtune.lint.listing import Listing, listing_of
from mpmtune.lint.rule import Example, HostRule, Rule
from mpmtune.model.finding import Severity, Violation
from tests.lint.example_readings import reading_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.lint.rule import AnyRule, Hits
    from mpmtune.model.config import Tree


class Own(Listing):
    """The entry of a rule that is in no file."""

    made: dict[str, AnyRule] = {}  # noqa: RUF012 - by code, for the length of a test run

    def load(self) -> AnyRule:
        """Give the rule."""
        return self.made[self.code]


def listed(rule: AnyRule) -> Listing:
    """Make the entry of a rule made for a test."""
    Own.made[rule.code] = rule
    return Own(*listing_of(rule))


def each(tree: Tree, hits: Hits, *_: object) -> Iterator[Violation]:
    """A check that yields all that it is called with."""
    del tree
    for hit in hits:
        yield Violation(hit, f"here is {hit.item.spelling}")
    for fault in hits.faults:
        yield Violation(fault, f"here is {fault.fault.value}")


def a_rule(code: str = "KAL299", **more: Any) -> Rule:
    """A rule that flags every Timeout, unless told otherwise."""
    values = {
        "name": f"rule-{code.lower()}",
        "severity": Severity.WARNING,
        "on": ("timeout",),
        "examples": (),
        "since": "0.1.0",
        "check": each,
    }
    return Rule(code=code, **(values | more))


def a_host_rule(code: str = "MPM098", **more: Any) -> HostRule:
    """The same for a rule that needs facts."""
    values = {
        "name": f"rule-{code.lower()}",
        "severity": Severity.WARNING,
        "on": ("timeout",),
        "examples": (),
        "since": "0.1.0",
        "check": each,
    }
    return HostRule(code=code, **(values | more))


def checked(text: str, *rules: AnyRule, example: Example | None = None, **more: Any) -> Report:
    """Check a text with some rules; the example says what is around it."""
    listings = [listed(rule) for rule in rules]
    return check([reading_of(example or Example(), text)], Checks(listings, **more))


def places(report: Report) -> list[tuple[str, int]]:
    """Code and line of each finding."""
    return [(finding.code, finding.line) for finding in report.findings]
