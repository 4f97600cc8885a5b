from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpmtune.detect.answers import (
    Answers,
    ask_configuration,
    ask_identity,
    ask_static,
    parse_messages,
)
from mpmtune.host.doorway import Answer
from mpmtune.host.httpd_binary import Invocation
from mpmtune.model.server import Linkage, Module, Mpm
from mpmtune.model.unknown import Unknown
from tests.detect.a_host import AHost
from tests.detect.test_build import DEBIAN, STATIC

BINARY = "/usr/sbin/apache2"
IDENTITY = f"{BINARY} -d / -f /dev/null -V"
ASKED = f"{BINARY} -d /etc/apache2 -f /etc/apache2/apache2.conf"
INVOCATION = Invocation(BINARY, "/etc/apache2", "/etc/apache2/apache2.conf")


def _said(stdout: str = "", stderr: str = "", status: int = 0) -> Answer:
    return Answer(status, stdout.encode(), stderr.encode())


def test_the_identity_is_asked_without_a_configuration() -> None:
    host = AHost(answers={IDENTITY: _said(DEBIAN.replace("event", ""), "AH00534: x", 1)})
    found = ask_identity(host, Invocation(BINARY))
    assert not isinstance(found, Unknown)
    assert found.version == "2.4.71"
    assert [command.argv for command in host.ran] == [
        (BINARY, "-d", "/", "-f", "/dev/null", "-V"),
    ]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (_said("hello\x1b[2J\n"), "it does not answer -V as an httpd does (exit 0)"),
        (
            _said("", "apache2: cannot run", 127),
            "it does not answer -V as an httpd does (exit 127): cannot run",
        ),
        (Answer(-9, b"", b"", timed_out=True), "it did not answer within 10 s"),
        (None, "no such program"),
    ],
)
def test_a_binary_that_hangs_or_prints_garbage_is_unknown(answer: Answer | None, why: str) -> None:
    host = AHost(answers={} if answer is None else {IDENTITY: answer})
    assert ask_identity(host, Invocation(BINARY)) == Unknown("httpd.version", why)


def test_static_modules_are_asked_for() -> None:
    assert ask_static(AHost(answers={f"{BINARY} -l": _said(STATIC)}), Invocation(BINARY)) == (
        "core.c",
        "mod_so.c",
        "http_core.c",
    )
    assert ask_static(AHost(), Invocation(BINARY)) == ()


def test_an_accepted_configuration_gives_modules_and_warnings() -> None:
    host = AHost(
        answers={
            f"{ASKED} -M": _said("Loaded Modules:\n so_module (static)\n", "AH00513: WARNING: x\n"),
        }
    )
    found = ask_configuration(host, INVOCATION)
    assert isinstance(found, Answers)
    assert found.modules == (Module("so_module", Linkage.STATIC),)
    assert found.messages == ("AH00513: WARNING: x",)
    assert found.accepted
    assert found.version is None


def test_a_refused_configuration_still_names_the_mpm() -> None:
    host = AHost(
        answers={
            f"{ASKED} -M": _said("", "AH00534: apache2: Configuration error: No MPM loaded.\n", 1),
            f"{ASKED} -V": _said(DEBIAN),
        }
    )
    found = ask_configuration(host, INVOCATION)
    assert isinstance(found, Answers)
    assert (found.modules, found.accepted) == ((), False)
    assert found.messages == ("AH00534: Configuration error: No MPM loaded.",)
    assert found.version is not None
    assert found.version.mpm is Mpm.EVENT


def test_an_httpd_that_gives_no_answer_is_unknown() -> None:
    hung = AHost(answers={f"{ASKED} -M": Answer(-9, b"", b"", timed_out=True)})
    assert ask_configuration(hung, INVOCATION) == Unknown(
        "httpd.modules", "it did not answer within 10 s"
    )
    assert isinstance(ask_configuration(AHost(), INVOCATION), Unknown)
    half = AHost(answers={f"{ASKED} -M": _said(status=1)})
    found = ask_configuration(half, INVOCATION)
    assert isinstance(found, Answers)
    assert found.version is None


def test_a_syntax_error_is_one_message_with_its_reason() -> None:
    text = (
        "[Tue Nov 24 06:35:06.954558 2026] [core:warn] [pid 14480:tid 14480] AH00111: Config "
        "variable ${X} is not defined\n"
        "AH00526: Syntax error on line 3 of /etc/x.conf:\n"
        "Invalid command 'Bogus', perhaps misspelled or defined by a module not included in the "
        "server configuration\nSyntax OK\n"
    )
    assert parse_messages(text) == (
        "AH00111: Config variable ${X} is not defined",
        (
            "AH00526: Syntax error on line 3 of /etc/x.conf: Invalid command 'Bogus', perhaps "
            "misspelled or defined by a module not included in the server configuration"
        ),
    )


def test_a_syntax_error_without_its_reason_is_kept() -> None:
    assert parse_messages("AH00526: Syntax error on line 3 of /x:\n") == (
        "AH00526: Syntax error on line 3 of /x:",
    )


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Invalid command 'SHELL=/bin/bash', perhaps", "Invalid command '***', perhaps"),
        ("Invalid command 'hunter2', perhaps", "Invalid command '***', perhaps"),
        ("Invalid command 'KeepAlivee', perhaps", "Invalid command 'KeepAlivee', perhaps"),
        ("Invalid command 'H2Push', perhaps", "Invalid command 'H2Push', perhaps"),
        ("file '/etc/ssl/x-1.pem' does not exist", "file '/etc/ssl/x-1.pem' does not exist"),
        ("bad URL http://u:secret@h/x", "bad URL http://***@h/x"),
        ("escape \x1b[31m \u202e", "escape \\x1b[31m \\u202e"),
    ],
)
def test_what_httpd_quotes_of_a_file_is_not_shown_unless_it_is_a_name(
    said: str, shown: str
) -> None:
    assert parse_messages(said) == (shown,)


def test_messages_are_bounded() -> None:
    assert len(parse_messages("x\n" * 1000)) == 50
    assert len(parse_messages("x" * 10_000)[0]) == 2048


@settings(max_examples=200)
@given(st.text(max_size=300))
def test_no_text_puts_a_control_character_into_a_message(text: str) -> None:
    assert not any(
        unicodedata.category(char) in {"Cc", "Cf", "Cs"}
        for message in parse_messages(text)
        for char in message
    )


def test_an_apostrophe_within_a_word_hides_nothing() -> None:
    said = "AH00089: Couldn't start ErrorLog process '/usr/bin/logger'."
    assert parse_messages(said) == (said,)
