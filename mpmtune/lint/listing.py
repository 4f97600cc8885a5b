"""What must be known of a rule to decide whether it is called, without importing its file."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from mpmtune.lint import rules

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mpmtune.lint.rule import AnyRule

RULE, HOST_RULE, SUPPRESSION_RULE = "rule", "host rule", "suppression rule"
EVERY_DIRECTIVE, EVERY_SOURCE = "directive", "source"


class Listing(NamedTuple):
    """A rule's entry in the index; the fields are constants, so that the index loads at once.

    Attributes:
        code: Its code.
        name: Its name.
        kind: ``RULE``, ``HOST_RULE`` or ``SUPPRESSION_RULE``.
        by_default: As in the rule.
        cis: Whether it has a number in the CIS benchmark.
        stig: Whether it has a number in the STIG.
        on: Names it subscribes to, or ``EVERY_DIRECTIVE`` or ``EVERY_SOURCE``.
        faults: Values of the faults that it is called with.
        written: It looks at false sections too.
        when_absent: As in the rule.
        whole_tree: As in the rule.
    """

    code: str
    name: str
    kind: str
    by_default: bool
    cis: bool
    stig: bool
    on: tuple[str, ...] | str
    faults: tuple[str, ...]
    written: bool
    when_absent: bool
    whole_tree: bool

    @property
    def family(self) -> str:
        """``mpm`` of ``MPM004``."""
        return self.code[:3].lower()

    def load(self) -> AnyRule:
        """Import the rule."""
        rule: AnyRule = import_module(module_name(self.code, self.name)).RULE
        return rule


def written_names(listings: Iterable[Listing]) -> frozenset[str]:
    """Give the names that rules want to see in false sections too."""
    wanted = (listing.on for listing in listings if listing.written)
    return frozenset(name for names in wanted if not isinstance(names, str) for name in names)


def module_name(code: str, name: str) -> str:
    """Give the module that holds a rule: its docstring is the rule's documentation."""
    file = name.replace("-", "_").replace(".", "_")
    return f"{rules.__name__}.{code[:3].lower()}.{file}"


def listing_of(rule: AnyRule) -> Listing:
    """Make the entry of a rule."""
    from mpmtune.lint.rule import Every, HostRule, Over, SuppressionRule

    if isinstance(rule, SuppressionRule):
        return Listing(
            *(
                rule.code,
                rule.name,
                SUPPRESSION_RULE,
                rule.by_default,
                bool(rule.cis),
                bool(rule.stig),
            ),
            *((), (), False, False, False),
        )
    return Listing(
        rule.code,
        rule.name,
        HOST_RULE if isinstance(rule, HostRule) else RULE,
        rule.by_default,
        bool(rule.cis),
        bool(rule.stig),
        rule.on.name.lower() if isinstance(rule.on, Every) else rule.on,
        tuple(sorted(fault.value for fault in rule.faults)),
        rule.over is Over.WRITTEN,
        rule.when_absent,
        rule.whole_tree,
    )
