"""Cases of the opt-in rules about security that their pages are not about."""

from __future__ import annotations

import pytest

from mpmtune.model.finding import Severity
from tests.lint.rules.cases import findings, fixed, lines

COMPAT = "access_compat"
AUTH = ("authn_core", "authn_file", "auth_basic", "authz_user")
BASIC = ("AuthType Basic", "AuthName x", "AuthUserFile /srv/www/pw")


def section(kind: str, path: str, *content: str) -> str:
    return "\n".join([f"<{kind} {path}>", *content, f"</{kind}>", ""])


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (("Order deny,allow", "Deny from all", "Allow from 192.0.2.1"), []),
        (("Satisfy Any", "Require valid-user", "Deny from all"), []),
        (("Order allow,deny", "Allow from all"), [3]),
        (("Order nonsense",), []),
        (("AuthzSVNAccessFile /srv/www/authz",), []),
        ((), [3]),
    ],
)
def test_webdav_is_judged_by_all_that_may_turn_a_client_away(
    content: tuple[str, ...], expected: list[int]
) -> None:
    text = "DavLockDB /srv/www/run/dav\n" + section("Directory", "/srv/www/a", "Dav On", *content)
    assert lines("SEC334", text, "dav", "dav_fs", COMPAT, *AUTH) == expected


def test_webdav_in_a_pattern_or_an_inner_section_is_not_judged() -> None:
    inner = section("Directory", "/srv/www/a", section("Files", "b", "Dav On"))
    outer = section("DirectoryMatch", '"^/srv"', "Dav On")
    assert lines("SEC334", inner + outer, "dav", "dav_fs") == []


def test_webdav_is_not_judged_where_a_pattern_may_have_a_say() -> None:
    text = section("Location", "/a", "Dav On") + section(
        "If", "\"%{REMOTE_ADDR} == '192.0.2.1'\"", "Require all denied"
    )
    assert lines("SEC334", text, "dav", "dav_fs") == []


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (("Satisfy Any", "Require valid-user", "Deny from all"), []),
        (("Satisfy Any", "Require valid-user", "Order nonsense"), []),
        (("Satisfy Any", "Require valid-user", "Allow from 192.0.2.1"), [Severity.WARNING]),
        (("Satisfy Any", "Require valid-user", "Order allow,deny"), []),
        (
            ("Satisfy Any", "Require valid-user", "Order allow,deny", "Allow from 192.0.2.1"),
            [Severity.INFO],
        ),
        (("Satisfy Any", "Satisfy All", "Require valid-user"), []),
        (("Satisfy Any", "Require all granted"), []),
        (("Satisfy Any",), []),
    ],
)
def test_satisfy_any_counts_by_whom_allow_and_deny_let_in(
    content: tuple[str, ...], expected: list[Severity]
) -> None:
    text = section("Directory", "/srv/www/a", *BASIC, *content)
    assert [f.severity for f in findings("SEC339", text, COMPAT, *AUTH)] == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (("Require ip ::/0", "Require group staff"), [2]),
        (("Require ip 10", "Require valid-user"), []),
        (("<RequireAll>", "Require valid-user", "</RequireAll>"), []),
        (("<Limit PUT>", "Require valid-user", "</Limit>", "Require all granted"), [5]),
        (("<LimitExcept GET>", "Require valid-user", "</LimitExcept>", "Require all granted"), [5]),
        (("<RequireNone>", "Require valid-user", "</RequireNone>"), []),
        (("Require valid-user", "Require user a", "Require all granted"), [4]),
    ],
)
def test_one_of_several_requirements_is_enough(
    content: tuple[str, ...], expected: list[int]
) -> None:
    text = section("Directory", "/srv/www/a", *content)
    assert lines("SEC339", text, *AUTH, "authz_groupfile") == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Allow from env=inside", [3]),
        ("Deny from env=inside", []),
        ("Allow from env=outside", []),
        ("Require env other inside", [3]),
        ("Require env other", []),
        ("Require", []),
    ],
)
def test_a_variable_counts_where_it_lets_somebody_in(line: str, expected: list[int]) -> None:
    text = 'SetEnvIf Host "^a" inside=1 !other\n' + section("Location", "/a", line)
    assert lines("SEC329", text, "setenvif", COMPAT) == expected


def test_a_refused_variable_lets_nobody_in() -> None:
    text = 'BrowserMatch "^a" bad\n' + section(
        "Location", "/a", "<RequireNone>", "Require env bad", "</RequireNone>"
    )
    assert lines("SEC329", text, "setenvif") == []


CACHE = "CacheRoot /srv/www/run\n{}CacheEnable disk /\n"
MODULES = ("cache", "cache_disk", COMPAT, *AUTH)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (section("Location", "/a", "Require local"), [2]),
        (section("Location", "/a", "Require local") * 2, [2]),
        (section("Location", "a", "Require local"), []),
        (section("Location", "/a", "Require all denied"), []),
        (section("Location", "/a", "Require ssl"), []),
        (section("Files", "a", "Require local"), []),
        (section("Location", "/a", "Require env a", "AuthMerging Off"), [2]),
        (section("Location", "/a", "Deny from all"), []),
        (section("Location", "/a//b", "Require local"), []),
    ],
)
def test_a_cache_in_front_of_the_check_counts_where_some_are_let_in(
    text: str, expected: list[int]
) -> None:
    assert lines("SEC335", CACHE.format("") + text, *MODULES) == expected
    assert lines("SEC335", CACHE.format("CacheQuickHandler off\n") + text, *MODULES) == []


def test_a_cache_for_other_schemes_or_with_too_few_words_is_not_judged() -> None:
    text = "CacheRoot /srv/www/run\nCacheEnable disk http://\nCacheEnable disk\n"
    guarded = section("Location", "/a", "Require local")
    assert lines("SEC335", text + guarded, *MODULES) == []


def test_a_virtual_host_is_guarded_by_what_the_main_server_says() -> None:
    host = section("VirtualHost", "*:8080", "DocumentRoot /srv/www/a")
    twin = section("VirtualHost", "*:8081", "DocumentRoot /srv/www/b")
    assert lines("SEC318", host + twin) == [2]
    assert lines("SEC318", f'RedirectMatch 404 "/\\."\n{host}{twin}') == []
    assert lines("SEC318", f'RedirectMatch 404 "/\\.git"\n{host}{twin}') == [3]
    assert fixed("SEC318", host + twin).startswith('RedirectMatch 404 "/\\.(?:git|svn|env)')


def test_virtual_hosts_with_other_guards_are_judged_each() -> None:
    guarded = section(
        "VirtualHost", "*:8080", "DocumentRoot /srv/www/a", 'RedirectMatch 404 "/\\."'
    )
    host = section("VirtualHost", "*:8081", "DocumentRoot /srv/www/b")
    assert lines("SEC318", guarded + host) == [6]
    assert lines("SEC318", guarded + guarded.replace("8080", "8081")) == []


def test_a_log_to_nowhere_is_not_inherited_from() -> None:
    host = section("VirtualHost", "*:8080", "ErrorLog /dev/null")
    text = f'CustomLog /srv/www/logs/a.log "%h"\nErrorLog /dev/null\n{host}'
    assert [f.fix for f in findings("SEC337", text)] == [None, None]


def test_words_of_a_log_line_that_are_missing_are_no_secret() -> None:
    assert lines("SEC336", "CustomLog\nLogFormat\n") == []


def test_a_limit_that_is_no_number_is_left_to_others() -> None:
    assert lines("SEC320", "LimitRequestFields many\n") == []


def test_a_requirement_that_httpd_refuses_in_a_virtual_host_is_left_to_others() -> None:
    text = section("VirtualHost", "*:8080", "Require env inside", "Require valid-user")
    assert lines("SEC329", f'SetEnvIf Host "^a" inside\n{text}', "setenvif") == []
    assert lines("SEC339", text, *AUTH) == []
