"""Rules of SEC that are on by default, in the cases that their examples are not about."""

from __future__ import annotations

from mpmtune.lint.rule import Scope
from tests.lint.rules.cases import findings, fixed, lines

COMPAT = "access_compat"


def test_a_root_that_the_words_of_2_2_shut_is_shut() -> None:
    text = "DocumentRoot /srv/www\n<Directory />\nOrder deny,allow\nDeny from all\n</Directory>\n"
    assert findings("SEC301", text, COMPAT) == []


def test_an_order_alone_shuts_nothing_and_grants_nothing_by_itself() -> None:
    text = "DocumentRoot /srv/www\n<Directory />\nOrder deny,allow\n</Directory>\n"
    assert len(findings("SEC301", text, COMPAT)) == 1
    assert findings("SEC302", text, COMPAT) == []


def test_a_root_whose_requires_may_be_passed_by_any_of_two_ways_is_not_judged() -> None:
    text = "<Directory />\nSatisfy any\nRequire all granted\n</Directory>\n"
    assert findings("SEC302", text, COMPAT) == []


def test_a_root_granted_by_several_lines_has_no_fix() -> None:
    text = "<Directory />\nRequire all granted\nRequire ip 192.0.2.1\n</Directory>\n"
    (said,) = findings("SEC302", text)
    assert (said.line, said.fix) == (1, None)
    text = (
        "<Directory />\n<RequireAll>\nRequire not ip 192.0.2.1\nRequire all granted\n"
        "</RequireAll>\n</Directory>\n"
    )
    assert findings("SEC302", text) == []


def test_a_root_granted_by_a_section_of_requires_has_no_fix() -> None:
    inner = "<RequireAny>\nRequire all granted\n</RequireAny>\n"
    (said,) = findings("SEC302", f"<Directory />\n{inner}</Directory>\n")
    assert (said.line, said.fix) == (2, None)


def test_a_root_that_a_condition_may_shut_is_not_judged() -> None:
    text = (
        '<Directory />\nRequire all granted\n<If "-n %{QUERY_STRING}">\n'
        "Require all denied\n</If>\n</Directory>\n"
    )
    assert findings("SEC302", text) == []


def test_both_styles_must_be_passed() -> None:
    granted = "Require all granted\n"
    text = f"<Directory />\n{granted}Order allow,deny\nAllow from 192.0.2.1\n</Directory>\n"
    assert findings("SEC302", text, COMPAT) == []


def test_the_last_word_of_a_directory_counts_for_its_server_alone() -> None:
    one = "<Directory /srv/www>\nAllowOverride {}\n</Directory>\n"
    host = "<VirtualHost *:8080>\n{}</VirtualHost>\n"
    text = one.format("All") + host.format(one.format("None"))
    assert lines("SEC304", text) == [2]


def test_a_listing_that_a_location_takes_away_is_none() -> None:
    directory = "<Directory /srv/www>\nOptions Indexes\n</Directory>\n"
    assert lines("SEC305", f"{directory}Options Indexes\n", "autoindex") == [2, 4]
    assert lines("SEC305", directory, "autoindex") == [2]
    inner = "<Location /x>\nOptions +Indexes\n</Location>\n<Location /x>\nOptions -Indexes\n</Location>\n"
    assert lines("SEC305", inner, "autoindex") == []


def test_what_lists_by_all_has_no_fix() -> None:
    (said,) = findings("SEC305", "Options All\n", "autoindex")
    assert said.fix is None


def test_a_handler_that_shows_source_or_has_no_extension_runs_nothing() -> None:
    text = (
        "AddHandler application/x-httpd-php-source .phps\nAddHandler\nAddHandler cgi-script\n"
        "AddHandler fcgid-script *.x\n"
    )
    assert lines("SEC309", text, scope=Scope.FRAGMENT) == []


def test_a_handler_under_a_condition_or_an_unknown_pattern_is_not_judged() -> None:
    condition = '<If "%{REQUEST_URI} =~ /x/">\nAddHandler fcgid-script .fcgi\n</If>\n'
    unknown = '<FilesMatch "(?<!x)\\.fcgi">\nAddHandler fcgid-script .fcgi\n</FilesMatch>\n'
    assert lines("SEC309", condition + unknown, scope=Scope.FRAGMENT) == []


def test_another_directory_of_scripts_does_not_make_this_one_safe() -> None:
    text = (
        "ScriptAlias /a/ /srv/a/\nScriptAlias /b/ /srv/b/\n<Directory /srv/b>\n"
        "Options ExecCGI\nAddHandler cgi-script .cgi\n</Directory>\n<Directory /srv/c>\n"
        "AddHandler cgi-script .cgi\n</Directory>\n"
    )
    assert lines("SEC309", text, "cgid") == [8]


def test_the_fix_of_a_handler_leaves_odd_extensions_alone() -> None:
    text = "AddHandler fcgid-script .fcgi .x*\n"
    assert fixed("SEC309", text, "actions") == text
    assert lines("SEC309", text, scope=Scope.FRAGMENT) == [1]


def test_a_pattern_for_other_scripts_or_with_an_odd_end_is_seen() -> None:
    body = "SetHandler fcgid-script\n"
    text = f"<FilesMatch \\.pl>\n{body}</FilesMatch>\n<FilesMatch \\.xyz>\n{body}</FilesMatch>\n"
    assert lines("SEC310", text, scope=Scope.FRAGMENT) == [1]
    assert (
        lines("SEC310", body + f"<Directory ~ x>\n{body}</Directory>\n", scope=Scope.FRAGMENT) == []
    )


def test_a_status_page_of_its_own_pattern_is_judged_by_itself() -> None:
    text = "<LocationMatch ^/s>\nSetHandler server-status\n</LocationMatch>\n"
    assert lines("SEC314", text, "status") == []
    assert lines("SEC314", "SetHandler server-status\n", "status") == []
    assert lines("SEC314", text.replace("/s>", "/s>\nRequire all granted"), "status") == [3]


def test_a_status_page_behind_several_requires_has_no_fix() -> None:
    text = (
        "<Location /s>\nSetHandler server-status\nRequire all granted\nRequire local\n</Location>\n"
    )
    (said,) = findings("SEC314", text, "status")
    assert said.fix is None


def test_a_list_of_methods_without_restriction_or_with_another_for_the_rest_is_right() -> None:
    text = (
        "<Directory /srv/www>\n<Limit GET>\nDirectoryIndex x\n</Limit>\n</Directory>\n"
        "<Directory /srv/ww>\n<Limit GET>\nRequire local\n</Limit>\nRequire local\n</Directory>\n"
    )
    assert lines("SEC321", text) == []


def test_deny_is_judged_as_require_is() -> None:
    limit = "<Limit GET>\nOrder allow,deny\nDeny from all\n</Limit>\n"
    rest = limit.replace("Limit GET", "LimitExcept GET").replace("/Limit>", "/LimitExcept>")
    assert lines("SEC321", f"<Directory /srv/www>\n{limit}</Directory>\n", COMPAT) == [2]
    assert lines("SEC321", f"<Directory /srv/www>\n{limit}{rest}</Directory>\n", COMPAT) == []


def test_an_alias_is_judged_by_its_own_two_words() -> None:
    text = 'Alias /img/ "/srv/img" extra\nAlias /u/ "/srv/%{reqenv:U}"\nAlias /q/ \'/srv/q\'\n'
    assert lines("SEC324", text, scope=Scope.FRAGMENT) == [3]
    assert fixed("SEC324", "Alias /q/ '/srv/q'\n") == "Alias /q/ '/srv/q/'\n"


def test_a_sensitive_directory_that_is_shut_is_a_warning() -> None:
    shut = "<Directory />\nRequire all denied\n</Directory>\n"
    (said,) = findings("SEC325", f"{shut}Alias /v /var\n")
    assert said.severity.value == "warning"
    assert lines("SEC325", "DocumentRoot htdocs\nAlias x\n", scope=Scope.FRAGMENT) == []


def test_a_macro_cannot_be_fixed() -> None:
    text = (
        "<Macro M>\n<Limit GET>\nRequire all denied\n</Limit>\nAddHandler fcgid-script .fcgi\n</Macro>\n"
        "<Directory /srv/www>\nUse M\n</Directory>\n"
    )
    for code in ("SEC309", "SEC321"):
        (said,) = findings(code, text, "macro", "fcgid")
        assert said.fix is None


def test_a_list_of_methods_is_no_section_of_its_own() -> None:
    header = "<Limit GET>\nHeader set X-Frame-Options DENY\n</Limit>\n"
    assert lines("SEC326", f"<Files x>\n{header}</Files>\n", "headers") == []
    assert lines("SEC326", f"<Directory /srv>\n{header}</Directory>\n", "headers") == [3]
