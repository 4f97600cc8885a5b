"""Where text leaves the program."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mpmtune.cli.options import Color
from mpmtune.cli.output import deliver, wants_color
from mpmtune.errors import InputError


def test_a_result_goes_to_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    deliver("text\n", None)
    assert capsys.readouterr().out == "text\n"


def test_a_file_is_written_whole_and_readable(tmp_path: Path) -> None:
    target = tmp_path / "snippet.conf"
    deliver("KeepAlive On\n", str(target))
    assert target.read_text() == "KeepAlive On\n"
    assert target.stat().st_mode & 0o777 == 0o644
    assert [path.name for path in tmp_path.iterdir()] == ["snippet.conf"]


def test_a_file_that_is_there_keeps_its_mode(tmp_path: Path) -> None:
    target = tmp_path / "snippet.conf"
    target.write_text("old")
    target.chmod(0o600)
    deliver("new", str(target))
    assert (target.read_text(), target.stat().st_mode & 0o777) == ("new", 0o600)


def test_a_failed_write_leaves_nothing_and_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        deliver("text", str(tmp_path / "absent" / "file"))
    assert list(tmp_path.iterdir()) == []


def test_a_device_is_written_to_and_not_replaced() -> None:
    deliver("text", "/dev/null")
    assert not Path("/dev/null").is_file()


def test_a_link_stays_and_what_it_names_is_replaced(tmp_path: Path) -> None:
    target, link = tmp_path / "real.conf", tmp_path / "link.conf"
    link.symlink_to(target)
    deliver("one\n", str(link))
    deliver("two\n", str(link))
    assert link.is_symlink()
    assert target.read_text() == "two\n"


def test_links_above_the_file_and_relative_ones_are_followed(tmp_path: Path) -> None:
    (tmp_path / "real/inner").mkdir(parents=True)
    (tmp_path / "aside").symlink_to("real/inner")
    deliver("text\n", f"{tmp_path}/aside/../a.conf")
    assert (tmp_path / "real/a.conf").read_text() == "text\n"


def test_links_in_a_circle_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(InputError, match="Too many levels of symbolic links"):
        deliver("text\n", f"{tmp_path}/a")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give links away")
@pytest.mark.parametrize("name", ["link.conf", "aside/real.conf"])
def test_a_link_of_another_user_is_not_followed(name: str, tmp_path: Path) -> None:
    (tmp_path / "real.conf").write_text("old\n")
    (tmp_path / "link.conf").symlink_to("real.conf")
    (tmp_path / "aside").symlink_to(".")
    for link in ("link.conf", "aside"):
        os.lchown(tmp_path / link, 12345, 12345)
    with pytest.raises(InputError, match="is a link of another user's"):
        deliver("new\n", f"{tmp_path}/{name}")
    assert (tmp_path / "real.conf").read_text() == "old\n"


@pytest.mark.parametrize("redirection", [">{}", "| cat >{}"])
def test_the_name_of_an_open_stream_is_written_to(redirection: str, tmp_path: Path) -> None:
    command = f"explain event -o /dev/stdout {redirection.format(tmp_path / 'out')}"
    subprocess.run(["/bin/sh", "-c", f'"$0" -m mpmtune {command}', sys.executable], check=True)
    assert (tmp_path / "out").read_text().startswith("event")


@pytest.mark.parametrize(
    ("redirection", "code", "said"),
    [
        (">&-", 0, ""),
        (">&- 2>&-", 0, ""),
        (
            ">/dev/full",
            2,
            (
                "mpmtune: stdout cannot be written: No space left on device.\n"
                "  Free space, or name a file with -o.\n"
            ),
        ),
    ],
)
def test_a_stdout_that_takes_nothing_ends_without_a_traceback(
    redirection: str, code: int, said: str
) -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", f'"$0" -m mpmtune explain event {redirection}', sys.executable],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (code, "", said)


def test_colour_follows_no_color_then_the_option_then_the_terminal() -> None:
    os.environ.pop("NO_COLOR", None)
    assert wants_color(Color.ALWAYS, None)
    assert not wants_color(Color.NEVER, None)
    assert not wants_color(Color.ALWAYS, "file")
    assert not wants_color(Color.AUTO, None)
    os.environ["NO_COLOR"] = "1"
    try:
        assert not wants_color(Color.ALWAYS, None)
    finally:
        del os.environ["NO_COLOR"]


def test_a_stderr_that_takes_nothing_changes_no_exit_code() -> None:
    with open("/dev/full", "w") as full:
        made = subprocess.run(
            [sys.executable, "-m", "mpmtune", "explain", "no-such-topic"],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=full,
        )
    assert made.returncode == 2
