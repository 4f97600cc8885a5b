"""Cases of the rules about syntax, context and scope."""

from __future__ import annotations

import pytest

from mpmtune.lint.rule import Scope
from mpmtune.model.finding import Severity
from tests.lint.rules.cases import findings, fixed, lines


def messages(code: str, text: str, *modules: str, scope: Scope | None = None) -> list[str]:
    return [finding.message for finding in findings(code, text, *modules, scope=scope)]


def test_a_name_that_resembles_nothing_is_certain_in_a_whole_configuration_only() -> None:
    assert [f.severity for f in findings("SYN902", "Wobble 5\n")] == [Severity.ERROR]
    alone = findings("SYN902", "Wobble 5\n", scope=Scope.FRAGMENT)
    assert [(f.severity, f.message) for f in alone] == [
        (Severity.WARNING, "No module that comes with httpd has Wobble")
    ]


def test_an_unknown_section_that_is_not_closed_is_not_renamed() -> None:
    text = "<Direcotry /srv>\n"
    assert fixed("SYN902", text) == text


def test_a_directive_says_where_it_belongs() -> None:
    assert messages("SYN903", "Require all granted\n") == [
        "Require not allowed here: it belongs into a section such as <Directory>"
    ]
    assert messages("SYN903", "Listen 80\n", scope=Scope.HTACCESS) == [
        "Listen not allowed here: it belongs into the server's configuration"
    ]


def test_a_useless_override_is_no_error_of_placement() -> None:
    assert not lines("SYN903", "<Location />\nAllowOverride None\n</Location>\n")


def test_error_stops_a_whole_configuration_and_is_left_open_in_a_fragment() -> None:
    assert messages("SYN904", 'Error "Set NAME first."\n') == ["Set NAME first"]
    assert not lines("SYN904", 'Error "Set NAME first."\n', scope=Scope.FRAGMENT)


@pytest.mark.parametrize(
    "line",
    ["Timeout 60 # c", "KeepAlive “On”", "Port 80", "AsyncRequestWorkerFactor x"],
)
def test_what_another_rule_explains_is_said_once(line: str) -> None:
    assert not lines("SYN904", f"{line}\n")


def test_options_that_a_sign_cannot_help_have_no_fix() -> None:
    text = "<Directory /srv>\nOptions None +Indexes FollowSymLinks\n</Directory>\n"
    assert lines("SYN905", text) == [2]
    assert fixed("SYN905", text) == text


def test_a_comment_swallows_tags_and_directives_of_other_modules() -> None:
    assert lines("SYN907", "<Location />\n# c \\\n</Location>\n", scope=Scope.FRAGMENT) == [2]
    assert lines("SYN907", "# c \\\nSecRuleEngine On\n") == [1]
    assert lines("SYN907", "# c \\\n# d \\\n  Timeout 5\n") == [1]
    assert not lines("SYN907", "# c \\\n<not a tag\n")
    assert not lines("SYN907", "ServerAlias a \\\n  Timeout\n", scope=Scope.FRAGMENT)


def test_a_pattern_of_include_is_not_made_optional_when_it_is() -> None:
    text = "Include /srv/absent/a[b].conf\n"
    assert fixed("SYN908", text) == "IncludeOptional /srv/absent/a[b].conf\n"


def test_a_variable_in_a_macro_is_shown_where_the_macro_has_it() -> None:
    text = "<Macro M $name>\nServerAdmin ${$name}\n</Macro>\nUse M ABSENT\n"
    found = findings("SYN909", text, "macro")
    assert [finding.line for finding in found] == [2]
    assert "${ABSENT}" in found[0].message


def test_a_log_format_with_an_unknown_name_settles_nothing() -> None:
    log = "CustomLog /srv/www/logs/a.log brief\n"
    assert lines("SYN910", log) == [1]
    assert not lines("SYN910", f'LogFormat "%h" ${{NAME}}\n{log}')
    assert lines("SYN910", f'LogFormat "%h"\n{log}') == [2]


def test_a_nickname_that_is_defined_for_another_host_is_not_offered_when_it_is_the_same() -> None:
    log = "CustomLog /srv/www/logs/a.log brief\n"
    host = '<VirtualHost *:80>\nServerName a.example.com\nLogFormat "%h" brief\n</VirtualHost>\n'
    assert fixed("SYN910", host + log) == host + log


def test_a_usual_format_is_inserted_once_for_each_server() -> None:
    log = "CustomLog /srv/www/logs/a.log agent\n"
    assert fixed("SYN910", log + log) == f'LogFormat "%{{User-Agent}}i" agent\n{log}{log}'


@pytest.mark.parametrize(
    ("text", "modules"),
    [
        ('<Directory ~ "^/srv/(a">\nRequire local\n</Directory>\n', ()),
        ('SetEnvIf Host "(a" b\n', ("setenvif",)),
        ('BrowserMatch "a(" b\n', ("setenvif",)),
        ("ProxyPassMatch ^/(a http://b.example.com\n", ("proxy",)),
        ("RewriteCond %{HTTP_HOST} !(a\nRewriteRule ^ -\n", ("rewrite",)),
        ("RedirectMatch gone ^/(a\n", ()),
        ("RedirectMatch permanent ^/(a http://b.example.com/\n", ()),
        ("RedirectMatch ^/(a http://b.example.com/\n", ()),
    ],
)
def test_a_pattern_is_found_where_its_directive_has_it(text: str, modules: tuple[str, ...]) -> None:
    assert lines("SYN913", text, *modules) == [1]


@pytest.mark.parametrize(
    ("text", "modules"),
    [
        ("<Directory /srv/(a>\nRequire local\n</Directory>\n", ()),
        (
            "<LocationMatch ^/a>\nProxyPassMatch http://b.example.com/(a\n</LocationMatch>\n",
            ("proxy",),
        ),
        ("RewriteCond expr \"%{HTTP_HOST} == '('\"\nRewriteRule ^ -\n", ("rewrite",)),
        ("RewriteCond %{HTTP_HOST} !=(a\nRewriteRule ^ -\n", ("rewrite",)),
        ("RedirectMatch ^/a /b(c\n", ()),
    ],
)
def test_what_is_no_pattern_is_not_judged(text: str, modules: tuple[str, ...]) -> None:
    assert not lines("SYN913", text, *modules)


def test_values_of_two_files_may_differ_for_information() -> None:
    text = "Timeout 30\n<IfDefine !Absent>\nTimeout 60\nTimeout 60s\n</IfDefine>\n"
    assert lines("SYN914", text) == [4]


def test_a_location_below_the_document_root_that_is_not_closed_has_no_fix() -> None:
    text = "DocumentRoot /srv/www/htdocs\n<Location /srv/www/htdocs/a>\nRequire local\n"
    assert fixed("SYN915", text) == text


def test_a_directory_that_an_alias_leads_to_or_into_is_one() -> None:
    alias = "Alias /srv/a /srv/a\nAlias /srv /home/b\nAlias /c relative\n"
    sections = "".join(
        f"<Directory {path}>\nRequire local\n</Directory>\n" for path in ("/srv/a", "/home", "/c")
    )
    assert not lines("SYN915", alias + sections)


@pytest.mark.parametrize(
    "asking",
    [
        "<Location />\nRequire not env late\n</Location>\n",
        "<Location />\nAllow from env=late\n</Location>\n",
        "<Location />\nDeny from env=!late\n</Location>\n",
        "SetEnvIfNoCase late ^1 later\n",
        "RewriteCond %{REQUEST_URI}%{ENV:late} 1\nRewriteRule ^ -\n",
    ],
)
def test_a_variable_is_asked_for_in_many_ways(asking: str) -> None:
    modules = ("env", "setenvif", "rewrite", "access_compat")
    assert lines("SYN917", f"SetEnv late 1\n{asking}", *modules) == [1]


@pytest.mark.parametrize(
    "other",
    [
        "<Location />\nRequire env early\nRequire ip 192.0.2.1\n</Location>\n",
        "SetEnvIf Request_URI late other\n",
        "RewriteCond %{HTTP:late} 1\nRewriteRule ^ -\n",
        "<Location />\nRequire all granted\n</Location>\n",
    ],
)
def test_other_questions_are_none_of_the_variable(other: str) -> None:
    assert not lines("SYN917", f"SetEnv late 1\n{other}", "env", "setenvif", "rewrite")


def test_a_value_with_a_blank_is_quoted_whole() -> None:
    text = 'SetEnv late "a b"\n<Location />\nRequire env late\n</Location>\n'
    after = 'SetEnvIf Request_URI ".*" "late=a b"\n<Location />\nRequire env late\n</Location>\n'
    assert fixed("SYN917", text, "env", "setenvif") == after


def test_a_virtual_host_may_define_a_nickname_for_itself() -> None:
    text = (
        "<VirtualHost *:8080>\n"
        'LogFormat "%h %u" own\nCustomLog /srv/www/logs/own.log own\n</VirtualHost>\n'
    )
    assert lines("SYN910", text) == []
