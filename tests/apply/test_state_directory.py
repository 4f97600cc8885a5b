"""The journal and the history: whole, ours alone, and read strictly."""

from __future__ import annotations

import json
import os
import stat
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpmtune.apply.entry import Entry, Kind, Phase
from mpmtune.apply.entry_v1 import read_entry, write_entry
from mpmtune.apply.state_directory import state_directory
from mpmtune.errors import InputError, RolledBackError
from mpmtune.model.changes import ChangeSet, FileChange, Link, Regular, Rename

if TYPE_CHECKING:
    from pathlib import Path

ENTRY = Entry(
    identity="0123456789abcdef",
    kind=Kind.APPLY,
    who="root",
    began="2026-11-24T11:00:00Z",
    summary="prefork → event",
    plan_digest="ab",
    server_root="/etc/apache2",
    changes=ChangeSet(
        (
            FileChange("/e/a.conf", None, Regular(b"\0\xff\n", 0o644, 0, 0)),
            FileChange("/e/prefork.load", Link("x"), Link("caf\u00e9 \udcff")),
            Rename("/e/prefork.load", "/e/event.load", Link("caf\u00e9 \udcff")),
        )
    ),
    why="a\nb",
    undoes=(3, 4),
    confirm_by="2026-11-24T11:02:00Z",
)


def test_what_is_written_is_read_back() -> None:
    assert read_entry(write_entry(ENTRY), "journal.json") == ENTRY
    assert read_entry(write_entry(ENTRY), "journal.json", 7) == replace(ENTRY, number=7)


def damaged(document: Any) -> None:
    content = document if isinstance(document, bytes) else json.dumps(document).encode()
    with pytest.raises(InputError, match=r"^/s/journal\.json is damaged"):
        read_entry(content, "/s/journal.json")


@pytest.mark.parametrize(
    "wrong",
    [
        {"schema": "mpmtune/journal/v2"},
        {"identity": "../../x"},
        {"kind": "other"},
        {"phase": 3},
        {"server_root": "etc"},
        {"who": None},
        {"undoes": 1},
        {"undoes": [True]},
        {"undoes": [-1]},
        {"changes": {}},
        {"changes": [3]},
        {"changes": [{"path": "/a", "before": None, "after": None}]},
        {"changes": [{"path": "a", "before": None, "after": {"link": "x"}}]},
        {"changes": [{"path": "/a/../b", "before": None, "after": {"link": "x"}}]},
        {"changes": [{"path": "/a\0b", "before": None, "after": {"link": "x"}}]},
        {"changes": [{"source": "/a", "target": "/b", "moved": None}]},
        {
            "changes": [
                {
                    "path": "/a",
                    "before": None,
                    "after": {"content": "!", "mode": 1, "owner": 0, "group": 0},
                }
            ]
        },
        {
            "changes": [
                {
                    "path": "/a",
                    "before": None,
                    "after": {"content": "", "mode": 0o10000, "owner": 0, "group": 0},
                }
            ]
        },
    ],
    ids=str,
)
def test_a_damaged_journal_is_refused_by_name(wrong: dict[str, Any]) -> None:
    damaged(json.loads(write_entry(ENTRY)) | wrong)


def test_what_is_no_journal_at_all_is_refused() -> None:
    for content in (b"", b"[]", b"{}", b"\xff", b"[" * 100_000):
        damaged(content)


@settings(max_examples=100)
@given(st.binary(max_size=200), st.integers(0, 2000))
def test_no_damage_raises_anything_else(junk: bytes, at: int) -> None:
    content = write_entry(ENTRY)
    with suppress(InputError):
        read_entry(content[:at] + junk + content[at + len(junk) :], "journal.json")


def test_the_directory_is_made_for_us_alone_whatever_the_umask(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        with state_directory(str(tmp_path / "state")) as state:
            state.write_journal(ENTRY)
            assert state.journal() == ENTRY
            assert state.file_away() == 1
            assert state.journal() is None
            state.write_journal(replace(ENTRY, phase=Phase.REVERTED))
            assert state.file_away() == 2
            state.write_journal(ENTRY)
            state.drop_journal()
            state.write_journal(ENTRY)
    finally:
        os.umask(old)
    modes = {
        path.relative_to(tmp_path).as_posix(): stat.S_IMODE(path.stat().st_mode)
        for path in (tmp_path / "state", *(tmp_path / "state").rglob("*"))
    }
    assert modes == {
        "state": 0o700,
        "state/history": 0o700,
        "state/history/000001.json": 0o600,
        "state/history/000002.json": 0o600,
        "state/journal.json": 0o600,
    }


def test_the_history_is_read_in_order_and_other_files_in_it_are_left_out(tmp_path: Path) -> None:
    with state_directory(str(tmp_path / "state")) as state:
        for summary in ("one", "two"):
            state.write_journal(replace(ENTRY, summary=summary))
            state.file_away()
        (tmp_path / "state" / "history" / "notes.txt").write_text("x")
        assert [(entry.number, entry.summary) for entry in state.history()] == [
            (1, "one"),
            (2, "two"),
        ]


def test_what_a_killed_process_has_left_of_a_journal_is_no_obstacle(tmp_path: Path) -> None:
    with state_directory(str(tmp_path / "state")) as state:
        (tmp_path / "state" / "journal.new").write_bytes(b'{"half')
        state.write_journal(ENTRY)
        assert state.journal() == ENTRY
    assert sorted(os.listdir(tmp_path / "state")) == ["history", "journal.json"]


def refused(path: Path) -> str:
    with pytest.raises(InputError) as caught, state_directory(str(path)):
        pass
    return caught.value.sentence


def test_a_directory_that_others_may_enter_is_refused(tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.mkdir()
    state.chmod(0o755)
    assert "is open to others" in refused(state)
    state.chmod(0o777)
    assert "may be written by everybody" in refused(state)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give directories away")
def test_a_directory_of_someone_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    os.chown(tmp_path / "state", 12345, 0)
    assert "belongs to user 12345" in refused(tmp_path / "state")


def test_a_link_in_its_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "state").symlink_to("elsewhere")
    with (
        pytest.raises(InputError, match=r"state cannot be used: it is a symbolic link"),
        state_directory(str(tmp_path / "state")),
    ):
        pass
    assert os.listdir(tmp_path / "elsewhere") == []


def test_a_place_that_cannot_be_had_changes_nothing(tmp_path: Path) -> None:
    with (
        pytest.raises(RolledBackError, match="Nothing was changed"),
        state_directory(str(tmp_path / "absent" / "state")),
    ):
        pass


def test_the_rights_of_another_user_are_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "getuid", lambda: os.geteuid() + 1)
    assert "rights of another user" in refused(tmp_path / "state")


def test_what_goes_wrong_while_it_is_open_is_not_mistaken(tmp_path: Path) -> None:
    with (
        pytest.raises(OSError, match=r"^something else$"),
        state_directory(str(tmp_path / "state")),
    ):
        raise OSError("something else")


def test_without_the_right_to_it_the_way_out_is_said(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    tmp_path.chmod(0o500)
    assert "Permission denied" in refused(tmp_path / "state")
