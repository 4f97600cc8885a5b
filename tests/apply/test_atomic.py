"""Replacing a file: whole or not at all, its owner and mode kept, no link followed."""

from __future__ import annotations

import contextlib
import os
import resource
import stat
import threading
from typing import TYPE_CHECKING

import pytest

from mpmtune.apply.atomic import Change, replace
from mpmtune.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

BEFORE, AFTER = b"MaxClients 5\n", b"MaxRequestWorkers 5\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.conf"
    path.write_bytes(BEFORE)
    path.chmod(0o640)
    return path


def change(path: Path) -> Change:
    return Change(str(path), BEFORE, AFTER)


def refused(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        replace(change(path))
    return caught.value.sentence


def test_the_content_is_replaced_and_the_mode_kept(file: Path) -> None:
    replace(change(file))
    assert file.read_bytes() == AFTER
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert os.listdir(file.parent) == ["a.conf"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_the_owner_is_kept_and_special_bits_with_it(file: Path) -> None:
    os.chown(file, 12345, 54321)
    file.chmod(0o2664)
    replace(change(file))
    status = file.stat()
    assert (status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)) == (12345, 54321, 0o2664)


def test_a_relative_path_is_one_below_the_working_directory(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(file.parent)
    replace(Change("a.conf", BEFORE, AFTER))
    assert file.read_bytes() == AFTER


def test_a_file_that_has_changed_since_it_was_read_is_left_alone(file: Path) -> None:
    file.write_bytes(BEFORE + b"# edited\n")
    assert "it has changed since it was read" in refused(file)
    assert file.read_bytes() == BEFORE + b"# edited\n"


def test_a_link_is_refused_and_its_target_untouched(file: Path) -> None:
    link = file.with_name("link.conf")
    link.symlink_to(file)
    assert "it is a symbolic link" in refused(link)
    assert file.read_bytes() == BEFORE


def test_a_path_through_a_link_is_refused(file: Path) -> None:
    (file.parent / "aside").symlink_to(file.parent)
    assert "its path leads through one" in refused(file.parent / "aside" / "a.conf")
    assert file.read_bytes() == BEFORE


def test_a_file_with_two_names_is_refused(file: Path) -> None:
    os.link(file, file.with_name("b.conf"))
    assert "it has other names too" in refused(file)


def test_what_is_no_file_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    assert "it is no regular file" in refused(tmp_path / "fifo")
    assert "was not changed" in refused(tmp_path)
    assert "No such file" in refused(tmp_path / "absent")


def test_a_directory_that_cannot_be_written_is_a_sentence(file: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    file.parent.chmod(0o555)
    assert "Permission denied" in refused(file)
    file.parent.chmod(0o755)


def test_a_failure_on_the_way_leaves_nothing_behind(file: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(InputError, match="was not changed: File too large"):
            replace(Change(str(file), BEFORE, b"#" * 10_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert file.read_bytes() == BEFORE
    assert os.listdir(file.parent) == ["a.conf"]


def test_readers_see_the_old_or_the_new_file_and_never_half_of_one(tmp_path: Path) -> None:
    path = tmp_path / "a.conf"
    texts = (b"A" * 300_000, b"B" * 300_000)
    path.write_bytes(texts[0])
    seen: set[bytes] = set()
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            seen.add(path.read_bytes())

    reader = threading.Thread(target=look)
    reader.start()
    for at in range(40):
        replace(Change(str(path), texts[at % 2], texts[(at + 1) % 2]))
    done.set()
    reader.join()
    assert seen <= set(texts)


def test_a_link_that_is_put_in_the_place_of_the_directory_leads_nowhere(tmp_path: Path) -> None:
    inside, outside = tmp_path / "conf", tmp_path / "outside"
    for directory in (inside, outside):
        directory.mkdir()
        (directory / "a.conf").write_bytes(BEFORE)
    stop = threading.Event()

    def swap() -> None:
        while not stop.is_set():
            inside.rename(tmp_path / "aside")
            inside.symlink_to(outside)
            inside.unlink()
            (tmp_path / "aside").rename(inside)

    swapping = threading.Thread(target=swap)
    swapping.start()
    try:
        for _ in range(300):
            with contextlib.suppress(InputError):
                replace(change(inside / "a.conf"))
                replace(Change(str(inside / "a.conf"), AFTER, BEFORE))
    finally:
        stop.set()
        swapping.join()
    assert (outside / "a.conf").read_bytes() == BEFORE
    assert os.listdir(outside) == ["a.conf"]
