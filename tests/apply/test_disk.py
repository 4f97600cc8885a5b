"""Single changes on the disk: each whole, each only where it finds what it starts from."""

from __future__ import annotations

import os
import stat
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from mpmtune.apply.disk import Disk
from mpmtune.errors import InputError
from mpmtune.model.changes import FileChange, Link, Regular, Rename, State

if TYPE_CHECKING:
    from pathlib import Path

SPARE = ".mpmtune-0123456789abcdef"
DISK = Disk(SPARE)
UID, GID = os.geteuid(), os.getegid()
root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")


def regular(content: bytes, mode: int = 0o644) -> Regular:
    return Regular(content, mode, UID, GID)


OLD, NEW = regular(b"old\n"), regular(b"new\n", 0o640)


def put(path: Path, state: State) -> None:
    """Let a path hold a state."""
    if isinstance(state, Regular):
        path.write_bytes(state.content)
        path.chmod(state.mode)
        os.chown(path, state.owner, state.group)
    elif isinstance(state, Link):
        path.symlink_to(state.target)


@pytest.mark.parametrize("before", [None, OLD, Link("../elsewhere")], ids=str)
@pytest.mark.parametrize("after", [None, NEW, Link("../target")], ids=str)
def test_a_path_changes_from_any_state_to_any_other(
    tmp_path: Path, before: State, after: State
) -> None:
    path = tmp_path / "a.conf"
    put(path, before)
    old = os.umask(0)
    try:
        if before != after:
            DISK.carry_out(FileChange(str(path), before, after))
    finally:
        os.umask(old)
    assert DISK.states([str(path)]) == {str(path): after}
    assert os.listdir(tmp_path) == ([] if after is None else ["a.conf"])


@root_only
def test_a_new_file_gets_the_owner_and_the_special_bits_that_are_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "a.conf"
    DISK.carry_out(FileChange(str(path), None, Regular(b"x", 0o2640, 12345, 54321)))
    status = path.stat()
    assert (status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)) == (12345, 54321, 0o2640)


def test_extended_attributes_go_over_to_the_new_file(tmp_path: Path) -> None:
    path = tmp_path / "a.conf"
    put(path, OLD)
    try:
        os.setxattr(path, "user.mpmtune.test", b"kept")
    except OSError as error:
        pytest.skip(f"this file system keeps no extended attributes: {error}")
    DISK.carry_out(FileChange(str(path), OLD, NEW))
    assert os.getxattr(path, "user.mpmtune.test") == b"kept"


def test_a_rename_moves_what_it_expects_to_a_free_name(tmp_path: Path) -> None:
    source, target = tmp_path / "prefork.load", tmp_path / "event.load"
    put(source, Link("../event.load"))
    DISK.carry_out(Rename(str(source), str(target), Link("../event.load")))
    assert os.readlink(target) == "../event.load"
    assert os.listdir(tmp_path) == ["event.load"]


def refused(change: FileChange | Rename) -> str:
    with pytest.raises(InputError) as caught:
        DISK.carry_out(change)
    return caught.value.sentence


def test_what_someone_else_has_written_is_not_overwritten(tmp_path: Path) -> None:
    path, other = tmp_path / "a.conf", tmp_path / "b.conf"
    put(path, regular(b"theirs\n"))
    put(other, OLD)
    no_longer = "it is no longer what it was when it was read"
    assert no_longer in refused(FileChange(str(path), OLD, NEW))
    assert no_longer in refused(FileChange(str(path), None, NEW))
    assert no_longer in refused(FileChange(str(path), OLD, None))
    assert no_longer in refused(FileChange(str(path), OLD, Link("x")))
    assert no_longer in refused(FileChange(str(path), regular(b"theirs\n", 0o600), NEW))
    assert "a.conf is there already" in refused(Rename(str(other), str(path), OLD))
    assert path.read_bytes() == b"theirs\n"
    assert sorted(os.listdir(tmp_path)) == ["a.conf", "b.conf"]


def test_a_link_in_the_place_of_a_file_is_not_followed(tmp_path: Path) -> None:
    target, link = tmp_path / "shadow", tmp_path / "a.conf"
    put(target, OLD)
    put(link, Link("shadow"))
    assert "cannot be changed" in refused(FileChange(str(link), OLD, NEW))
    assert target.read_bytes() == b"old\n"


def test_a_path_through_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "aside").symlink_to("real")
    sentence = refused(FileChange(str(tmp_path / "aside" / "a.conf"), None, NEW))
    assert "its path leads through one" in sentence
    assert os.listdir(tmp_path / "real") == []


@pytest.mark.parametrize(
    ("mode", "owner", "group", "said"),
    [
        (0o777, 0, 0, "may be written by everybody"),
        (0o775, 0, 12345, "may be written by group 12345"),
        (0o755, 12345, 0, "belongs to user 12345"),
        (0o1777, 0, 12345, None),
        (0o775, 0, 0, None),
    ],
)
@root_only
def test_a_directory_on_the_way_that_others_may_write_is_refused_by_name(
    tmp_path: Path, mode: int, owner: int, group: int, said: str | None
) -> None:
    inside = tmp_path / "conf" / "inside"
    inside.mkdir(parents=True)
    inside.parent.chmod(mode)
    os.chown(inside.parent, owner, group)
    change = FileChange(str(inside / "a.conf"), None, NEW)
    if said is None:
        DISK.carry_out(change)
        assert (inside / "a.conf").exists()
    else:
        assert refused(change).startswith(f"{inside.parent} {said}")
        assert os.listdir(inside) == []


def test_what_is_neither_file_nor_link_and_what_is_too_large_cannot_be_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    put(tmp_path / "a.conf", OLD)
    os.link(tmp_path / "a.conf", tmp_path / "b.conf")
    (tmp_path / "large").touch()
    os.truncate(tmp_path / "large", 16 * 1024 * 1024 + 1)
    said = {
        "fifo": "no regular file",
        "a.conf": "other names too",
        "large": "larger than 16 MiB",
    }
    for name, words in said.items():
        with pytest.raises(InputError, match=f"{name} cannot be read: .*{words}"):
            DISK.state(str(tmp_path / name))
    assert DISK.state(str(tmp_path / "absent" / "a.conf")) is None


def test_what_an_interrupted_change_has_left_is_cleared_away(tmp_path: Path) -> None:
    put(tmp_path / SPARE, OLD)
    put(tmp_path / ".mpmtune-fedcba9876543210", OLD)
    DISK.clear([str(tmp_path / "a.conf"), str(tmp_path / "b.conf"), str(tmp_path / "no" / "c")])
    assert os.listdir(tmp_path) == [".mpmtune-fedcba9876543210"]


def test_a_change_that_fails_on_the_way_leaves_nothing(tmp_path: Path) -> None:
    put(tmp_path / SPARE, OLD)  # in the way
    assert "File exists" in refused(FileChange(str(tmp_path / "b.conf"), None, NEW))
    assert "File exists" in refused(FileChange(str(tmp_path / "b.conf"), None, Link("x")))
    assert sorted(os.listdir(tmp_path)) == [SPARE]


def test_a_change_set_is_carried_out_below_a_prefix(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    Disk(SPARE, str(tmp_path)).carry_out(FileChange("/etc/a.conf", None, NEW))
    assert (tmp_path / "etc" / "a.conf").read_bytes() == b"new\n"
    assert Disk(SPARE, str(tmp_path)).state("/etc/a.conf") == NEW


def test_a_link_that_is_swapped_in_between_check_and_write_reaches_nothing(tmp_path: Path) -> None:
    decoy, inside, path = tmp_path / "decoy", tmp_path / "conf", tmp_path / "conf" / "a.conf"
    inside.mkdir()
    decoy.mkdir()
    for directory in (decoy, inside):
        put(directory / "a.conf", OLD)
    stop = threading.Event()

    def swap() -> None:
        while not stop.is_set():
            with suppress(OSError):
                path.rename(tmp_path / "aside")
                path.symlink_to(decoy / "a.conf")
                path.unlink()
                (tmp_path / "aside").rename(path)
            with suppress(OSError):
                inside.rename(tmp_path / "away")
                inside.symlink_to(decoy)
                inside.unlink()
                (tmp_path / "away").rename(inside)

    swapping = threading.Thread(target=swap)
    swapping.start()
    try:
        for _ in range(500):
            with suppress(InputError):
                DISK.carry_out(FileChange(str(path), OLD, NEW))
            with suppress(InputError):
                DISK.carry_out(FileChange(str(path), NEW, OLD))
    finally:
        stop.set()
        swapping.join()
    assert (decoy / "a.conf").read_bytes() == b"old\n"
    assert os.listdir(decoy) == ["a.conf"]
