"""Directives that take one of a few words; the sentences are what httpd 2.4.71 said."""

from __future__ import annotations

import pytest

from mpmtune.httpd.keywords import KEYWORDS, log_level_refusal, override_refusal

TAKEN = (
    ("serversignature", "EMail"),
    ("servertokens", "Min"),
    ("order", "Deny,Allow"),
    ("sslverifyclient", "off"),
    ("usecanonicalname", "DNS"),
    ("h2push", "ON"),
)
REFUSED = (
    ("serversignature", "yes", "ServerSignature: use one of: off | on | email"),
    ("hostnamelookups", "true", "parameter must be 'on', 'off', or 'double'"),
    ("order", "mutual", "unknown order"),
    ("sslverifyclient", "no_ca", "SSLVerifyClient: Invalid argument 'no_ca'"),
    ("sslproxyverify", "1", "SSLProxyVerify: Invalid argument '1'"),
    ("traceenable", "none", "TraceEnable must be one of 'on', 'off', or 'extended'"),
    ("h2direct", "auto", "value must be On or Off"),
)
LEVELS = "Log level keyword must be one of emerg/alert/crit/error/warn/notice/info/debug/trace1/.../trace8"


@pytest.mark.parametrize(("name", "word"), TAKEN)
def test_a_word_is_taken_in_any_case(name: str, word: str) -> None:
    assert KEYWORDS[name].refusal(word) is None
    assert KEYWORDS[name].plainly_right(word)


@pytest.mark.parametrize(("name", "word", "sentence"), REFUSED)
def test_another_word_is_refused_with_httpds_sentence(name: str, word: str, sentence: str) -> None:
    assert KEYWORDS[name].refusal(word) == sentence
    assert not KEYWORDS[name].plainly_right(word)


@pytest.mark.parametrize("words", ["warn", "WARN rewrite:trace3", "mod_ssl.c:info", "trace8"])
def test_log_levels_are_taken(words: str) -> None:
    assert log_level_refusal(words.split()) is None


def test_log_levels_are_refused_with_httpds_sentence() -> None:
    assert log_level_refusal(["warning"]) == LEVELS
    assert log_level_refusal(["warn", "4"]) == LEVELS
    assert log_level_refusal(["rewrite:trace9"]) == f"rewrite:trace9: {LEVELS}"
    assert (
        log_level_refusal(["core:"])
        == "Module specifier 'core' must be followed by a log level keyword"
    )


@pytest.mark.parametrize(
    "words", ["None", "all", "Limit Options=Indexes", "Nonfatal=All", "None=x"]
)
def test_classes_of_overriding_are_taken(words: str) -> None:
    assert override_refusal(words.split()) is None


def test_classes_of_overriding_are_refused_with_httpds_sentence() -> None:
    assert override_refusal(["On"]) == "Illegal override option On"
    assert override_refusal(["FileInfo", "Limit,Options"]) == (
        "Illegal override option Limit,Options"
    )
    assert override_refusal(["Nonfatal"]) == "=Override, =Unknown or =All expected after Nonfatal"
