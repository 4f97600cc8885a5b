"""The commands of last resort do what the changes would do."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from mpmtune.apply.by_hand import commands
from mpmtune.apply.disk import Disk
from mpmtune.model.changes import ChangeSet, FileChange, Link, Regular, Rename

if TYPE_CHECKING:
    from pathlib import Path

OURS = os.geteuid(), os.getegid()
DISK = Disk(".spare")


def test_the_commands_read_as_an_administrator_writes_them() -> None:
    made = commands(
        (
            FileChange("/e/x.conf", Link("../a/x.conf"), None),
            FileChange("/e/event.load", Link("../a/event.load"), Link("../a/prefork.load")),
            Rename("/e/event.load", "/e/prefork.load", Link("../a/prefork.load")),
            FileChange("/e/y", None, Regular(b"Timeout 60\n", 0o644, 0, 0)),
            FileChange("/e/it's\x1b[2J", Link("x"), None),
        )
    )
    assert made == (
        "rm /e/x.conf",
        "ln -sfn ../a/prefork.load /e/event.load",
        "mv -n /e/event.load /e/prefork.load",
        "echo VGltZW91dCA2MAo= | base64 -d | install -D -o 0 -g 0 -m 0644 /dev/stdin /e/y",
        r"rm $'/e/it\'s\x1b[2J'",
    )


def test_the_shell_does_what_they_say(tmp_path: Path) -> None:
    there = tmp_path / "with blanks & 'quotes'"
    there.mkdir()
    changes = ChangeSet(
        (
            FileChange(f"{there}/a", None, Regular(b"\0\xff\n", 0o640, *OURS)),
            FileChange(f"{there}/b", Link("x"), Link("y y")),
            Rename(f"{there}/b", f"{there}/c\n", Link("y y")),
            FileChange(f"{there}/d", Link("x"), None),
        )
    )
    for name in "bd":
        (there / name).symlink_to("x")
    for line in commands(changes.changes):
        subprocess.run(["bash", "-c", line], check=True)
    assert DISK.states(changes.after) == changes.after
