"""rdjson, reviewdog's own format: its suggestions become one-click changes in a review."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from mpmtune.model.finding import Passage, Severity
from mpmtune.report.positions import FIRST_CHARACTER, Region, Unit, decoded, region

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mpmtune.lint.engine import Report
    from mpmtune.lint.listing import Listing
    from mpmtune.model.finding import Finding

_SEVERITIES = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING", Severity.INFO: "INFO"}


def render(report: Report, rules: Sequence[Listing]) -> str:
    """Write the document. Columns count bytes, as the format wants it."""
    del rules
    document = {
        "source": {"name": "mpmtune"},
        "diagnostics": [_diagnostic(finding) for finding in report.findings],
    }
    return json.dumps(document, indent=2) + "\n"


def _diagnostic(finding: Finding) -> dict[str, object]:
    passage = finding.passage
    where = FIRST_CHARACTER if passage is None else region(passage, Unit.BYTES)
    diagnostic: dict[str, object] = {
        "message": finding.message,
        "location": {"path": finding.file, "range": _range(where)},
        "severity": _SEVERITIES[finding.severity],
        "code": {"value": finding.code},
    }
    suggestions = _suggestions(finding)
    if suggestions:
        diagnostic["suggestions"] = suggestions
    return diagnostic


def _suggestions(finding: Finding) -> list[dict[str, object]]:
    """A reviewer takes each suggestion by itself, so only a fix of one edit can be offered."""
    fix, passage = finding.fix, finding.passage
    if fix is None or passage is None or len(fix.edits) != 1:
        return []
    source, start, end, text = fix.edits[0]
    if source.path != passage.source.path:
        return []
    where = region(Passage(source, start, end), Unit.BYTES)
    return [{"range": _range(where), "text": decoded(text)}]


def _range(where: Region) -> dict[str, object]:
    return {
        "start": {"line": where.line, "column": where.column},
        "end": {"line": where.end_line, "column": where.end_column},
    }
