"""``mpmtune apply`` asks on a real terminal: what is typed, what is pressed, what is said."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tests.apply.laid_out import contents, debian
from tests.live.private_httpd import binary

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.httpd
QUESTION = b"Put these in force? [y]es, [s]kip, [q]uit: "
END_OF_INPUT = b"\x04"


class Terminal:
    """A command on a terminal of its own.

    Args:
        conf: The configuration that it is about.
    """

    def __init__(self, conf: Path) -> None:
        self._ours, theirs = pty.openpty()
        server = ("--httpd", binary(), "--conf", str(conf), "--server-root", str(conf.parent))
        state = ("--state", str(conf.parent.parent / "state"))
        size = ("--memory", "2GiB", "--cpus", "2")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "mpmtune", "apply", "--mode", "event", *server, *size, *state],
            stdin=theirs,
            stdout=subprocess.DEVNULL,  # the result may go to a file: the questions do not
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        self.seen = b""

    def until(self, text: bytes) -> None:
        """Read what is shown until a text is."""
        deadline = time.monotonic() + 60
        while text not in self.seen and time.monotonic() < deadline:
            self.seen += os.read(self._ours, 4096)

    def type(self, text: bytes) -> None:
        """Type; what was seen before is forgotten."""
        self.seen = b""
        os.write(self._ours, text)

    def interrupt(self) -> None:
        """Press ctrl-C."""
        self._process.send_signal(signal.SIGINT)

    def ended(self) -> int:
        """Wait for its end, and give its exit code."""
        try:
            while piece := os.read(self._ours, 4096):
                self.seen += piece
        except OSError:  # its end has closed the terminal
            pass
        os.close(self._ours)
        return self._process.wait(60)


@pytest.fixture
def conf(tmp_path: Path) -> Path:
    return debian(tmp_path / "etc")


@pytest.fixture
def terminal(conf: Path) -> Iterator[Terminal]:
    before = contents(conf.parent)
    made = Terminal(conf)
    made.until(QUESTION)
    yield made
    assert contents(conf.parent) == before


def test_each_group_is_asked_about(terminal: Terminal) -> None:
    terminal.type(b"\xff\xfe\n")
    terminal.until(QUESTION)
    terminal.type(b"yes\n")
    terminal.until(QUESTION)
    assert b"Connections\r\n" in terminal.seen
    terminal.type(b"q\n")
    assert terminal.ended() == 0
    assert terminal.seen.endswith(b"Nothing was done.\r\n")


def test_an_end_of_input_is_no_consent(terminal: Terminal) -> None:
    terminal.type(END_OF_INPUT)
    assert terminal.ended() == 0
    assert terminal.seen.endswith(b"\r\nNothing was done.\r\n")


def test_ctrl_c_at_a_question_does_nothing(terminal: Terminal) -> None:
    terminal.interrupt()
    assert terminal.ended() == 130
    assert terminal.seen.endswith(b"\r\nNothing was done.\r\n")
    assert b"Traceback" not in terminal.seen
