"""mpmtune/findings/v1: the JSON document of ``lint``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from mpmtune.model.finding import Severity
from mpmtune.report.positions import decoded, region_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mpmtune.lint.documentation import Explanation
    from mpmtune.lint.engine import Report
    from mpmtune.lint.listing import Listing
    from mpmtune.model.config import Source
    from mpmtune.model.finding import Finding, Fix

SCHEMA = "mpmtune/findings/v1"


def render(report: Report, rules: Sequence[Listing]) -> str:
    """Write the document; only ASCII, so that no terminal can be steered by it."""
    del rules
    return json.dumps(document(report), indent=2) + "\n"


def explained(report: Report, explanations: Mapping[str, Explanation]) -> str:
    """Write the document, each finding with what is said of its rule.

    Args:
        report: The findings.
        explanations: By code.
    """
    made = document(report)
    made["findings"] = [
        {**_finding(found, report.names), "explanation": _explanation(explanations[found.code])}
        for found in report.findings
    ]
    return json.dumps(made, indent=2) + "\n"


def document(report: Report) -> dict[str, object]:
    """Make the document."""
    return {
        "schema": SCHEMA,
        "findings": [_finding(finding, report.names) for finding in report.findings],
        "summary": {
            "files": len(report.files),
            "directives": report.directives,
            "errors": report.how_many(Severity.ERROR),
            "warnings": report.how_many(Severity.WARNING),
            "infos": report.how_many(Severity.INFO),
            "suppressed": len(report.suppressed),
            "host_rules_left_out": report.host_rules_left_out,
        },
        "unknown": [],
    }


def _finding(finding: Finding, names: Mapping[Source, str]) -> dict[str, object]:
    where = region_of(finding)
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity.value,
        "message": finding.message,
        "file": finding.file,
        "line": where.line,
        "column": where.column,
        "end_line": where.end_line,
        "end_column": where.end_column,
        "httpd_ids": list(finding.httpd_ids),
        "fix": _fix(finding.fix, names) if finding.fix else None,
        "fingerprint": finding.fingerprint,
    }


def _explanation(explanation: Explanation) -> dict[str, object]:
    return {
        "cause": explanation.cause,
        "cost": explanation.cost,
        "fix": explanation.fix,
        "instead": explanation.instead or None,
        "sources": [
            {"title": source.title, "url": source.url or None} for source in explanation.sources
        ],
    }


def _fix(fix: Fix, names: Mapping[Source, str]) -> dict[str, object]:
    """Offsets are bytes in the file."""
    return {
        "title": fix.title,
        "safe": fix.safe,
        "edits": [
            {
                "file": names[edit.source],
                "start": edit.start,
                "end": edit.end,
                "text": decoded(edit.text),
            }
            for edit in fix.edits
        ],
    }
