"""The files of a machine as they will be: read, listed and looked at as if they were there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mpmtune.apply.changed_files import ChangedFiles
from mpmtune.apply.disk import Disk
from mpmtune.host.doorway import Absent, Entry, EntryKind
from mpmtune.host.local import LocalFiles
from mpmtune.model.changes import ChangeSet, FileChange, Link, Regular, Rename

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Real files below ``etc``, which ``here`` leads to."""
    root = tmp_path / "etc"
    (root / "available").mkdir(parents=True)
    (root / "enabled").mkdir()
    (tmp_path / "here").symlink_to("etc")
    (root / "available/a.conf").write_text("a\n")
    (root / "enabled/a.conf").symlink_to("../available/a.conf")
    (root / "enabled/b.conf").write_text("b\n")
    (root / "enabled/loop.conf").symlink_to("loop.conf")
    (root / "enabled/gone.conf").symlink_to("../available/c.conf")
    return root


def made(tree: Path) -> ChangeSet:
    disk = Disk(".spare")
    a = disk.state(f"{tree}/available/a.conf")
    b = disk.state(f"{tree}/enabled/b.conf")
    assert isinstance(b, Regular)
    return ChangeSet(
        (
            FileChange(f"{tree}/available/a.conf", a, Regular(b"new a\n", 0o600, 1, 2)),
            FileChange(f"{tree}/available/c.conf", None, Regular(b"c\n", 0o644, 0, 0)),
            FileChange(f"{tree}/enabled/B.conf", None, Link("../available/c.conf")),
            FileChange(f"{tree}/enabled/.spare.conf", None, Link("x")),
            Rename(f"{tree}/enabled/b.conf", f"{tree}/enabled/z.txt", b),
        )
    )


def test_what_it_shows_is_what_is_there_afterwards(tree: Path) -> None:
    changes, real = made(tree), LocalFiles()
    files = ChangedFiles(real, changes)
    asked = [
        f"{tree.parent}/{above}/{name}"
        for above in ("etc", "here", "etc/../here")
        for name in (
            "available/a.conf",
            "enabled/a.conf",
            "enabled/b.conf",
            "enabled/B.conf",
            "enabled/gone.conf",
            "enabled/z.txt",
            "absent",
        )
    ]
    patterns = [
        f"{tree.parent}/{tail}"
        for tail in (
            "etc/enabled/*.conf",
            "here/enabled/*.conf",
            "etc/*/*.conf",
            "etc/enabled/.*",
            "etc/enabled/z.txt",
        )
    ]
    seen = [files.read(path) for path in asked], [files.glob(pattern) for pattern in patterns]
    streamed = [b"".join(files.stream(path)) for path in asked]
    for change in changes.changes:
        Disk(".spare").carry_out(change)
    after = [real.read(path) for path in asked], [real.glob(pattern) for pattern in patterns]
    assert [one if isinstance(one, bytes) else None for one in seen[0]] == [
        one if isinstance(one, bytes) else None for one in after[0]
    ]
    assert seen[1] == after[1]
    assert streamed == [one if isinstance(one, bytes) else b"" for one in seen[0]]


def test_an_entry_is_what_will_lie_there(tree: Path) -> None:
    files = ChangedFiles(LocalFiles(), made(tree))
    path = f"{tree}/available/a.conf"
    assert files.entry(path) == Entry(path, EntryKind.FILE, 1, 2, 0o600, 6)
    link = files.entry(f"{tree}/enabled/B.conf")
    assert isinstance(link, Entry)
    assert (link.kind, link.target) == (EntryKind.LINK, "../available/c.conf")
    gone = files.entry(f"{tree}/enabled/b.conf")
    assert gone == Absent(f"{tree}/enabled/b.conf", "no such file or directory", missing=True)
    assert isinstance(files.entry(f"{tree}/enabled/a.conf"), Entry)


def test_a_link_that_leads_to_itself_is_read_as_nothing(tree: Path) -> None:
    files = ChangedFiles(LocalFiles(), made(tree))
    assert isinstance(files.read(f"{tree}/enabled/loop.conf"), Absent)
    assert list(files.stream(f"{tree}/enabled/loop.conf")) == []
