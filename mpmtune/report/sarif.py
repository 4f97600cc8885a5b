"""SARIF 2.1.0, as GitHub code scanning and other consumers take it.

What a comment suppresses is left out: GitHub does not honour ``suppressions`` and would raise an
alert for each.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from mpmtune import __version__
from mpmtune.lint.documentation import documentation_of
from mpmtune.model.finding import Passage, Severity
from mpmtune.report.positions import FIRST_CHARACTER, Region, Unit, decoded, region

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mpmtune.lint.engine import Report
    from mpmtune.lint.listing import Listing
    from mpmtune.lint.rule import AnyRule
    from mpmtune.model.config import Source
    from mpmtune.model.finding import Finding, Fix

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_PROBLEMS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "recommendation",
}
# GitHub sorts security alerts by this number: high, medium, low.
_SECURITY_FAMILIES = frozenset({"sec", "tls"})
_SECURITY = {Severity.ERROR: "8.0", Severity.WARNING: "5.0", Severity.INFO: "2.0"}
_MOST_RESULTS = 25_000  # GitHub refuses a run with more


def render(report: Report, rules: Sequence[Listing]) -> str:
    """Write the log; a run without findings is written too, for it closes old alerts."""
    indexes = {rule.code: index for index, rule in enumerate(rules)}
    findings = sorted(report.findings, key=lambda f: -f.severity.rank)[:_MOST_RESULTS]
    run = {
        "tool": {
            "driver": {
                "name": "mpmtune",
                "semanticVersion": __version__,
                "rules": [_rule(listing.load()) for listing in rules],
            }
        },
        "columnKind": "utf16CodeUnits",
        "originalUriBaseIds": {
            "SRCROOT": {"description": {"text": "The directory that mpmtune was run in."}}
        },
        "results": [_result(f, indexes[f.code], report.names) for f in findings],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(rule: AnyRule) -> dict[str, object]:
    text = documentation_of(rule)
    properties: dict[str, object] = {
        "tags": _tags(rule),
        "precision": "very-high" if rule.severity is Severity.ERROR else "high",
        "problem.severity": _PROBLEMS[rule.severity],
    }
    if rule.family in _SECURITY_FAMILIES:
        properties["security-severity"] = _SECURITY[rule.severity]
    return {
        "id": rule.code,
        "name": "".join(part.capitalize() for part in rule.name.replace(".", "-").split("-")),
        "shortDescription": {"text": text.summary},
        "fullDescription": {"text": text.sections[0][1] if text.sections else text.summary},
        "help": {"text": text.markdown, "markdown": text.markdown},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": properties,
    }


def _tags(rule: AnyRule) -> list[str]:
    """GitHub takes twenty, and shows ten."""
    kind = "security" if rule.family in _SECURITY_FAMILIES else rule.family
    return [kind, *(f"cis-{number}" for number in rule.cis), *(f"stig-{n}" for n in rule.stig)]


def _result(finding: Finding, index: int, names: Mapping[Source, str]) -> dict[str, object]:
    result: dict[str, object] = {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": finding.message},
        "locations": [_location(finding.file, finding.passage)],
        "partialFingerprints": {"mpmtune/v1": finding.fingerprint},
    }
    if finding.related:
        result["relatedLocations"] = [_location(file, where) for file, where in finding.related]
    if finding.fix:
        result["fixes"] = [_fix(finding.fix, names)]
    return result


def _location(file: str, passage: Passage | None) -> dict[str, object]:
    where = FIRST_CHARACTER if passage is None else region(passage, Unit.UTF16)
    return {"physicalLocation": {"artifactLocation": _artifact(file), "region": _region(where)}}


def _artifact(file: str) -> dict[str, object]:
    from urllib.parse import quote

    if file == "-":
        return {"uri": "stdin", "uriBaseId": "SRCROOT"}
    uri = quote(file.encode("utf-8", "surrogateescape"))
    return {"uri": f"file://{uri}"} if uri.startswith("/") else {"uri": uri, "uriBaseId": "SRCROOT"}


def _region(where: Region) -> dict[str, object]:
    return {
        "startLine": where.line,
        "startColumn": where.column,
        "endLine": where.end_line,
        "endColumn": where.end_column,
    }


def _fix(fix: Fix, names: Mapping[Source, str]) -> dict[str, object]:
    files = dict.fromkeys(names[edit.source] for edit in fix.edits)
    return {
        "description": {"text": fix.title},
        "artifactChanges": [
            {
                "artifactLocation": _artifact(file),
                "replacements": [
                    {
                        "deletedRegion": _region(region(Passage(*edit[:3]), Unit.UTF16)),
                        "insertedContent": {"text": decoded(edit.text)},
                    }
                    for edit in fix.edits
                    if names[edit.source] == file
                ],
            }
            for file in files
        ],
    }
