"""Which rules run, and what is made of their findings: profile, codes, files, severities."""

from __future__ import annotations

from fnmatch import fnmatchcase
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from mpmtune.errors import UsageError
from mpmtune.lint.profiles import Profile
from mpmtune.lint.suppressions import means

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from mpmtune.lint.engine import Report
    from mpmtune.lint.listing import Listing
    from mpmtune.model.finding import Finding, Severity


class Selection(NamedTuple):
    """A choice of rules.

    Attributes:
        profile: Gives the rules where ``select`` is empty, and the thresholds.
        select: Codes, prefixes of codes or names: these rules and no others.
        ignore: The same: these rules not.
        ignore_in: Pattern of shown paths → rules that are not reported there.
        severities: Code, prefix or name → another severity.
    """

    profile: Profile = Profile.DEFAULT
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    ignore_in: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    severities: Mapping[str, Severity] = MappingProxyType({})

    def rules(self, known: Sequence[Listing]) -> tuple[Listing, ...]:
        """Give the rules that run.

        Raises:
            UsageError: for a word that is no rule's code, prefix or name.
        """
        for word in self._words():
            if not any(means(word, rule.code, rule.name) for rule in known):
                raise UsageError(
                    f"{word} is no code, prefix or name of a rule.",
                    "mpmtune explain CODE shows a rule; docs/rules lists them all.",
                )
        return tuple(rule for rule in known if self._takes(rule))

    def refine(self, report: Report) -> Report:
        """Leave out what is not reported in its file, and set the severities that were asked for."""
        if not self.ignore_in and not self.severities:
            return report
        kept = (finding for finding in report.findings if not self._ignored(finding))
        return report._replace(findings=tuple(self._graded(finding) for finding in kept))

    def _takes(self, rule: Listing) -> bool:
        if _any_means(self.ignore, rule.code, rule.name):
            return False
        if self.select:
            return _any_means(self.select, rule.code, rule.name)
        return self.profile.takes(rule)

    def _ignored(self, finding: Finding) -> bool:
        return any(
            fnmatchcase(finding.file, pattern) and _any_means(words, finding.code, finding.name)
            for pattern, words in self.ignore_in.items()
        )

    def _graded(self, finding: Finding) -> Finding:
        for word, severity in self.severities.items():
            if means(word, finding.code, finding.name):
                return finding._replace(severity=severity)
        return finding

    def _words(self) -> Iterator[str]:
        yield from self.select
        yield from self.ignore
        yield from self.severities
        for words in self.ignore_in.values():
            yield from words


def _any_means(words: Iterable[str], code: str, name: str) -> bool:
    return any(means(word, code, name) for word in words)
