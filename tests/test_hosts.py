"""Recorded machines and bare trees: each is detected as its ``expected/`` says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import pytest

import mpmtune
from mpmtune.cli.app import run

if TYPE_CHECKING:
    from collections.abc import Callable

HOSTS = Path(__file__).parent / "hosts"
NAMES = sorted(path.name for path in HOSTS.iterdir() if path.is_dir() and path.name[0] != "_")
SCHEMA = json.loads(
    (Path(mpmtune.__file__).parent / "schemas" / "facts_v1.json").read_text("utf-8")
)


def test_the_machines_that_were_promised_are_here() -> None:
    assert {
        "container-tree",
        "debian-broken",
        "debian-container",
        "debian-event",
        "debian-mod-php",
        "debian-no-httpd",
        "debian-php-fpm",
        "debian-prefork",
        "debian-several",
        "debian-stopped",
        "debian-unprivileged",
        "debian-worker",
    } <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_machine_is_detected_as_expected(
    name: str, golden: Callable[[Path, str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["detect", "--host", str(HOSTS / name), "-f", "json"]) == 0
    found = capsys.readouterr().out
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(found))
    golden(HOSTS / name / "expected" / "detect.json", found)


@pytest.mark.parametrize("name", NAMES)
def test_a_machine_is_shown_as_expected(
    name: str,
    golden: Callable[[Path, str], None],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    assert run(["detect", "--host", str(HOSTS / name)]) == 0
    golden(HOSTS / name / "expected" / "detect.txt", capsys.readouterr().out)


@pytest.mark.parametrize("name", NAMES)
def test_a_record_holds_no_environment_and_no_command_line_of_others(name: str) -> None:
    assert not list((HOSTS / name).rglob("environ"))
    answers = HOSTS / name / "answers.json"
    if answers.exists():
        processes = json.loads(answers.read_text("utf-8"))["processes"]
        strangers = [one for one in processes if not one["name"].startswith(("apache2", "php-fpm"))]
        assert all(one["arguments"] == [] and one["executable"] == "" for one in strangers)
