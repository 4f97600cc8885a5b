from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from mpmtune.host.doorway import Absent, Entry, EntryKind
from mpmtune.host.local import LocalFiles
from mpmtune.host.trust import distrust

if TYPE_CHECKING:
    from pathlib import Path

ME = 1000


class Owned:
    """Entries by path: (kind, owner, group, mode) or the target of a root's link."""

    def __init__(self, **entries: tuple[EntryKind, int, int, int] | str) -> None:
        self.entries = {name.replace("_", "/") or "/": said for name, said in entries.items()}
        self.asked: list[str] = []

    def entry(self, path: str) -> Entry | Absent:
        self.asked.append(path)
        said = self.entries.get(path)
        if said is None:
            return Absent(path, "no such file", missing=True)
        if isinstance(said, str):
            return Entry(path, EntryKind.LINK, 0, 0, 0o777, 0, said)
        kind, owner, group, mode = said
        return Entry(path, kind, owner, group, mode, 0)

    def why(self, *paths: str) -> str | None:
        return distrust(self, ME, paths)  # type: ignore[arg-type]  # entry alone is asked


def folder(owner: int = 0, group: int = 0, mode: int = 0o755) -> tuple[EntryKind, int, int, int]:
    return EntryKind.DIRECTORY, owner, group, mode


def file(owner: int = 0, group: int = 0, mode: int = 0o644) -> tuple[EntryKind, int, int, int]:
    return EntryKind.FILE, owner, group, mode


ROOT = {"_": folder(), "_etc": folder()}


def test_what_belongs_to_root_and_the_caller_is_trusted() -> None:
    assert Owned(**ROOT, _etc_a=file()).why("/etc/a") is None
    assert Owned(**ROOT, _etc_a=file(ME, ME, 0o600)).why("/etc/a") is None


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (file(33), "/etc/a belongs to user 33, neither root nor you"),
        (file(0, 0, 0o666), "everybody may write to /etc/a"),
        (file(0, 4, 0o664), "group 4 may write to /etc/a"),
    ],
)
def test_a_file_that_others_may_change_is_not(
    entry: tuple[EntryKind, int, int, int], why: str
) -> None:
    assert Owned(**ROOT, _etc_a=entry).why("/etc/a") == why


def test_roots_own_group_may_write() -> None:
    assert Owned(**ROOT, _etc_a=file(0, 0, 0o664)).why("/etc/a") is None


@pytest.mark.parametrize("mode", [0o777, 0o757])
def test_a_directory_above_counts_too(mode: int) -> None:
    assert (
        Owned(_=folder(), _etc=folder(0, 0, mode), _etc_a=file()).why("/etc/a")
        == "everybody may write to /etc"
    )


def test_a_sticky_directory_is_as_good_as_what_lies_in_it() -> None:
    sticky = folder(0, 0, 0o1777)
    assert Owned(_=folder(), _tmp=sticky, _tmp_a=file()).why("/tmp/a") is None
    assert Owned(_=folder(), _tmp=sticky, _tmp_a=file(33)).why("/tmp/a") == (
        "/tmp/a belongs to user 33, neither root nor you"
    )


def test_links_are_followed_and_what_they_lead_through_counts() -> None:
    host = Owned(
        **ROOT,
        _etc_link="../srv/x",
        _etc_abs="/srv/x",
        _srv=folder(0, 0, 0o777),
        _srv_x=file(),
    )
    assert host.why("/etc/link") == "everybody may write to /srv"
    assert host.why("/etc/abs") == "everybody may write to /srv"


def test_a_link_of_another_user_is_not_followed() -> None:
    class Lent(Owned):
        def entry(self, path: str) -> Entry | Absent:
            entry = super().entry(path)
            if isinstance(entry, Entry) and entry.target:
                return Entry(path, EntryKind.LINK, 33, 33, 0o777, 0, entry.target)
            return entry

    assert Lent(**ROOT, _etc_link="a", _etc_a=file()).why("/etc/link") == (
        "/etc/link belongs to user 33, neither root nor you"
    )


def test_links_in_a_circle_end() -> None:
    assert Owned(**ROOT, _etc_a="b", _etc_b="a").why("/etc/a") == (
        "/etc/a leads through too many links"
    )


def test_the_first_of_several_paths_that_fails_is_named() -> None:
    host = Owned(**ROOT, _etc_a=file(), _etc_b=file(33), _etc_c=file(34))
    assert host.why("/etc/a", "/etc/b", "/etc/c") == (
        "/etc/b belongs to user 33, neither root nor you"
    )


def test_a_missing_file_and_a_relative_path_are_not_trusted() -> None:
    assert Owned(**ROOT).why("/etc/a") == "/etc/a: no such file"
    assert Owned(**ROOT).why("etc/a") == "etc/a is not an absolute path"


def test_control_characters_of_a_name_are_escaped() -> None:
    assert Owned(**ROOT).why("/etc/\x1b[2J") == "/etc/\\x1b[2J: no such file"


def test_a_real_directory_is_judged_as_it_is(tmp_path: Path) -> None:
    conf = tmp_path / "httpd.conf"
    conf.write_text("")
    assert distrust(LocalFiles(), os.geteuid(), (str(conf),)) is None
    conf.chmod(0o646)
    assert distrust(LocalFiles(), os.geteuid(), (str(conf),)) == f"everybody may write to {conf}"
