"""Whatever a file holds, lint ends with findings that point into it, and with edits that fit."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mpmtune.confparse.edit import apply_edits
from mpmtune.confparse.fragments import read_alone
from mpmtune.confparse.wholes import Assumptions
from mpmtune.host.memory_files import MemoryFiles
from mpmtune.lint.engine import Checks, Report, check
from mpmtune.lint.fixes import chosen
from mpmtune.lint.registry import all_rules
from mpmtune.report.finding_formats import Format, render
from mpmtune.report.findings_text import lines
from mpmtune.report.positions import region_of
from tests.lint.example_readings import LISTINGS, WRITTEN

# Lines of the rules' own examples, mixed: every rule has something to look at.
LINES = sorted(
    {
        line
        for rule in all_rules()
        for example in rule.examples
        for text in (example.bad, *example.all_good)
        for line in text.split("\n")
    }
)
PIECES = st.sampled_from(LINES) | st.text(
    st.characters(min_codepoint=0, max_codepoint=255), max_size=20
)
TEXTS = st.lists(PIECES, max_size=12).map("\n".join)
NAMES = st.sampled_from(["/a.conf", "/.htaccess", "/httpd.conf"])


def linted(text: str, path: str) -> Report:
    files = MemoryFiles({path: text.encode("utf-8", "surrogateescape")})
    reading = read_alone(files, path, Assumptions("/nowhere", written_names=WRITTEN))
    return check([reading], Checks(LISTINGS, LISTINGS))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS, NAMES)
def test_findings_point_into_their_file_and_every_format_can_be_written(
    text: str, path: str
) -> None:
    report = linted(text, path)
    for finding in report.findings:
        where = region_of(finding)
        assert (1, 1) <= (where.line, where.column) <= (where.end_line, where.end_column)
        if finding.passage:
            source, start, end = finding.passage
            assert 0 <= start <= end <= len(source.text)
    assert len({finding.fingerprint for finding in report.findings}) == len(report.findings)
    lines(report, verbose=True)
    for format_ in set(Format) - {Format.TEXT, Format.SARIF}:
        render(format_, report, LISTINGS)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS, NAMES)
def test_fixes_that_are_chosen_together_can_be_made_together(text: str, path: str) -> None:
    report = linted(text, path)
    for source, edits in chosen(report.findings, unsafe=True).items():
        apply_edits(source.text, edits)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS)
def test_a_comment_above_all_of_it_leaves_only_findings_about_the_comment(text: str) -> None:
    families = ",".join(sorted({listing.code[:3] for listing in LISTINGS} - {"LNT"}))
    report = linted(f"# mpmtune: ignore-file[{families}] all of it\n{text}", "/a.conf")
    assert {finding.code[:3] for finding in report.findings if finding.passage} <= {"LNT"}
