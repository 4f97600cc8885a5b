"""Findings for a reader: a line for each, the text it is about, and a summary."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from mpmtune.model.finding import Severity
from mpmtune.report.excerpt import excerpt_of
from mpmtune.report.safe_text import printable
from mpmtune.report.text import EMPTY, Line, Span, Style, line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mpmtune.lint.documentation import Explanation
    from mpmtune.lint.engine import Report
    from mpmtune.model.finding import Finding, Passage

_STYLES = {
    Severity.ERROR: Style.BAD,
    Severity.WARNING: Style.NOTICE,
    Severity.INFO: Style.FAINT,
}


_MOST_IN_FULL = 1000


def lines(
    report: Report,
    *,
    verbose: bool = False,
    explanations: Mapping[str, Explanation] = MappingProxyType({}),
) -> list[Line]:
    """Lay findings out.

    Of many, those after the first thousand have a line each: nobody reads on.

    Args:
        report: The findings.
        verbose: Add for each how it can be suppressed.
        explanations: By code: said of each finding.
    """
    made: list[Line] = []
    for finding in report.findings[:_MOST_IN_FULL]:
        made += [_head(finding), *_body(finding, verbose=verbose)]
        if finding.code in explanations:
            made += _explained(finding, explanations[finding.code])
        made.append(EMPTY)
    made += [_head(finding) for finding in report.findings[_MOST_IN_FULL:]]
    return [*made, *_summary(report)]


def _head(finding: Finding) -> Line:
    number, column = finding.place
    return line(
        Span(printable(finding.file), Style.HEADING),
        f":{number}:{column}: ",
        Span(finding.code, _STYLES[finding.severity]),
        " [*] " if finding.fix and finding.fix.safe else " ",
        printable(finding.message),
    )


def _body(finding: Finding, *, verbose: bool) -> Iterator[Line]:
    excerpt = excerpt_of(finding.passage) if finding.passage else None
    gutter = " " * (len(str(excerpt.number)) if excerpt else 1)
    if excerpt:
        mark = "^" * excerpt.mark_width
        yield line(Span(f"{gutter} |", Style.FAINT))
        yield line(Span(f"{excerpt.number} | ", Style.FAINT), excerpt.text)
        yield line(
            Span(f"{gutter} | ", Style.FAINT),
            " " * excerpt.mark_start,
            Span(mark, _STYLES[finding.severity]),
        )
    for file, passage in finding.related:
        yield _note(gutter, "see", _where(file, passage))
    if finding.fix:
        how = "" if finding.fix.safe else " (--unsafe-fixes)"
        yield _note(gutter, "fix", f"{finding.fix.title}{how}")
    if verbose:
        yield from _more(finding, gutter)


def _explained(finding: Finding, explanation: Explanation) -> Iterator[Line]:
    yield _note(" ", "cause", explanation.cause.replace("`", ""))
    yield _note(" ", "cost", explanation.cost.replace("`", ""))
    if finding.fix is None:
        yield _note(" ", "fix", f"by hand: mpmtune explain {finding.code} shows an example")
    for source in explanation.sources:
        yield _note(" ", "source", source.url or source.title)


def _more(finding: Finding, gutter: str) -> Iterator[Line]:
    if finding.httpd_ids:
        yield _note(gutter, "httpd", f"says {' or '.join(finding.httpd_ids)}")
    yield _note(gutter, "why", f"mpmtune explain {finding.code}")
    if finding.passage is None or finding.code.startswith("LNT"):
        yield _note(gutter, "ignore", f"--ignore {finding.code}")
    else:
        comment = f"# mpmtune: ignore[{finding.code}] your reason"
        yield _note(gutter, "ignore", f"put the line  {comment}  above")


def _note(gutter: str, what: str, text: str) -> Line:
    return line(Span(f"{gutter} = {what}: ", Style.FAINT), printable(text))


def _where(file: str, passage: Passage) -> str:
    number, column = passage.source.place(passage.start)
    return f"{file}:{number}:{column}"


def _summary(report: Report) -> Iterator[Line]:
    files = _count(len(report.files), "file")
    if not report.findings:
        yield line(Span("No findings", Style.GOOD), f" in {files}{_suppressed(report)}.")
    else:
        counts = [
            _count(report.how_many(severity), severity.value)
            for severity in Severity
            if report.how_many(severity)
        ]
        yield line(f"Found {', '.join(counts)} in {files}{_suppressed(report)}.")
    yield from _fixable(report)


def _fixable(report: Report) -> Iterator[Line]:
    fixes = [finding.fix for finding in report.findings if finding.fix]
    safe = sum(fix.safe for fix in fixes)
    unsafe = len(fixes) - safe
    if safe:
        more = f", {unsafe} more with --unsafe-fixes" if unsafe else ""
        yield line(f"[*] {safe} can be fixed with --fix{more}.")
    elif unsafe:
        yield line(f"{unsafe} can be fixed with --unsafe-fixes.")


def _suppressed(report: Report) -> str:
    parts = []
    if report.suppressed:
        parts.append(f"{len(report.suppressed)} suppressed")
    if report.known:
        parts.append(f"{len(report.known)} in the baseline")
    return f" ({', '.join(parts)})" if parts else ""


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
