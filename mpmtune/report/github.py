"""Workflow commands that GitHub Actions turns into annotations.

GitHub shows ten for each level and step, so the worst come first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.model.finding import Severity
from mpmtune.report.positions import region_of
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mpmtune.lint.engine import Report
    from mpmtune.lint.listing import Listing
    from mpmtune.model.finding import Finding

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(report: Report, rules: Sequence[Listing]) -> str:
    """Write one command for each finding."""
    del rules
    findings = sorted(report.findings, key=lambda finding: -finding.severity.rank)
    return "".join(_command(finding) for finding in findings)


def _command(finding: Finding) -> str:
    where = region_of(finding)
    properties = {
        "file": finding.file,
        "line": str(where.line),
        "endLine": str(where.end_line),
        "col": str(where.column),
        "title": f"{finding.code} {finding.name}",
    }
    if where.line == where.end_line:  # endColumn is taken on one line only
        properties["endColumn"] = str(where.end_column)
    written = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{_COMMANDS[finding.severity]} {written}::{_data(finding.message)}\n"


def _data(text: str) -> str:
    # printable leaves no CR or LF that would end the command.
    return printable(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
