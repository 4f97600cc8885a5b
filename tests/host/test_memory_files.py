"""Files in memory answer as files on a disk do."""

from __future__ import annotations

from mpmtune.host.doorway import Absent, Entry, EntryKind
from mpmtune.host.memory_files import MemoryFiles

FILES = MemoryFiles({"/etc/a/x.conf": b"x", "/etc/a/.y": b"", "/etc/b": b"bb", "-": b"stdin"})


def test_a_file_is_read_by_any_spelling_of_its_path() -> None:
    assert FILES.read("/etc/a/../b") == b"bb"
    assert FILES.read("-") == b"stdin"
    assert list(FILES.stream("/etc/b")) == [b"bb"]


def test_what_is_not_there_is_absent() -> None:
    assert FILES.read("/etc/c") == Absent("/etc/c", "no such file or directory", missing=True)
    assert FILES.read("/etc/b/c") == Absent("/etc/b/c", "not a directory", missing=True)
    assert FILES.read("/etc/a") == Absent("/etc/a", "no such file or directory", missing=True)
    assert list(FILES.stream("/none")) == []


def test_directories_are_those_that_the_paths_imply() -> None:
    entry = FILES.entry("/etc/a")
    assert isinstance(entry, Entry)
    assert entry.kind is EntryKind.DIRECTORY
    entry = FILES.entry("/etc/b")
    assert isinstance(entry, Entry)
    assert (entry.kind, entry.size) == (EntryKind.FILE, 2)
    assert isinstance(FILES.entry("/var"), Absent)


def test_patterns_are_expanded_as_httpd_does() -> None:
    assert FILES.glob("/etc/*/*.conf") == ("/etc/a/x.conf",)
    assert FILES.glob("/etc/*") == ("/etc/a", "/etc/b")
    assert FILES.glob("/etc/a/.*") == ("/etc/a/.y",)


def test_what_is_beneath_answers_for_the_rest() -> None:
    above = MemoryFiles({"-": b"above"}, FILES)
    assert above.read("-") == b"above"
    assert above.read("/etc/b") == b"bb"
    assert list(above.stream("/etc/b")) == [b"bb"]
    assert above.glob("/etc/*") == ("/etc/a", "/etc/b")
    assert isinstance(above.entry("/etc/b"), Entry)
    assert isinstance(above.entry("/none"), Absent)
