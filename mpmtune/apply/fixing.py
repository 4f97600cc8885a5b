"""Fixes of findings, carried out in memory: round after round, each proved before it counts."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmtune.apply.edited_files import EditedFiles
from mpmtune.confparse.edit import apply_edits, changes_only
from mpmtune.confparse.second_reader import Opinion, confirm
from mpmtune.lint.fixes import chosen
from mpmtune.lint.unknown_values import is_template
from mpmtune.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from mpmtune.apply.atomic import Change
    from mpmtune.host.doorway import Files
    from mpmtune.lint.engine import Report
    from mpmtune.model.config import Source
    from mpmtune.model.finding import Edit, Finding

# Each proof reads and checks everything again.
_MOST_PROOFS = 200


@dataclass(frozen=True, slots=True)
class Fixed:
    """What came of it.

    Attributes:
        changes: The files that differ, by their real paths.
        before: What was found before.
        report: What is found after them.
        done: Number of findings that were fixed.
        refused: Findings whose fix did not stand the proof, or whose file may not be changed.
    """

    changes: tuple[Change, ...]
    before: Report
    report: Report
    done: int
    refused: tuple[Finding, ...]


class Fixing:
    """One run of ``--fix``.

    Args:
        files: Where the configuration is.
        check: Lints the files that it is given.
        unsafe: Whether fixes are taken that change what httpd does.
        may_change: Tells whether a file may be changed, by its shown path.
    """

    def __init__(
        self,
        files: Files,
        check: Callable[[Files], Report],
        *,
        unsafe: bool,
        may_change: Callable[[str], bool],
    ) -> None:
        self._files = EditedFiles(files)
        self._check = check
        self._unsafe = unsafe
        self._may_change = may_change
        self._proofs_left = _MOST_PROOFS

    def run(self) -> Fixed:
        """Fix until nothing is left that can be fixed: all at once, else one after the other."""
        before = report = self._check(self._files)
        refused: dict[tuple[str, ...], Finding] = {}
        done = 0
        while self._proofs_left > 0:
            left = [f for f in self._fixable(report) if f.identity not in refused]
            if not left:
                break
            tried = left
            better = self._prove(report, tried)
            while better is None and len(tried) > 1 and self._proofs_left > 0:
                tried = tried[: len(tried) // 2]
                better = self._prove(report, tried)
            if better is None:
                refused |= {finding.identity: finding for finding in tried}
            else:
                done += len(self._taken(tried, chosen(tried, unsafe=self._unsafe)))
                report = better
        return Fixed(self._files.changes(), before, report, done, tuple(refused.values()))

    def _fixable(self, report: Report) -> list[Finding]:
        return [f for f in report.findings if f.fix and (f.fix.safe or self._unsafe)]

    def _taken(
        self, findings: Iterable[Finding], edits: Mapping[Source, Sequence[Edit]]
    ) -> list[Finding]:
        made = {_key(edit) for changes in edits.values() for edit in changes}
        return [f for f in findings if f.fix and all(_key(edit) in made for edit in f.fix.edits)]

    def _prove(self, report: Report, findings: Sequence[Finding]) -> Report | None:
        """Make the edits that do not touch each other; give the report after them if they hold."""
        self._proofs_left -= 1
        edits = chosen(findings, unsafe=self._unsafe)
        texts = self._texts(report, edits)
        if not texts:
            return None
        files = self._files.having(texts)
        after = self._check(files)
        if not _is_better(report, after, self._taken(findings, edits)):
            return None
        self._files = files
        return after

    def _texts(
        self, report: Report, edits: Mapping[Source, Sequence[Edit]]
    ) -> dict[str, bytes] | None:
        """Make the new texts; None when a reader sees more in one of them than the edits."""
        texts: dict[str, bytes] = {}
        for source, changes in edits.items():
            name = report.names[source]
            if not self._may_change(name) or is_template(source.text):
                return None
            after = apply_edits(source.text, changes)
            if not changes_only(source.text, after, changes):
                return None
            if confirm(source.text, after, changes).opinion is Opinion.DISAGREES:
                return None
            texts[os.path.realpath(name)] = after.encode("latin-1")
        return texts


def _key(edit: Edit) -> tuple[object, ...]:
    """Tell edits apart, whichever reading of a file they come from."""
    return (edit.source.path, edit.start, edit.end, edit.text)


def _is_better(before: Report, after: Report, fixed: Iterable[Finding]) -> bool:
    """Whether what was fixed is gone, and nothing came that is worse than an opinion."""
    old, new = _counts(before.findings), _counts(after.findings)
    gone = Counter((f.code, f.file) for f in fixed)
    serious = _counts(f for f in after.findings if f.severity is not Severity.INFO)
    return all(new[key] <= old[key] - count for key, count in gone.items()) and all(
        count <= old[key] for key, count in serious.items()
    )


def _counts(findings: Iterable[Finding]) -> Counter[tuple[str, str]]:
    return Counter((finding.code, finding.file) for finding in findings)
