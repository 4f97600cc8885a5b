"""A baseline: only what is new counts, and what is gone is told."""

from __future__ import annotations

import json

import pytest

from mpmtune.errors import InputError
from mpmtune.lint.baseline import compare, make, read, write
from tests.lint.own_rules import a_rule, checked

HOST = "<VirtualHost *:80>\nTimeout 1\n</VirtualHost>\n"


def findings(text: str) -> tuple:
    return checked(text, a_rule()).findings


def test_what_was_there_is_known_and_what_comes_is_new() -> None:
    entries = make(findings("Timeout 1\n"))
    compared = compare(findings("# moved\nTimeout 1\nTimeout 2\n"), entries)
    assert [f.line for f in compared.new] == [3]
    assert [f.line for f in compared.known] == [2]
    assert compared.vanished == ()


def test_findings_that_are_alike_are_counted() -> None:
    (entry,) = make(findings(HOST + HOST))
    assert (entry.count, entry.code, entry.scope) == (2, "KAL299", ("<virtualhost *:80>",))
    compared = compare(findings(HOST * 3), [entry])
    assert [f.line for f in compared.new] == [8]
    assert len(compared.known) == 2


def test_what_is_gone_is_told_with_its_number() -> None:
    entries = make(findings(HOST + HOST + "Timeout 5\n"))
    compared = compare(findings(HOST), entries)
    assert compared.new == ()
    assert [entry.count for entry in compared.vanished] == [1, 1]


def test_what_is_written_can_be_read() -> None:
    entries = make(findings(HOST + "Timeout 5\n"))
    text = write(entries)
    assert read(text, "b.json") == entries
    assert read(write(()), "b.json") == ()
    document = json.loads(text)
    assert document["schema"] == "mpmtune/baseline/v1"
    assert list(document["findings"][0]) == ["code", "file", "scope", "fingerprint", "count"]
    assert len(text.splitlines()) == 5


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"schema": "mpmtune/baseline/v2", "findings": []}',
        '{"schema": "mpmtune/baseline/v1", "findings": [{}]}',
        '{"schema": "mpmtune/baseline/v1", "findings": 5}',
        "[" * 100_000,
    ],
)
def test_what_is_no_baseline_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(InputError, match=r"^b\.json is no baseline of mpmtune\.$"):
        read(text, "b.json")
