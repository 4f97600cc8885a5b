"""``lint --explain-all``: each finding with its cause, cost, fix and sources."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from mpmtune.lint.documentation import Explanation, Reference, explanation_of, reference
from mpmtune.lint.registry import all_rules, find
from mpmtune.report.findings_text import lines
from mpmtune.report.findings_v1 import explained
from tests.lint.own_rules import checked

SCHEMA = Path(__file__).parents[2] / "mpmtune/schemas/findings_v1.json"
TEXT = "FileETag All\nMaxRequestWorkers 800\n"


def of(code: str) -> Explanation:
    rule = find(code)
    assert rule is not None
    return explanation_of(rule)


def test_an_explanation_has_cause_cost_fix_and_sources() -> None:
    found = of("SEC340")
    assert found.cause == "A single request may ask for a file in any number of pieces."
    assert found.cost.startswith("httpd makes each piece of the answer by itself.")
    assert found.fix == "--unsafe-fixes"
    assert found.instead == "Timeout 60\n"
    assert found.sources == (
        Reference(
            "httpd manual: core, maxranges",
            "https://httpd.apache.org/docs/2.4/mod/core.html#maxranges",
        ),
        Reference("CVE-2011-3192", "https://nvd.nist.gov/vuln/detail/CVE-2011-3192"),
    )
    assert Reference("CIS Apache HTTP Server 2.4 Benchmark: 8.4") in of("SEC319").sources
    assert of("SEC336").fix == "by hand"
    assert of("MPM005").fix == "--fix"


def test_every_rule_is_explained_in_lines() -> None:
    for rule in all_rules():
        found = explanation_of(rule)
        assert found.cause.endswith("."), rule.code
        assert found.cost.endswith("."), rule.code
        assert len(found.cost) < 300, rule.code
        assert "\n" not in found.cause + found.cost


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("logs.html", ("httpd manual: logs", "https://httpd.apache.org/docs/2.4/logs.html")),
        ("event.c: event_run", ("event.c: event_run", "")),
        ("https://example.org/a#b", ("https://example.org/a#b", "https://example.org/a#b")),
    ],
)
def test_a_reference_is_a_page_a_file_or_an_address(text: str, expected: tuple[str, str]) -> None:
    assert reference(text) == expected


def test_the_text_explains_below_each_finding() -> None:
    rules = [find("SEC319"), find("MPM004")]
    report = checked(TEXT, *rules)  # type: ignore[arg-type]
    explanations = {code: of(code) for code in ("SEC319", "SEC336")}
    shown = "\n".join(
        "".join(span.text for span in line) for line in lines(report, explanations=explanations)
    )
    assert "= cause: ETag headers tell the inode numbers of files.\n" in shown
    assert "= cost: The number tells clients how files lie on the disk" in shown
    assert "= source: https://httpd.apache.org/docs/2.4/mod/core.html#fileetag\n" in shown
    assert "= source: CIS Apache HTTP Server 2.4 Benchmark: 8.4\n" in shown
    assert shown.count("= cause") == 1


def test_a_finding_without_a_fix_leads_to_the_example() -> None:
    rule = find("SEC306")
    assert rule is not None
    report = checked("<Directory /a>\nOptions All\n</Directory>\n", rule)
    shown = [
        "".join(s.text for s in line)
        for line in lines(report, explanations={"SEC306": of("SEC306")})
    ]
    assert "  = fix: by hand: mpmtune explain SEC306 shows an example" in shown


def test_json_explains_within_its_schema() -> None:
    rules = [find("SEC319"), find("SEC306")]
    report = checked(f"{TEXT}<Directory /a>\nOptions All\n</Directory>\n", *rules)  # type: ignore[arg-type]
    document = json.loads(explained(report, {code: of(code) for code in ("SEC319", "SEC306")}))
    jsonschema.validate(document, json.loads(SCHEMA.read_text()))
    by_code = {found["code"]: found["explanation"] for found in document["findings"]}
    assert by_code["SEC319"]["fix"] == "--unsafe-fixes"
    assert by_code["SEC319"]["instead"] == "FileETag MTime Size\n"
    assert by_code["SEC306"]["sources"][-1] == {
        "title": "CIS Apache HTTP Server 2.4 Benchmark: 5.1, 5.2, 5.3",
        "url": None,
    }
