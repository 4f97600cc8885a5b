"""What each rule gets for free: its examples run, its fix is exact, its file is in order."""

from __future__ import annotations

import inspect
import re
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mpmtune.confparse.edit import apply_edits
from mpmtune.lint.documentation import HEADINGS, documentation_of
from mpmtune.lint.fixes import chosen
from mpmtune.lint.listing import module_name
from mpmtune.lint.registry import FAMILIES, all_rules
from mpmtune.lint.rule import Every, Fixability, HostRule, Over, Scope, SuppressionRule
from mpmtune.model.finding import Severity
from tests.lint.example_readings import IN_PLACE, MAIN, TEXT, report_of

if TYPE_CHECKING:
    from mpmtune.lint.engine import Report
    from mpmtune.lint.rule import AnyRule, Example
    from mpmtune.model.finding import Finding

# Rules that must see every directive, or the text itself. Each costs time on each run.
SEE_EVERYTHING = {"SYN906", "SYN907", "SYN911", "SYN912", "SYN918"}

# Rules about something that is missing.
NAMED_NO = {"MPM001", "MPM017", "KAL208", "TLS413", "VHO710"}

RULES = all_rules()
BAD = [
    pytest.param(rule, example, id=f"{rule.code}-bad-{number}")
    for rule in RULES
    for number, example in enumerate(rule.examples)
    if example.bad
]
GOOD = [
    pytest.param(rule, example, text, id=f"{rule.code}-good-{number}-{at}")
    for rule in RULES
    for number, example in enumerate(rule.examples)
    for at, text in enumerate(example.all_good)
]
FIXED = [
    pytest.param(rule, example, id=f"{rule.code}-fix-{number}")
    for rule in RULES
    for number, example in enumerate(rule.examples)
    if example.fixed or example.fixed_unsafely
]
EACH = [pytest.param(rule, id=rule.code) for rule in RULES]


def line_in_example(finding: Finding) -> int | str:
    """The line in the example's text; 0 for the configuration as a whole, or in its main file."""
    if finding.passage is None or finding.file == MAIN:
        return 0
    return (
        finding.line
        if finding.file in {TEXT, IN_PLACE, f"{Path(TEXT).parent}/.htaccess"}
        else finding.file
    )


def serious(report: Report) -> list[Finding]:
    """What has a place: an example is no complete server, and need not have all that one has."""
    return [f for f in report.findings if f.severity is not Severity.INFO and f.passage]


@pytest.mark.parametrize(("rule", "example"), BAD)
def test_bad_is_flagged_by_its_rule_at_its_lines_and_by_no_other(
    rule: AnyRule, example: Example
) -> None:
    report = report_of(example, example.bad, rule)
    own = sorted({line_in_example(f) for f in report.findings if f.code == rule.code}, key=str)
    assert own == sorted(example.lines, key=str)
    others = {f.code for f in serious(report) if f.code != rule.code}
    assert others <= set(example.also), [f.message for f in serious(report)]


@pytest.mark.parametrize(("rule", "example", "text"), GOOD)
def test_good_is_silent(rule: AnyRule, example: Example, text: str) -> None:
    report = report_of(example, text, rule)
    loud = [*serious(report), *(f for f in report.findings if f.code == rule.code)]
    assert not [(f.code, line_in_example(f), f.message) for f in loud]


@pytest.mark.parametrize(("rule", "example"), FIXED)
def test_the_fix_makes_good_of_bad_byte_for_byte_and_then_rests(
    rule: AnyRule, example: Example
) -> None:
    text = fixed(example, example.bad, rule)
    assert text == (example.fixed or example.fixed_unsafely)
    assert fixed(example, text, rule) == text


def fixed(example: Example, text: str, rule: AnyRule) -> str:
    """Apply the rule's fixes; an unsafe one only where the example says so."""
    report = report_of(example, text, rule)
    own = [f for f in report.findings if f.code == rule.code]
    edits = chosen(own, unsafe=bool(example.fixed_unsafely))
    by_path = {source.path: (source, changes) for source, changes in edits.items()}
    if not by_path:
        return text
    ((_, (source, changes)),) = by_path.items()
    after = apply_edits(source.text, changes)
    return after.encode("latin-1").decode("utf-8", "surrogateescape")


@pytest.mark.parametrize(("rule", "example"), BAD)
def test_a_fix_is_as_safe_as_its_example_says(rule: AnyRule, example: Example) -> None:
    report = report_of(example, example.bad, rule)
    offered = {f.fix.safe for f in report.findings if f.code == rule.code and f.fix}
    if example.fixed:
        assert offered == {True}
    elif example.fixed_unsafely:
        assert False in offered
    elif rule.fixability is Fixability.MANUAL:
        assert not offered, "an example must show what the fix makes: fixed or fixed_unsafely"


@pytest.mark.parametrize("rule", EACH)
def test_a_rule_has_what_it_needs(rule: AnyRule) -> None:
    assert any(example.bad for example in rule.examples)
    assert any(example.good and not example.bad for example in rule.examples)
    for example in rule.examples:
        assert not (example.fixed and example.fixed_unsafely)
        assert example.bad or not (example.fixed or example.fixed_unsafely)
        assert all(text.endswith("\n") for text in (example.bad, *example.all_good) if text)
        assert isinstance(rule, HostRule) or example.host is None
    assert re.fullmatch(r"\d+\.\d+\.\d+", rule.since)
    assert rule.references or isinstance(rule, SuppressionRule)


@pytest.mark.parametrize("rule", EACH)
def test_code_name_file_and_folder_agree(rule: AnyRule) -> None:
    assert rule.code.startswith(FAMILIES[rule.family][0])
    module = import_module(module_name(rule.code, rule.name))
    assert module.RULE is rule
    assert Path(str(module.__file__)).stem == re.sub("[-.]", "_", rule.name)
    assert not rule.name.startswith(("no-", "fix-")) or rule.code in NAMED_NO


@pytest.mark.parametrize("rule", EACH)
def test_the_documentation_has_its_headings(rule: AnyRule) -> None:
    text = documentation_of(rule)
    assert text.summary.endswith(".")
    assert tuple(heading for heading, _ in text.sections) == HEADINGS
    assert all(body for _, body in text.sections)
    assert inspect.getdoc(rule.check)


@pytest.mark.parametrize("rule", EACH)
def test_a_rule_subscribes_to_what_it_needs_and_no_more(rule: AnyRule) -> None:
    if isinstance(rule, SuppressionRule):
        return
    assert isinstance(rule.on, Every) == (rule.code in SEE_EVERYTHING)
    if not isinstance(rule.on, Every):
        assert rule.on or rule.faults
        assert all(name == name.lower() and not name.endswith(">") for name in rule.on)
    assert not (rule.when_absent and rule.over is Over.WRITTEN)


def test_codes_and_names_are_used_once() -> None:
    assert len({rule.code for rule in RULES}) == len(RULES)
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert [rule.code for rule in RULES] == sorted(rule.code for rule in RULES)


@pytest.mark.parametrize("rule", EACH)
def test_messages_are_one_sentence_without_its_full_stop(rule: AnyRule) -> None:
    for example in rule.examples:
        if example.bad:
            report = report_of(example, example.bad, rule)
            for finding in report.findings:
                if finding.code == rule.code:
                    assert finding.message
                    assert not finding.message.endswith(".")
                    assert "\n" not in finding.message


@pytest.mark.parametrize("rule", EACH)
def test_a_rule_that_needs_the_whole_configuration_is_silent_in_a_fragment(rule: AnyRule) -> None:
    if isinstance(rule, SuppressionRule) or not rule.whole_tree:
        return
    for example in rule.examples:
        for text in (example.bad, *example.all_good):
            if text and example.scope is Scope.WHOLE:
                alone = type(example)(bad=text, scope=Scope.FRAGMENT)
                assert rule.code not in {f.code for f in report_of(alone, text, rule).findings}
