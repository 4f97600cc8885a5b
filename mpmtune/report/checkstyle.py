"""Checkstyle XML, which Jenkins and reviewdog read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.report.xml_text import attributes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mpmtune.lint.engine import Report
    from mpmtune.lint.listing import Listing
    from mpmtune.model.finding import Finding


def render(report: Report, rules: Sequence[Listing]) -> str:
    """Write the document; clean files are named too."""
    del rules
    by_file: dict[str, list[Finding]] = {file: [] for file in report.files}
    for finding in report.findings:
        by_file.setdefault(finding.file, []).append(finding)
    files = "".join(line for file, found in by_file.items() for line in _file(file, found))
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<checkstyle version="8.0">\n'
    return f"{head}{files}</checkstyle>\n"


def _file(file: str, findings: Sequence[Finding]) -> Iterator[str]:
    yield f"  <file{attributes(name=file)}>\n"
    for finding in findings:
        line, column = finding.place
        about = attributes(
            line=line,
            column=column,
            severity=finding.severity.value,
            message=finding.message,
            source=f"mpmtune.{finding.code}",
        )
        yield f"    <error{about}/>\n"
    yield "  </file>\n"
