"""Rules of PRF in the cases that their examples are not about."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mpmtune.lint.registry import find
from mpmtune.lint.rule import Hits, HostRule, Scope
from mpmtune.model.finding import Severity
from mpmtune.model.unknown import Unknown
from tests.builders import a_machine, facts
from tests.httpd.trees import a_tree
from tests.lint.rules.cases import findings, fixed, lines


@pytest.mark.parametrize(
    ("line", "asks"),
    [
        ("Allow from 192.0.2 2001:db8::/32 env=trusted all", False),
        ("Deny from .example.com", True),
        ("Require not host example.com", True),
        ("Require ip 192.0.2.1", False),
    ],
)
def test_names_are_told_from_addresses(line: str, *, asks: bool) -> None:
    text = f"<Location /x>\n{line}\n</Location>\n"
    assert bool(lines("PRF502", text, scope=Scope.FRAGMENT)) is asks


@pytest.mark.parametrize(
    ("levels", "severity"),
    [
        ("warn rewrite:trace2", Severity.INFO),
        ("warn rewrite:trace3", Severity.WARNING),
        ("debug", Severity.WARNING),
        ("trace1 rewrite:trace1", Severity.WARNING),
    ],
)
def test_a_little_more_of_one_module_is_no_warning(levels: str, severity: Severity) -> None:
    (finding,) = findings("PRF505", f"LogLevel {levels}\n", "rewrite")
    assert finding.severity is severity


def test_a_log_out_of_a_macro_is_reported_and_left_to_its_author() -> None:
    text = '<Macro log file>\nCustomLog "|$/bin/cat -u" %h\n</Macro>\nUse log x\n'
    assert lines("PRF510", text, "macro") == [2]
    assert fixed("PRF510", text, "macro") == text


def test_without_a_known_limit_of_open_files_nothing_is_said() -> None:
    rule = find("PRF511")
    assert isinstance(rule, HostRule)
    tree = a_tree("Listen 80\n")
    unknown = replace(a_machine(), nofile_limit=Unknown("host.nofile_limit", "test"))
    assert not list(rule.check(tree, Hits(tree.by_name), facts(machine=unknown)))


def test_a_document_root_on_a_network_is_reported_where_no_section_is_for_it() -> None:
    text = "DocumentRoot /net/www\n"
    (finding,) = findings("PRF508", text)
    assert (finding.line, finding.fix) == (1, None)
    assert not findings("PRF508", f"EnableMMAP Off\n{text}")


def test_what_is_said_for_a_directory_is_changed_there() -> None:
    text = "EnableMMAP Off\n<Directory /srv/nfs>\nEnableSendfile On\n</Directory>\n"
    assert fixed("PRF508", text) == text.replace("EnableSendfile On", "EnableSendfile Off")


def test_a_server_without_tls_needs_no_http2() -> None:
    text = (
        "SSLEngine Off\n<VirtualHost *:8080>\nServerName a.example\nSSLEngine Off\n</VirtualHost>\n"
    )
    assert not lines("PRF512", text, "http2", "ssl")


def test_a_pattern_says_allow_override_only_for_what_it_matches() -> None:
    said = '<Directory "/srv/*/htdocs">\nAllowOverride None\n</Directory>\n'
    assert not findings("PRF513", f"DocumentRoot /srv/www/htdocs\n{said}")
    other = f"<VirtualHost *:8080>\nDocumentRoot /srv/www/run\n</VirtualHost>\n{said}"
    (finding,) = findings("PRF513", f"DocumentRoot /srv/www/htdocs\n{other}")
    assert "/srv/www/run" in finding.message
