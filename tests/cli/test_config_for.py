"""``mpmtune config --for URL`` from the outside."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from mpmtune.cli.app import run

if TYPE_CHECKING:
    from pathlib import Path

EVENT = "LoadModule mpm_event_module modules/mod_mpm_event.so\nListen 80\n"


@pytest.fixture
def conf(tmp_path: Path) -> Path:
    (tmp_path / "www").mkdir()
    (tmp_path / "www" / "script.php").write_text("x")
    path = tmp_path / "httpd.conf"
    path.write_text(f'{EVENT}DocumentRoot "{tmp_path}/www"\n')
    return path


def shown(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    assert run(["config", *arguments]) == code
    return capsys.readouterr().out


def test_a_url_is_asked_for(conf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(capsys, str(conf), "--for", "http://a.test/x", "--target", "debian-12")
    assert text.startswith("http://a.test/x\n")
    assert f"File {conf.parent}/www/x, from DocumentRoot" in " ".join(text.split())


def test_what_stands_in_the_file_system_is_looked_at(
    conf: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ("--for", "http://a.test/script.php/info", "-f", "json")
    made = json.loads(shown(capsys, str(conf), *asked))
    assert made["schema"] == "mpmtune/in_force/v1"
    assert made["accepted"] is True
    last = made["htaccess"][-1]["directory"]
    assert last == f"{conf.parent}/www/"
    elsewhere = json.loads(shown(capsys, str(conf), *asked, "--target", "debian-12"))
    assert elsewhere["htaccess"][-1]["directory"] == f"{conf.parent}/www/script.php/"


def test_a_configuration_that_httpd_refuses_is_shown_with_a_warning(
    conf: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    conf.write_text(f"{EVENT}NoSuchThing On\n")
    text = shown(capsys, str(conf), "--for", "http://a.test/", code=1)
    assert "httpd refuses this configuration" in text


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--for", "a.test"), "--for a.test is no URL that httpd can be asked for."),
        (("--for", "\x1b"), r"--for \x1b is no URL"),
        (("--for", "http://a.test/", "-f", "dump"), "--for has no dump."),
    ],
)
def test_what_cannot_be_asked_gets_one_sentence(
    conf: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    sentence: str,
) -> None:
    assert run(["config", str(conf), *arguments]) == 2
    said = capsys.readouterr()
    assert sentence in said.err
    assert said.out == ""
