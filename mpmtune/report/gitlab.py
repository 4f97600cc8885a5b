"""GitLab's Code Quality report."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from mpmtune.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mpmtune.lint.engine import Report
    from mpmtune.lint.listing import Listing
    from mpmtune.model.finding import Finding

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}
_SECURITY_SEVERITIES = {
    Severity.ERROR: "critical",
    Severity.WARNING: "major",
    Severity.INFO: "minor",
}


def render(report: Report, rules: Sequence[Listing]) -> str:
    """Write the report: one array, also when there is nothing in it."""
    del rules
    return json.dumps([_entry(finding) for finding in report.findings], indent=2) + "\n"


def _entry(finding: Finding) -> dict[str, object]:
    security = finding.code.startswith(("SEC", "TLS"))
    severities = _SECURITY_SEVERITIES if security else _SEVERITIES
    return {
        "description": f"{finding.code} {finding.message}",
        "check_name": finding.name,
        "fingerprint": finding.fingerprint,
        "severity": severities[finding.severity],
        "location": {
            "path": finding.file.removeprefix("./"),
            "lines": {"begin": finding.line, "end": finding.end_place[0]},
        },
    }
