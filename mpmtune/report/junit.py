"""JUnit: a suite for each file, a failed case for each finding, a passed one for a clean file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.model.finding import Severity
from mpmtune.report.xml_text import attributes, escaped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mpmtune.lint.engine import Report
    from mpmtune.lint.listing import Listing
    from mpmtune.model.finding import Finding


def render(report: Report, rules: Sequence[Listing]) -> str:
    """Write the document. An info is told in the output of its case and does not fail it."""
    del rules
    by_file: dict[str, list[Finding]] = {file: [] for file in report.files}
    for finding in report.findings:
        by_file.setdefault(finding.file, []).append(finding)
    cases = sum(max(1, len(found)) for found in by_file.values())
    failures = len(report.findings) - report.how_many(Severity.INFO)
    head = attributes(name="mpmtune lint", tests=cases, failures=failures, errors=0)
    suites = "".join(line for file, found in by_file.items() for line in _suite(file, found))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites{head}>\n{suites}</testsuites>\n'


def _suite(file: str, findings: Sequence[Finding]) -> Iterator[str]:
    failures = sum(finding.severity is not Severity.INFO for finding in findings)
    counts = attributes(
        name=file, tests=max(1, len(findings)), failures=failures, errors=0, skipped=0
    )
    yield f"  <testsuite{counts}>\n"
    if not findings:
        yield f"    <testcase{attributes(classname=file, name='no findings')}/>\n"
    for finding in findings:
        yield from _case(finding)
    yield "  </testsuite>\n"


def _case(finding: Finding) -> Iterator[str]:
    line, column = finding.place
    place = f"{finding.file}:{line}:{column}"
    name = f"{finding.code} {finding.name} at {line}:{column}"
    text = f"{place}: {finding.severity.value}: {finding.message}"
    yield f"    <testcase{attributes(classname=finding.file, name=name)}>\n"
    if finding.severity is Severity.INFO:
        yield f"      <system-out>{escaped(text)}</system-out>\n"
    else:
        kind = attributes(message=finding.message, type=finding.severity.value)
        yield f"      <failure{kind}>{escaped(text)}</failure>\n"
    yield "    </testcase>\n"
