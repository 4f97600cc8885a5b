"""The directory of a bench, which goes with it; those of benches that were killed go later."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from mpmtune.bench.processes import kill_session

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAME = re.compile(r"mpmtune-bench-(\d{1,10})-(\d{1,20})-\w+")
_SESSIONS = "sessions"


@contextmanager
def workspace() -> Iterator[Path]:
    """Make a directory under the one for temporary files; everybody may look into it.

    httpd's children run as another user, and read what lies there.
    """
    sweep(Path(tempfile.gettempdir()))
    pid = os.getpid()
    directory = Path(tempfile.mkdtemp(prefix=f"mpmtune-bench-{pid}-{started(pid)}-"))
    directory.chmod(0o755)
    try:
        yield directory
    finally:
        _end(directory)


def note(directory: Path, session: int) -> None:
    """Write down a process that was started, for the one who finds the directory later."""
    with (directory / _SESSIONS).open("a", encoding="ascii") as notes:
        notes.write(f"{session} {started(session)}\n")


def sweep(temporary: Path) -> int:
    """Remove the directories of benches that have gone, and what they left running.

    Only a process whose pid and start time stand in such a directory of ours is ended.

    Returns:
        How many directories there were.
    """
    gone = 0
    for directory in temporary.glob("mpmtune-bench-*"):
        match = _NAME.fullmatch(directory.name)
        ours = match is not None and directory.lstat().st_uid == os.geteuid()
        if match is None or not ours or started(int(match[1])) == int(match[2]):
            continue
        _end(directory)
        gone += 1
    return gone


def _end(directory: Path) -> None:
    """End what still runs there, and remove it: an interrupt may come between any two steps."""
    for session, moment in _noted(directory):
        if started(session) == moment:
            kill_session(session)
    shutil.rmtree(directory, ignore_errors=True)


def started(pid: int) -> int:
    """Tell when a process started, in ticks since boot; 0 when there is none."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return 0
    return int(stat.rpartition(b")")[2].split()[19])


def _noted(directory: Path) -> list[tuple[int, int]]:
    path = directory / _SESSIONS
    if path.is_symlink() or not path.is_file():
        return []
    pairs = (line.split() for line in path.read_text(errors="replace").splitlines())
    return [(int(pair[0]), int(pair[1])) for pair in pairs if len(pair) == len(("pid", "start"))]
