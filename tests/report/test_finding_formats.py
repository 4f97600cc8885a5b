"""The formats of findings: each valid where it goes, none with a secret or a control byte."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from mpmtune.lint.fixes import fix, remove
from mpmtune.lint.registry import listings
from mpmtune.lint.rule import Example
from mpmtune.model.finding import Passage, Severity, Violation
from mpmtune.report.console import styled
from mpmtune.report.finding_formats import Format, render
from mpmtune.report.findings_text import lines
from mpmtune.report.text import plain
from tests.lint.own_rules import a_rule, checked, each, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.lint.engine import Report
    from mpmtune.lint.rule import Hits
    from mpmtune.model.config import Tree

ROOT = Path(__file__).parents[2]
SCHEMAS = {
    Format.JSON: ROOT / "mpmtune/schemas/findings_v1.json",
    # The OASIS Standard's own file, errata 01.
    Format.SARIF: ROOT / "tests/report/schemas/sarif-2.1.0.json",
}
FILE = "/etc/apache2/example.conf"
EVERY = listings()


def report_of(text: str, *codes: str, **more: Any) -> Report:
    """Check a text with some of the rules that there are."""
    from mpmtune.lint.registry import find

    rules = [find(code) for code in codes]
    return checked(text, *rules, example=Example(**more))  # type: ignore[arg-type]


@pytest.fixture
def report() -> Report:
    """An error with an unsafe fix, an info with a safe one, and one that is suppressed."""
    text = (
        "ServerAdmin größe\nMaxRequestWorkers 800\n  MaxRequestsPerChild 5\n"
        "# mpmtune: ignore[DEP803] kept\nMaxClients 800\n"
    )
    return report_of(text, "MPM004", "DEP803")


def written(chosen: Format, report: Report) -> str:
    return render(chosen, report, EVERY)


@pytest.mark.parametrize("chosen", SCHEMAS)
def test_json_and_sarif_keep_their_schemas(chosen: Format, report: Report) -> None:
    schema = json.loads(SCHEMAS[chosen].read_text("utf-8"))
    for given in (report, report_of("KeepAlive On\n", "DEP803")):
        jsonschema.validate(json.loads(written(chosen, given)), schema)


def test_json_says_all_of_a_finding(report: Report) -> None:
    document = json.loads(written(Format.JSON, report))
    info, error = document["findings"]
    assert info == {
        "code": "DEP803",
        "name": "old-mpm-directive-names",
        "severity": "info",
        "message": "MaxRequestsPerChild is called MaxConnectionsPerChild since httpd 2.4",
        "file": FILE,
        "line": 3,
        "column": 3,
        "end_line": 3,
        "end_column": 22,
        "httpd_ids": [],
        "fix": {
            "title": "Rename to MaxConnectionsPerChild",
            "safe": True,
            "edits": [{"file": FILE, "start": 44, "end": 63, "text": "MaxConnectionsPerChild"}],
        },
        "fingerprint": info["fingerprint"],
    }
    assert (error["code"], error["line"]) == ("MPM004", 5)
    assert error["httpd_ids"] == ["AH00515", "AH00516"]
    assert document["summary"] == {
        "files": 2,
        "directives": 7,
        "errors": 1,
        "warnings": 0,
        "infos": 1,
        "suppressed": 1,
        "host_rules_left_out": 0,
    }


def test_sarif_leaves_suppressed_findings_out_and_names_its_rules(report: Report) -> None:
    (run,) = json.loads(written(Format.SARIF, report))["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [listing.code for listing in EVERY]
    results = run["results"]
    assert [result["ruleId"] for result in results] == ["MPM004", "DEP803"]  # the worst first
    for result in results:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    assert [result["level"] for result in results] == ["error", "note"]
    (location,) = results[1]["locations"]
    assert location["physicalLocation"]["region"] == {
        "startLine": 3,
        "startColumn": 3,
        "endLine": 3,
        "endColumn": 22,
    }
    assert results[1]["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"] == {
        "text": "MaxConnectionsPerChild"
    }
    assert run["results"][0]["partialFingerprints"]["mpmtune/v1"] == report.findings[1].fingerprint


def test_sarif_tags_name_family_and_numbers_of_benchmarks(report: Report) -> None:
    (run,) = json.loads(written(Format.SARIF, report))["runs"]
    tags = {rule["id"]: rule["properties"]["tags"] for rule in run["tool"]["driver"]["rules"]}
    assert tags["KAL204"] == ["kal", "cis-9.3", "stig-V-214228"]
    assert tags["SEC319"] == ["security", "cis-8.4"]
    assert tags["MPM004"] == ["mpm"]
    assert max(map(len, tags.values())) <= 20  # GitHub takes no more


def test_sarif_paths_are_uris() -> None:
    from mpmtune.report.sarif import _artifact

    assert _artifact("-") == {"uri": "stdin", "uriBaseId": "SRCROOT"}
    assert _artifact("conf/a b%.conf") == {"uri": "conf/a%20b%25.conf", "uriBaseId": "SRCROOT"}
    assert _artifact("/etc/größe") == {"uri": "file:///etc/gr%C3%B6%C3%9Fe"}


def marked(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Point at the second argument."""
    for hit in hits:
        yield Violation(hit, "marked", word=2)


WIDE = "DirectoryIndex ä😀 b\n"


@pytest.mark.parametrize(
    ("chosen", "column"), [(Format.JSON, 19), (Format.SARIF, 20), (Format.RDJSON, 23)]
)
def test_columns_count_in_the_unit_of_each_format(chosen: Format, column: int) -> None:
    """Characters; UTF-16 code units, of which the face has two; bytes, of which it has four."""
    rule = a_rule("DEP803", on=("directoryindex",), check=marked)
    document = json.loads(render(chosen, checked(WIDE, rule), [listed(rule), *EVERY][1:]))
    assert str(column) in re.findall(r"\d+", json.dumps(place_in(chosen, document)))


def place_in(chosen: Format, document: dict[str, Any]) -> object:
    if chosen is Format.JSON:
        return document["findings"][0]["column"]
    if chosen is Format.SARIF:
        where = document["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
        return where["region"]["startColumn"]
    return document["diagnostics"][0]["location"]["range"]["start"]["column"]


def test_github_writes_a_command_for_each_finding_the_worst_first(report: Report) -> None:
    error, info = written(Format.GITHUB, report).splitlines()
    assert error.startswith(
        f"::error file={FILE},line=5,endLine=5,col=1,"
        "title=MPM004 workers-exceed-process-capacity,endColumn=15::"
    )
    assert info == (
        f"::notice file={FILE},line=3,endLine=3,col=3,"
        "title=DEP803 old-mpm-directive-names,endColumn=22"
        "::MaxRequestsPerChild is called MaxConnectionsPerChild since httpd 2.4"
    )


def test_github_escapes_what_would_end_a_command() -> None:
    def hostile(tree: Tree, hits: Hits) -> Iterator[Violation]:
        yield Violation(next(iter(hits)), "100%\r\n::error::x")

    text = written(Format.GITHUB, checked("Timeout 1\n", a_rule(check=hostile)))
    assert text.endswith(r"::100%25\r\n::error::x" + "\n")
    assert text.count("\n") == 1


def test_gitlab_has_severities_paths_and_fingerprints_of_its_own(report: Report) -> None:
    entries = json.loads(written(Format.GITLAB, report))
    assert [entry["severity"] for entry in entries] == ["info", "major"]
    assert entries[0]["location"] == {"path": FILE, "lines": {"begin": 3, "end": 3}}
    assert entries[0]["check_name"] == "old-mpm-directive-names"
    assert len({entry["fingerprint"] for entry in entries}) == 2
    assert set(entries[0]) == {
        "description",
        "check_name",
        "fingerprint",
        "severity",
        "location",
    }
    security = checked("Timeout 1\n", a_rule("SEC301", severity=Severity.ERROR))
    assert json.loads(written(Format.GITLAB, security))[0]["severity"] == "critical"
    assert json.loads(written(Format.GITLAB, report_of("KeepAlive On\n", "DEP803"))) == []


def test_junit_has_a_case_for_each_finding_and_one_for_a_clean_file(report: Report) -> None:
    suites = ET.fromstring(written(Format.JUNIT, report))
    assert suites.attrib["tests"] == "3"
    assert suites.attrib["failures"] == "1"
    clean, found = suites
    assert [case.attrib["name"] for case in clean] == ["no findings"]
    assert [case.find("failure") is not None for case in found] == [False, True]
    assert found[0].find("system-out") is not None
    assert found.attrib == {
        "name": FILE,
        "tests": "2",
        "failures": "1",
        "errors": "0",
        "skipped": "0",
    }


def test_checkstyle_names_every_file(report: Report) -> None:
    document = ET.fromstring(written(Format.CHECKSTYLE, report))
    clean, found = document
    assert (len(clean), len(found)) == (0, 2)
    assert found[1].attrib["source"] == "mpmtune.MPM004"
    assert [error.attrib["severity"] for error in found] == ["info", "error"]
    assert (found[0].attrib["line"], found[0].attrib["column"]) == ("3", "3")


def test_rdjson_offers_a_fix_of_one_edit_as_a_suggestion(report: Report) -> None:
    info, error = json.loads(written(Format.RDJSON, report))["diagnostics"]
    assert info["suggestions"] == [
        {
            "range": {"start": {"line": 3, "column": 3}, "end": {"line": 3, "column": 22}},
            "text": "MaxConnectionsPerChild",
        }
    ]
    assert (error["severity"], error["code"]) == ("ERROR", {"value": "MPM004"})
    assert error["location"]["path"] == FILE


def test_text_shows_place_code_line_mark_and_fix(report: Report) -> None:
    text = plain(lines(report))
    assert (
        f"{FILE}:3:3: DEP803 [*] MaxRequestsPerChild is called MaxConnectionsPerChild since"
        " httpd 2.4\n"
        "  |\n"
        "3 |   MaxRequestsPerChild 5\n"
        "  |   ^^^^^^^^^^^^^^^^^^^\n"
        "  = fix: Rename to MaxConnectionsPerChild\n"
    ) in text
    assert text.endswith(
        "Found 1 error, 1 info in 2 files (1 suppressed).\n"
        "[*] 1 can be fixed with --fix, 1 more with --unsafe-fixes.\n"
    )
    assert "ignore" not in text


def test_text_says_how_to_ignore_when_more_is_wanted(report: Report) -> None:
    text = plain(lines(report, verbose=True))
    assert "  = ignore: put the line  # mpmtune: ignore[MPM004] your reason  above\n" in text
    assert "  = httpd: says AH00515 or AH00516\n" in text
    assert "  = why: mpmtune explain MPM004\n" in text


def test_text_of_nothing_found() -> None:
    assert plain(lines(report_of("KeepAlive On\n", "DEP803"))) == "No findings in 2 files.\n"


def test_text_has_colours_only_when_asked(report: Report) -> None:
    made = lines(report)
    assert "\x1b[" not in styled(made, color=False)
    assert "\x1b[1;31mMPM004" in styled(made, color=True)


SECRETS = """\
AuthLDAPBindPassword S3CRET-1
SSLPassPhraseDialog "exec:/bin/x S3CRET-2"
SetEnv DB_PASSWORD S3CRET-3
DBDParams "host=h pass=S3CRET-4"
ProxyPass /a http://u:S3CRET-5@h/
RewriteRule ^/S3CRET-6$ /a
RequestHeader set Authorization "Basic S3CRET-7"
PassengerPassword S3CRET-8
Define TOKEN S3CRET-9
<If "%{QUERY_STRING} =~ /S3CRET-10/">
ProxyPass /b http://h/ secret=S3CRET-11
CustomLog "|/bin/log --token S3CRET-12" common
</If>
SessionCryptoPassphrase \\
  S3CRET-13
Header set X-Token S3CRET-14
Use m S3CRET-15
"""
NAMES = tuple(
    dict.fromkeys(line.split()[0].lower() for line in SECRETS.splitlines() if line[0] != " ")
)


@pytest.mark.parametrize("chosen", list(Format))
def test_no_format_holds_a_secret_of_a_line_it_reports(chosen: Format) -> None:
    rule = a_rule("DEP803", on=NAMES, check=each)
    report = checked(SECRETS, rule)
    assert len(report.findings) > 12
    text = plain(lines(report, verbose=True))
    if chosen is not Format.TEXT:
        text = render(chosen, report, EVERY)
    assert "S3CRET" not in text
    assert not any("S3CRET" in part for f in report.findings for part in f.identity)


HOSTILE = "\x1b]0;x\x07\x9b31m\u202e\u200b\ud800\x00\x7f"


@pytest.mark.parametrize("chosen", list(Format))
def test_no_format_holds_a_control_character(chosen: Format) -> None:
    def hostile(tree: Tree, hits: Hits) -> Iterator[Violation]:
        yield Violation(next(iter(hits)), f"[red]{HOSTILE}")

    rule = a_rule("DEP803", on=("serveradmin",), check=hostile)
    report = checked("ServerAdmin \x1b[2J\x9b\u202e\u200bx\n", rule)
    text = plain(lines(report)) if chosen is Format.TEXT else render(chosen, report, EVERY)
    shown = text.replace("\n", "")
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u200b\ud800-\udfff]", shown)
    assert "[red]" in shown
    if chosen in {Format.JUNIT, Format.CHECKSTYLE}:
        ET.fromstring(text)


def both(tree: Tree, hits: Hits) -> Iterator[Violation]:
    """Flag the second of two lines, name the first, and offer to remove that."""
    first, second = hits
    yield Violation(second, "twice", fix("Remove the first", remove(first)), related=(first,))


def test_the_other_party_of_a_conflict_is_named() -> None:
    report = checked("Timeout 1\nTimeout 2\n", a_rule("DEP803", check=both))
    assert f"  = see: {FILE}:1:1\n" in plain(lines(report))
    (result,) = json.loads(written(Format.SARIF, report))["runs"][0]["results"]
    (related,) = result["relatedLocations"]
    assert related["physicalLocation"]["region"]["startLine"] == 1


def test_a_fix_in_another_file_is_no_suggestion() -> None:
    text = "Include more.conf\nTimeout 2\n"
    example = Example(files=(("more.conf", "Timeout 1\n"),))
    report = checked(text, a_rule("DEP803", check=both), example=example)
    (diagnostic,) = json.loads(written(Format.RDJSON, report))["diagnostics"]
    assert "suggestions" not in diagnostic


def test_of_many_findings_those_after_the_first_thousand_have_a_line_each() -> None:
    text = plain(lines(checked("Timeout 1\n" * 1002, a_rule())))
    assert text.count("^" * 9) == 1000
    assert f"\n{FILE}:1002:1: KAL299 here is Timeout\nFound 1002 warnings" in text


def test_a_finding_without_a_place_stands_on_the_first_line() -> None:
    def whole(tree: Tree, hits: Hits) -> Iterator[Violation]:
        yield Violation(None, "none")

    report = checked("KeepAlive On\n", a_rule("DEP803", when_absent=True, check=whole))
    text = plain(lines(report, verbose=True))
    assert text.startswith("/etc/apache2/apache2.conf:1:1: DEP803 none\n")
    assert "  = ignore: --ignore DEP803\n" in text
    for chosen in set(Format) - {Format.TEXT}:
        assert "none" in render(chosen, report, EVERY)


def test_a_closing_tag_and_a_blank_line_are_shown_as_they_are() -> None:
    def passage(tree: Tree, hits: Hits) -> Iterator[Violation]:
        yield Violation(Passage(tree.sources[1], 0, 8), "tag")
        yield Violation(Passage(tree.sources[1], 10, 11), "blank")

    report = checked("</Files>\n  \nTimeout 1\n", a_rule(check=passage))
    assert "1 | </Files>\n  | ^^^^^^^^\n" in plain(lines(report))
