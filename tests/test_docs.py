"""What the documents show is what the program prints."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mpmtune.cli.app import run
from mpmtune.cli.lazy_group import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
_TRANSCRIPT = re.compile(
    r"<!-- transcript: (?P<command>[^>]+?) -->\n```\w*\n(?P<shown>.*?)```", re.DOTALL
)
_LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")


def transcripts() -> Iterator[tuple[str, str, str]]:
    for path in DOCUMENTS:
        for match in _TRANSCRIPT.finditer(path.read_text("utf-8")):
            yield path.name, match["command"], match["shown"]


def test_the_readme_has_a_transcript() -> None:
    assert any(name == "README.md" for name, _, _ in transcripts())


@pytest.mark.parametrize(("name", "command", "shown"), list(transcripts()))
def test_a_transcript_is_what_the_command_prints(
    name: str,
    command: str,
    shown: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "100")
    run(shlex.split(command))
    assert capsys.readouterr().out == shown, name


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_inside_the_project_leads_somewhere(path: Path) -> None:
    for target in _LINK.findall(path.read_text("utf-8")):
        assert (path.parent / target).exists(), target


def test_the_readme_names_every_command() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    for name in COMMANDS:
        assert re.search(rf"\b{name}\b", text), name
