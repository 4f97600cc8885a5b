"""The app: version, help, unknown commands."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest

from mpmtune.cli.app import run
from mpmtune.cli.lazy_group import COMMANDS


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == "mpmtune 0.1.0\n"


def test_help_lists_every_command_of_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    out = capsys.readouterr().out
    for name in COMMANDS:
        assert f"  {name} " in out


def test_without_a_command_help_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    run([])
    shown = capsys.readouterr()
    assert "Commands:" in shown.out + shown.err


@pytest.mark.parametrize("arguments", [["nope"], ["--nope"], ["detect", "--nope"], ["no\x1b[2Jpe"]])
def test_a_wrong_word_is_one_sentence_and_exit_code_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("mpmtune: No such ")
    assert len(shown.err.splitlines()) == 2
    assert "\x1b" not in shown.err


@pytest.mark.parametrize("name", list(COMMANDS))
def test_a_row_of_the_table_imports_and_its_help_is_the_command_s(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    import_module(f"mpmtune.cli.commands.{name}")
    assert run([name, "--help"]) == 0
    assert COMMANDS[name] in " ".join(capsys.readouterr().out.split())


def test_an_interrupt_before_the_app_is_loaded_ends_with_130_and_no_traceback() -> None:
    program = (
        "import sys\n"
        "class Interrupted:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'mpmtune.cli.app':\n"
        "            raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Interrupted())\n"
        "from mpmtune.__main__ import main\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (130, b"")
