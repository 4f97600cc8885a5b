"""Cases of the rules about what is left from httpd 2.2."""

from __future__ import annotations

import pytest

from mpmtune.model.finding import Severity
from tests.lint.rules.cases import findings, fixed, lines

COMPAT = "access_compat"


def mixed(text: str) -> list[tuple[int, Severity]]:
    return [(f.line, f.severity) for f in findings("DEP802", text, COMPAT)]


def section(kind: str, path: str, *content: str) -> str:
    return "\n".join([f"<{kind} {path}>", *content, f"</{kind}>", ""])


DENY_ALL = ("Order deny,allow", "Deny from all")
ALLOW_ALL = ("Order allow,deny", "Allow from all")


def test_the_nearest_section_around_decides_and_the_main_servers_comes_last() -> None:
    outer = section("Directory", "/srv", "Require all denied")
    host = section("VirtualHost", "*:80", "ServerName a.example.com", "{}")
    inner = section("Directory", "/srv/a", *ALLOW_ALL)
    between = section("Directory", "/srv/a/", "Require valid-user")
    assert mixed(outer + host.format(inner)) == [(8, Severity.ERROR)]
    assert not mixed(outer + between + host.format(inner))


def test_require_in_a_later_section_of_the_same_path_takes_the_place_of_an_earlier() -> None:
    denied = section("Directory", "/srv", "Require all denied")
    granted = section("Directory", "/srv", "Require all granted")
    inner = section("Directory", "/srv/a", *ALLOW_ALL)
    assert mixed(denied + inner) == [(6, Severity.ERROR)]
    assert not mixed(denied + granted + inner)


def test_an_outer_deny_below_which_some_are_allowed_is_not_reported() -> None:
    outer = section("Location", "/", *DENY_ALL, "Allow from 192.0.2.1")
    assert not mixed(outer + section("Location", "/pub", "Require all granted"))


def test_the_same_style_in_both_sections_is_not_reported() -> None:
    outer = section("Location", "/", *DENY_ALL)
    assert not mixed(outer + section("Location", "/pub", *ALLOW_ALL))
    assert not mixed(outer + section("Location", "/pub", "Require all denied"))


@pytest.mark.parametrize("require", ["Require valid-user", "Require not user eve"])
def test_who_somebody_is_may_be_asked_beside_where_he_comes_from(require: str) -> None:
    assert not mixed(section("Location", "/", *DENY_ALL, "Allow from 192.0.2.1", require))


@pytest.mark.parametrize("join", ["Satisfy any", "<RequireAny>\nRequire local\n</RequireAny>"])
def test_styles_that_are_joined_on_purpose_are_not_reported(join: str) -> None:
    assert not mixed(section("Location", "/", *DENY_ALL, "Require local", join))


def test_a_pair_that_lets_everybody_in_is_not_reported() -> None:
    assert not mixed(section("Location", "/", *ALLOW_ALL, "Require all granted"))


def test_patterns_and_sections_within_sections_are_not_compared() -> None:
    outer = section("Location", "/", *DENY_ALL)
    files = section("Files", "a", "Require all granted")
    assert not mixed(outer + section("Location", "~ ^/pub", "Require all granted"))
    assert not mixed(outer + section("Directory", "/srv", files))
    assert not mixed(outer + section("LocationMatch", "^/pub", "Require all granted"))


def test_a_section_that_httpd_refuses_comes_to_nothing() -> None:
    assert not mixed(section("Location", "/", "Order sideways", "Require local"))


def test_access_that_require_cannot_list_has_no_fix() -> None:
    text = section("Location", "/", *DENY_ALL, "Allow from env=!x")
    assert fixed("DEP801", text, COMPAT) == text


def test_a_section_with_require_of_its_own_has_no_fix() -> None:
    text = section("Location", "/", *ALLOW_ALL, "Require all granted")
    assert lines("DEP801", text, COMPAT) == [2]
    assert fixed("DEP801", text, COMPAT) == text


@pytest.mark.parametrize(
    ("level", "after"),
    [
        ("9", "LogLevel rewrite:trace8\nTimeout 60\n"),
        ("0", "Timeout 60\n"),
        ("high", "RewriteLogLevel high\nTimeout 60\n"),
    ],
)
def test_a_rewrite_log_level_becomes_a_trace_level(level: str, after: str) -> None:
    assert fixed("DEP806", f"RewriteLogLevel {level}\nTimeout 60\n", "rewrite") == after


@pytest.mark.parametrize(
    "condition",
    ["< 2.4", "<= 2.2", "= 2.2.3", "2.2", "!>= 2.4.0", "!> 2.3"],
)
def test_a_version_that_no_2_4_has_is_recognised(condition: str) -> None:
    assert lines("DEP811", f"<IfVersion {condition}>\nTimeout 5\n</IfVersion>\n") == [1]


@pytest.mark.parametrize("condition", ["<= 2.4", "> 2.2", "~ ^2.2", "= /2.2/", "2.4.7", "!< 2.4"])
def test_a_version_that_some_2_4_may_have_is_left_alone(condition: str) -> None:
    assert not lines("DEP811", f"<IfVersion {condition}>\nTimeout 5\n</IfVersion>\n")


def test_a_section_that_another_tag_closes_has_no_fix() -> None:
    text = "<IfVersion < 2.4>\nTimeout 5\n</Location>\n"
    assert fixed("DEP811", text) == text


def test_a_module_under_its_new_name_is_not_loaded_twice() -> None:
    new = "LoadModule cache_disk_module modules/mod_cache_disk.so\n"
    old = "LoadModule disk_cache_module modules/mod_disk_cache.so\n"
    assert fixed("DEP807", old + new, "cache") == new
