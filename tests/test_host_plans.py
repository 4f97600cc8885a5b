"""Recorded machines: each is planned for as its ``expected/`` says, in text and as a snippet."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import pytest

import mpmtune
from mpmtune.cli.app import run
from mpmtune.report.masked_lines import mask_line

if TYPE_CHECKING:
    from collections.abc import Callable

HOSTS = Path(__file__).parent / "hosts"
NAMES = sorted(path.name for path in HOSTS.iterdir() if path.is_dir() and path.name[0] != "_")
SCHEMA = json.loads((Path(mpmtune.__file__).parent / "schemas/plan_v1.json").read_text("utf-8"))


def recommend(capsys: pytest.CaptureFixture[str], name: str, *options: str) -> str:
    assert run(["recommend", "--host", str(HOSTS / name), *options]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("name", NAMES)
def test_a_machine_is_planned_for_as_expected(
    name: str,
    golden: Callable[[Path, str], None],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    golden(HOSTS / name / "expected/plan.txt", recommend(capsys, name))
    golden(HOSTS / name / "expected/plan.conf", recommend(capsys, name, "-f", "conf"))


@pytest.mark.parametrize("mode", ["event", "worker", "prefork"])
def test_a_difference_shows_every_comment_that_we_write(
    mode: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Comments may be directives of others, with a secret behind them: ours must not look so."""
    shown = 0
    for name in NAMES:
        for line in recommend(capsys, name, "--mode", mode, "-f", "conf", "-q").splitlines():
            assert mask_line(line) == line
            shown += line.strip().startswith("#")
    assert shown > 100


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("mode", ["event", "worker", "prefork"])
def test_every_mode_gives_a_document_of_the_schema(
    name: str, mode: str, capsys: pytest.CaptureFixture[str]
) -> None:
    document = json.loads(recommend(capsys, name, "--mode", mode, "-f", "json"))
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    assert document["mpm"] == mode
    active = json.loads((HOSTS / name / "expected/detect.json").read_text("utf-8"))["httpd"]["mpm"]
    assert (document["switch"] is None) == (active in {mode, None})


def test_mod_php_holds_its_machine_on_prefork(capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(recommend(capsys, "debian-mod-php", "-f", "json"))
    assert document["mpm"] == "prefork"
    assert "php_module" in document["chosen_because"]


def test_the_way_from_mod_php_to_event_is_blocked_with_the_way_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    document = json.loads(recommend(capsys, "debian-mod-php", "--mode", "event", "-f", "json"))
    blockers = document["switch"]["blockers"]
    assert (document["switch"]["from"], document["switch"]["to"]) == ("prefork", "event")
    assert {one["what"] for one in blockers} == {"php_module"}
    assert all("PHP-FPM" in one["way_out"] for one in blockers)
    assert any("source" in one["why"] for one in blockers)
