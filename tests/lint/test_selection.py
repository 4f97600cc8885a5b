"""Which rules run, and what becomes of their findings."""

from __future__ import annotations

import pytest

from mpmtune.errors import UsageError
from mpmtune.lint.profiles import Profile
from mpmtune.lint.selection import Selection
from mpmtune.model.finding import Severity
from tests.lint.own_rules import a_rule, checked, listed

KNOWN = (
    listed(a_rule("KAL201", cis=("9.1",))),
    listed(a_rule("KAL202", by_default=False)),
    listed(a_rule("DEP801", by_default=False)),
    listed(a_rule("SEC301")),
    listed(a_rule("LNT001")),
)


def codes(**more: object) -> list[str]:
    return [listing.code for listing in Selection(**more).rules(KNOWN)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        (Profile.DEFAULT, ["KAL201", "SEC301", "LNT001"]),
        (Profile.STRICT, ["KAL201", "KAL202", "DEP801", "SEC301", "LNT001"]),
        (Profile.CIS, ["KAL201", "LNT001"]),
        (Profile.MIGRATION, ["DEP801", "LNT001"]),
        (Profile.PERF, ["KAL201", "KAL202", "LNT001"]),
    ],
)
def test_a_profile_takes_its_rules_and_those_about_suppressions(
    profile: Profile, expected: list[str]
) -> None:
    assert codes(profile=profile) == expected


def test_select_takes_these_and_no_others_whatever_the_profile() -> None:
    assert codes(select=("KAL",)) == ["KAL201", "KAL202"]
    assert codes(select=("DEP801", "rule-sec301")) == ["DEP801", "SEC301"]


def test_ignore_is_stronger_than_select() -> None:
    assert codes(ignore=("KAL",)) == ["SEC301", "LNT001"]
    assert codes(select=("KAL",), ignore=("KAL202",)) == ["KAL201"]


@pytest.mark.parametrize(
    "more",
    [
        {"select": ("MPM",)},
        {"ignore": ("KAL3",)},
        {"ignore_in": {"*.conf": ("nothing",)}},
        {"severities": {"XXX": Severity.INFO}},
    ],
)
def test_a_word_that_is_no_rule_is_a_usage_error(more: dict[str, object]) -> None:
    with pytest.raises(UsageError, match="is no code, prefix or name of a rule"):
        codes(**more)


def test_findings_are_left_out_by_file_and_graded_anew() -> None:
    report = checked("Timeout 1\n", a_rule("KAL201"), a_rule("SEC301"))
    refined = Selection(
        ignore_in={"/etc/apache2/*.conf": ("SEC3",), "other/*": ("KAL",)},
        severities={"KAL201": Severity.INFO},
    ).refine(report)
    assert [(f.code, f.severity) for f in refined.findings] == [("KAL201", Severity.INFO)]
    assert Selection().refine(report) is report


def test_the_cis_profile_has_thresholds_of_its_own() -> None:
    assert Profile.CIS.thresholds.timeout_seconds == 10
    assert Profile.CIS.thresholds.request_line_bytes == 512
    assert Profile.CIS.thresholds.request_field_bytes == 1024
    assert Profile.CIS.thresholds.request_body_bytes == 102_400
    assert Profile.DEFAULT.thresholds.timeout_seconds == 120
    assert Profile.DEFAULT.thresholds is Profile.PERF.thresholds


def test_a_severity_is_that_of_the_first_word_that_means_the_rule() -> None:
    report = checked("Timeout 1\n", a_rule("KAL201"), a_rule("SEC301"))
    refined = Selection(severities={"SEC": Severity.ERROR}).refine(report)
    assert [(f.code, f.severity) for f in refined.findings] == [
        ("KAL201", Severity.WARNING),
        ("SEC301", Severity.ERROR),
    ]
