"""Where text leaves the program: the result to stdout or ``-o FILE``, all talk to stderr."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from mpmtune.errors import InputError
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from mpmtune.cli.options import Color

_MOST_LINKS = 40


def say(text: str) -> None:
    """Write to stdout as it is; the text was made safe where it was made.

    Raises:
        InputError: if stdout takes no more, as on a full disk.
        BrokenPipeError: if its reader has gone.
    """
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # a text stream
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        _abandon_stdout()
        raise InputError(
            f"stdout cannot be written: {error.strerror}.", "Free space, or name a file with -o."
        ) from None


def tell(text: str) -> None:
    """Write to stdout what has been done: that it takes no more changes no exit code."""
    with suppress(InputError, BrokenPipeError):
        say(text)


def _abandon_stdout() -> None:
    """Let what is buffered go nowhere: the interpreter would try it once more at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def complain(sentence: str, hint: str = "") -> None:
    """Write one sentence, and what to do, to stderr."""
    _talk(f"mpmtune: {sentence}\n" + (f"  {hint}\n" if hint else ""))


def remark(text: str) -> None:
    """Write a line of talk to stderr; the text was made safe where it was made."""
    _talk(f"{text}\n")


def _talk(text: str) -> None:
    """Talk that nobody can be told changes no exit code."""
    with suppress(OSError):
        sys.stderr.write(text)


def deliver(text: str, path: str | None) -> None:
    """Write a result to ``path`` whole or not at all, or to stdout when ``path`` is None.

    Raises:
        InputError: if the file cannot be written.
    """
    if path is None:
        say(text)
        return
    try:
        _replace(_followed(Path(path).absolute()), text.encode("utf-8", "surrogateescape"))
    except OSError as error:
        raise InputError(
            f"{printable(path)} cannot be written: {error.strerror}.",
            "Name a file in a directory that you may write to.",
        ) from None


def _followed(path: Path) -> Path:
    """Follow the links on the way, as long as nobody but root and we can have made them.

    Those of /proc stay: they are open files of ours, as /dev/stdout is.

    Raises:
        OSError: for a link of someone else's, who would choose what is overwritten.
    """
    for _ in range(_MOST_LINKS):
        links = [place for place in (path, *path.parents) if place.is_symlink()]
        if not links or links[-1].is_relative_to("/proc"):
            return path
        link = links[-1]
        if link.lstat().st_uid not in {0, os.geteuid()}:
            raise OSError(errno.EPERM, f"{printable(str(link))} is a link of another user's")
        path = link.parent / link.readlink() / path.relative_to(link)
    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))


def _replace(target: Path, content: bytes) -> None:
    """Put a file in its place whole; from here on no link is followed."""
    from mpmtune.apply.atomic import write_whole
    from mpmtune.apply.directories import directory

    if target.is_relative_to("/proc") or (target.exists() and not target.is_file()):
        target.write_bytes(content)
        return
    mode = target.stat().st_mode & 0o777 if target.exists() else 0o644
    spare = f".{target.name[:100]}.{os.urandom(8).hex()}.mpmtune"
    with directory(str(target.parent)) as inside:
        write_whole(inside, spare, target.name, content, lambda handle: os.fchmod(handle, mode))


def wants_color(color: Color, path: str | None) -> bool:
    """Decide about colour: NO_COLOR, then ``--color``, then whether stdout is a terminal."""
    if os.environ.get("NO_COLOR") or path is not None:
        return False
    if color.value != "auto":
        return color.value == "always"
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def terminal_width() -> int:
    """Columns to lay text out for: those of the terminal, at most 100; 100 in a pipe."""
    import shutil

    most = 100
    return min(most, shutil.get_terminal_size((most, 40)).columns)
