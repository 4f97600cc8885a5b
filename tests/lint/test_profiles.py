"""Which rules each profile takes: the benchmarks by their numbers, the others by family."""

from __future__ import annotations

import pytest

from mpmtune.lint.documentation import controls_of
from mpmtune.lint.listing import listing_of
from mpmtune.lint.profiles import Profile
from mpmtune.lint.registry import all_rules, find
from mpmtune.lint.rule import Example, Scope
from tests.lint.own_rules import checked

# CIS Apache HTTP Server 2.4 Benchmark.
CIS = {
    "KAL201": ("9.2",),
    "KAL202": ("9.4",),
    "KAL204": ("9.3",),
    "KAL206": ("9.1",),
    "KAL208": ("9.5", "9.6"),
    "KAL209": ("9.5",),
    "KAL210": ("9.6",),
    "MOD115": ("2.1",),
    "PRF505": ("6.1",),
    "SEC301": ("4.1",),
    "SEC302": ("4.1", "4.2"),
    "SEC304": ("4.3", "4.4"),
    "SEC305": ("2.5", "5.2"),
    "SEC306": ("5.1", "5.2", "5.3"),
    "SEC307": ("5.3",),
    "SEC311": ("8.1",),
    "SEC312": ("8.2",),
    "SEC313": ("5.8",),
    "SEC314": ("2.4", "2.8"),
    "SEC315": ("2.6",),
    "SEC317": ("5.10",),
    "SEC318": ("5.11", "5.12"),
    "SEC319": ("8.4",),
    "SEC320": ("10.1", "10.2", "10.3", "10.4"),
    "SEC321": ("5.7",),
    "SEC322": ("2.9",),
    "SEC323": ("7.3",),
    "SEC330": ("5.9",),
    "SEC334": ("2.3",),
    "SEC337": ("6.1", "6.3"),
    "SEC338": ("3.1",),
    "TLS401": ("7.4",),
    "TLS402": ("7.5", "7.8", "7.12"),
    "TLS403": ("7.7",),
    "TLS404": ("7.6",),
    "TLS408": ("7.11",),
    "VHO710": ("5.14",),
}
# DISA STIG Apache Server 2.4 UNIX.
STIG = {
    "KAL201": ("V-214228",),
    "KAL204": ("V-214228",),
    "KAL206": ("V-214255",),
    "KAL208": ("V-214258",),
    "MOD115": ("V-214240",),
    "SEC308": ("V-214244", "V-214282"),
    "SEC311": ("V-214256",),
    "SEC312": ("V-214256",),
    "SEC313": ("V-214257",),
    "SEC314": ("V-214242",),
    "SEC315": ("V-214241",),
    "SEC334": ("V-214245",),
    "SEC337": ("V-214231",),
}
RULES = {rule.code: rule for rule in all_rules()}


def taken(profile: Profile) -> set[str]:
    return {code for code, rule in RULES.items() if profile.takes(listing_of(rule))}


@pytest.mark.parametrize("code", [code for code in CIS if code in RULES])
def test_a_rule_has_its_numbers_in_the_cis_benchmark(code: str) -> None:
    assert RULES[code].cis == CIS[code]
    assert code in taken(Profile.CIS)


@pytest.mark.parametrize("code", [code for code in STIG if code in RULES])
def test_a_rule_has_its_numbers_in_the_stig(code: str) -> None:
    assert RULES[code].stig == STIG[code]
    assert code in taken(Profile.STIG)


def test_no_other_rule_has_a_number() -> None:
    assert {code for code, rule in RULES.items() if rule.cis} <= CIS.keys()
    assert {code for code, rule in RULES.items() if rule.stig} <= STIG.keys()


def test_the_profiles_of_benchmarks_take_what_has_a_number_and_no_more() -> None:
    about_suppressions = {code for code in RULES if code.startswith("LNT")}
    numbered = {code for code, rule in RULES.items() if rule.cis}
    assert taken(Profile.CIS) == numbered | about_suppressions
    assert taken(Profile.STIG) == {code for code in STIG if code in RULES} | about_suppressions


@pytest.mark.parametrize(
    ("profile", "families"),
    [
        (Profile.MIGRATION, {"DEP", "SYN", "LNT"}),
        (Profile.PERF, {"MPM", "KAL", "PRF", "LNT"}),
    ],
)
def test_a_profile_of_families_takes_all_their_rules(profile: Profile, families: set[str]) -> None:
    assert taken(profile) == {code for code in RULES if code[:3] in families}


def test_strict_takes_every_rule_and_default_those_of_the_first_tier() -> None:
    assert taken(Profile.STRICT) == set(RULES)
    assert taken(Profile.DEFAULT) == {code for code, rule in RULES.items() if rule.by_default}
    assert {"SEC306", "SEC319", "SEC330"}.isdisjoint(taken(Profile.DEFAULT))


def test_numbers_are_written_as_the_benchmarks_write_them() -> None:
    for rule in RULES.values():
        assert all(number.replace(".", "").isdecimal() for number in rule.cis)
        assert all(number.startswith("V-") and number[2:].isdecimal() for number in rule.stig)


def test_controls_are_named_with_their_numbers() -> None:
    assert controls_of(RULES["KAL204"]) == (
        "CIS Apache HTTP Server 2.4 Benchmark: 9.3",
        "DISA STIG Apache Server 2.4 UNIX: V-214228",
    )
    assert controls_of(RULES["MPM004"]) == ()


def test_the_stig_asks_for_a_timeout_of_60_seconds() -> None:
    assert Profile.STIG.thresholds.timeout_seconds == 60
    assert Profile.STIG.thresholds.request_line_bytes == 65_536


LIMITS = "LimitRequestLine 1000\nLimitRequestFieldSize 2000\nLimitRequestFields 200\n"


def messages(profile: Profile, text: str, scope: Scope = Scope.WHOLE) -> list[str]:
    rule = find("SEC320")
    assert rule is not None
    report = checked(text, rule, example=Example(scope=scope), thresholds=profile.thresholds)
    return [finding.message for finding in report.findings]


def test_the_cis_profile_holds_request_limits_against_the_benchmark() -> None:
    assert messages(Profile.STRICT, LIMITS) == []
    assert messages(Profile.CIS, f"{LIMITS}LimitRequestBody 102400\n") == [
        "LimitRequestLine 1000 is more than 512 that is asked for",
        "LimitRequestFieldSize 2000 is more than 1024 that is asked for",
        "LimitRequestFields 200 is more than 100 that is asked for",
    ]


def test_the_cis_profile_names_limits_that_are_not_set_where_all_is_there_to_see() -> None:
    (message,) = messages(Profile.CIS, "Timeout 10\n")
    assert message.startswith("LimitRequestLine, LimitRequestFieldSize, LimitRequestBody not set")
    assert messages(Profile.CIS, "Timeout 10\n", Scope.FRAGMENT) == []
    assert messages(Profile.CIS, "LimitRequestLine much\n", Scope.FRAGMENT) == []
