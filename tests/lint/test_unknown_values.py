"""Marks of templates and unresolved variables."""

from __future__ import annotations

import pytest

from mpmtune.lint.unknown_values import branches, is_known, is_template, may_be_unknown

UNKNOWN = [
    "${APACHE_LOG_DIR}/access.log",
    "{{ workers }}",
    "{% if x %}",
    "{# note #}",
    "<%= @workers %>",
    "@@ServerRoot@@/logs",
    "@exp_logfiledir@/error_log",
    "%SERVER_NAME%",
    "$(hostname)",
    "[% name %]",
]
KNOWN = [
    "",
    '%h %l %u %t "%r" %>s %b',
    "%{HTTP_HOST}%{REQUEST_URI}",
    "${lower:%{HTTP_HOST}}",
    "^/(.*)$",
    "$1",
    "admin@example.com",
    "a@b@c",
    "%af%20%AB",
    "[a-z]{2,3}",
    "!%{REQUEST_FILENAME} -f",
]


@pytest.mark.parametrize("text", UNKNOWN)
def test_marks_are_recognised_in_arguments_and_in_whole_files(text: str) -> None:
    assert not is_known(text)
    assert may_be_unknown(f"Timeout 60\nServerName {text}\n")


@pytest.mark.parametrize("text", KNOWN)
def test_httpds_own_language_is_no_mark(text: str) -> None:
    assert is_known(text)


@pytest.mark.parametrize("text", [text for text in KNOWN if "${" not in text])
def test_a_file_without_marks_is_known_at_once(text: str) -> None:
    assert not may_be_unknown(f"Timeout 60\nServerName {text}\n")


def test_a_variable_is_no_template() -> None:
    assert not is_template("${NAME}")
    assert is_template("{{ name }}")


@pytest.mark.parametrize(
    "text", ["{% if a %}\n", "a\n  <% if a %>\n", "{{- if .A }}\n", "{{ end }}"]
)
def test_lines_that_steer_a_template_are_recognised(text: str) -> None:
    assert branches(text)


@pytest.mark.parametrize("text", ["ServerName {{ a }}\n", "<%= a %>\n", "{{ range_end }}\n", ""])
def test_lines_that_only_fill_in_are_no_branches(text: str) -> None:
    assert not branches(text)
