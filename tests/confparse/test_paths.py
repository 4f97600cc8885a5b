"""Paths as APR joins them."""

from __future__ import annotations

import pytest

from mpmtune.confparse.paths import as_path, followed, join, merge, within
from mpmtune.host.doorway import Absent, Entry
from mpmtune.host.local import LocalFiles


@pytest.mark.parametrize(
    ("root", "path", "merged"),
    [
        ("/etc/apache2", "ports.conf", "/etc/apache2/ports.conf"),
        ("/etc/apache2/", "./a//b/../c", "/etc/apache2/a/c"),
        ("/etc", "/a/./b", "/a/b"),
        ("/etc", "../..", "/"),
        ("/etc", "d/", "/etc/d/"),
        ("/", "/", "/"),
        ("", "a", "a"),
    ],
)
def test_paths_are_merged_and_normalised(root: str, path: str, merged: str) -> None:
    assert merge(root, path) == merged


def test_names_are_put_below_directories() -> None:
    assert join("/a", "b") == "/a/b"
    assert join("/", "b") == "/b"


def test_within_is_about_whole_names() -> None:
    assert within("/srv", "/srv/a")
    assert within("/srv", "/srv")
    assert within("/", "/a")
    assert not within("/srv", "/srv2/a")


def test_bytes_become_the_path_that_the_system_knows() -> None:
    assert as_path("/a") == "/a"
    assert as_path("/\xc3\xa9") == "/é"
    assert as_path("/\xff").encode("utf-8", "surrogateescape") == b"/\xff"


def test_links_are_followed_as_far_as_the_system_does(tmp_path: object) -> None:
    import pathlib

    place = pathlib.Path(str(tmp_path))
    (place / "file").write_text("x")
    (place / "link").symlink_to("other")
    (place / "other").symlink_to(place / "file")
    (place / "loop").symlink_to("loop")
    assert isinstance(followed(LocalFiles(), f"{place}/link"), Entry)
    answer = followed(LocalFiles(), f"{place}/loop")
    assert answer == Absent(f"{place}/loop", "too many levels of symbolic links")
