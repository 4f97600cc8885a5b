"""Progress on stderr."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

from mpmtune.cli import progress as module
from mpmtune.cli.progress import Progress

if TYPE_CHECKING:
    import pytest


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def a_terminal(monkeypatch: pytest.MonkeyPatch, pause: float = 0.0) -> Terminal:
    made = Terminal()
    monkeypatch.setattr(sys, "stderr", made)
    monkeypatch.setattr(module, "_PAUSE", pause)
    return made


def test_a_share_is_shown_and_wiped_away(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = a_terminal(monkeypatch)
    made = Progress("reading", 200, quiet=False)
    made.advance(50)
    made.advance(170)
    made.end()
    assert terminal.getvalue() == "\rreading 25 %\rreading 100 %\r" + " " * 13 + "\r"
    made.end()
    assert terminal.getvalue().endswith("\r" + " " * 13 + "\r")


def test_without_a_whole_there_is_no_share(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = a_terminal(monkeypatch)
    Progress("reading", 0, quiet=False).advance(5)
    assert terminal.getvalue() == "\rreading …"


def test_it_is_not_shown_too_often(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = a_terminal(monkeypatch, pause=1000.0)
    Progress("reading", 10, quiet=False).advance(5)
    assert terminal.getvalue() == ""


def test_quiet_and_pipes_show_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = a_terminal(monkeypatch)
    Progress("reading", 10, quiet=True).advance(5)
    pipe = io.StringIO()
    monkeypatch.setattr(sys, "stderr", pipe)
    Progress("reading", 10, quiet=False).advance(5)
    assert terminal.getvalue() == pipe.getvalue() == ""
