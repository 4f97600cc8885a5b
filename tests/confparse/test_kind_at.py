"""What stands at a path that a directive names, and what is not known of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.confparse.paths import kind_at
from mpmtune.errors import NotRecordedError
from mpmtune.host.bare_tree import BareTree
from mpmtune.host.local import LocalFiles
from mpmtune.host.memory_files import MemoryFiles
from mpmtune.httpd.handlers import PathKind

if TYPE_CHECKING:
    from pathlib import Path


def test_the_kinds_of_this_machine(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text("key")
    (tmp_path / "empty.pem").touch()
    (tmp_path / "link").symlink_to("key.pem")
    files = LocalFiles()

    def kind(name: str) -> PathKind | None:
        return kind_at(files, f"{tmp_path}/{name}")

    assert kind("key.pem") is PathKind.FILE
    assert kind("link") is PathKind.FILE
    assert kind("empty.pem") is PathKind.OTHER
    assert kind("") is PathKind.DIRECTORY
    assert kind("gone") is PathKind.ABSENT


def test_what_a_bare_tree_lacks_is_not_known(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "key.pem").write_text("key")
    files = BareTree(str(tmp_path))
    assert kind_at(files, "/etc/key.pem") is PathKind.FILE
    assert kind_at(files, "/var/www") is None


def test_what_was_not_recorded_is_not_known() -> None:
    class Record(MemoryFiles):
        def entry(self, path: str) -> None:  # type: ignore[override]  # it answers nothing
            raise NotRecordedError(path)

    assert kind_at(Record({}), "/etc") is None
