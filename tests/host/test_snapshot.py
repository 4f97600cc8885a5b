from __future__ import annotations

import json
import os
import stat
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpmtune.errors import InputError, NotRecordedError
from mpmtune.host.answers import Answers, command_key, from_json, to_json
from mpmtune.host.doorway import Absent, Answer, Command, Entry, EntryKind, Process
from mpmtune.host.snapshot import SnapshotHost, check_place, write_snapshot

if TYPE_CHECKING:
    from pathlib import Path

COMMAND = Command(("/usr/sbin/httpd", "-V"), (("APACHE_RUN_DIR", "/run"),))
ODD = "\udcff\x1b[2J\n"
ENTRY = Entry("/link", EntryKind.LINK, 1, 2, 0o777, 5, "target", 8, 9)
RECORD = Answers(
    files={
        "/etc/a.conf": b"Timeout 5\n\xff",
        "//etc/a.conf": b"other",
        "/etc/../a": b"up",
        f"/{ODD}": b"odd",
        "/none": Absent("/none", "no such file", missing=True),
    },
    globs={"/etc/*": ("/etc/a.conf", f"/etc/{ODD}")},
    entries={"/link": ENTRY, "/none": Absent("/none", "no such file", missing=True)},
    commands={
        command_key(COMMAND): Answer(1, b"out\xff", b"err", timed_out=True),
        command_key(Command(("/x",))): Absent("/x", "not there"),
    },
    requests={"80/x": Answer(200, b"body", b"")},
    processes=(Process(7, 1, ODD, "/usr/sbin/httpd", ("httpd", ODD), 3),),
    user=1000,
)


def written(tmp_path: Path, record: Answers = RECORD) -> str:
    directory = tmp_path / "snapshot"
    write_snapshot(record, {"about.toml": "a = 1\n"}, str(directory), lambda _: None)
    return str(directory)


def test_what_was_recorded_is_answered(tmp_path: Path) -> None:
    host = SnapshotHost(written(tmp_path))
    for path, content in RECORD.files.items():
        assert host.read(path) == content
    assert b"".join(host.stream("/etc/a.conf")) == b"Timeout 5\n\xff"
    assert list(host.stream("/none")) == []
    assert host.glob("/etc/*") == RECORD.globs["/etc/*"]
    assert host.entry("/link") == ENTRY
    assert host.entry("/none") == Absent("/none", "no such file", missing=True)
    assert host.run(COMMAND) == Answer(1, b"out\xff", b"err", timed_out=True)
    assert host.run(Command(("/x",))) == Absent("/x", "not there")
    assert host.loopback_get(80, "/x") == Answer(200, b"body", b"")
    assert host.processes() == RECORD.processes
    assert host.user() == 1000


def test_values_of_variables_play_no_part_in_a_replay(tmp_path: Path) -> None:
    host = SnapshotHost(written(tmp_path))
    other = Command(COMMAND.argv, (("APACHE_RUN_DIR", "/elsewhere"),))
    assert host.run(other) == host.run(COMMAND)
    with pytest.raises(NotRecordedError):
        host.run(Command(COMMAND.argv))


def test_a_question_that_was_not_recorded_is_named(tmp_path: Path) -> None:
    directory = written(tmp_path, Answers())
    host = SnapshotHost(directory)
    asked = f"The snapshot {directory} was not asked for "
    questions = {
        "the file /etc/\\x1bb.": lambda: host.read("/etc/\x1bb"),
        "what matches /etc/*.": lambda: host.glob("/etc/*"),
        "what lies at /etc.": lambda: host.entry("/etc"),
        "the command /usr/sbin/httpd -V.": lambda: host.run(COMMAND),
        "the list of processes.": host.processes,
        "a GET of http://127.0.0.1:80/x.": lambda: host.loopback_get(80, "/x"),
    }
    for name, ask in questions.items():
        with pytest.raises(NotRecordedError) as refused:
            ask()
        assert refused.value.sentence == asked + name
        assert refused.value.hint


def test_processes_that_could_not_be_listed_are_replayed(tmp_path: Path) -> None:
    absent = Absent("/proc", "not permitted")
    assert SnapshotHost(written(tmp_path, Answers(processes=absent))).processes() == absent


def test_nobody_else_may_look_into_a_snapshot(tmp_path: Path) -> None:
    directory = written(tmp_path)
    for above, folders, files in os.walk(directory):
        for name in (".", *folders, *files):
            assert not stat.S_IMODE(os.stat(os.path.join(above, name)).st_mode) & 0o077


def test_the_umask_is_left_as_it_was(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        written(tmp_path)
        assert os.umask(0o027) == 0o027
    finally:
        os.umask(before)


def test_the_files_lie_where_their_paths_say(tmp_path: Path) -> None:
    written(tmp_path)
    assert (tmp_path / "snapshot" / "root" / "etc" / "a.conf").read_bytes() in {
        b"Timeout 5\n\xff",
        b"other",
    }
    assert (tmp_path / "snapshot" / "about.toml").read_text() == "a = 1\n"


@pytest.mark.parametrize("kind", ["file", "full", "link"])
def test_a_place_that_is_taken_is_refused(tmp_path: Path, kind: str) -> None:
    place = tmp_path / "x"
    if kind == "file":
        place.write_text("")
    elif kind == "link":
        place.symlink_to("nowhere")
    else:
        place.mkdir()
        (place / "file").write_text("")
    with pytest.raises(InputError, match="exists and is not an empty directory"):
        check_place(str(place))


def test_an_empty_directory_is_a_good_place(tmp_path: Path) -> None:
    (tmp_path / "snapshot").mkdir()
    check_place(str(tmp_path / "snapshot"))
    assert SnapshotHost(written(tmp_path)).user() == 1000


def test_a_failed_proof_leaves_nothing(tmp_path: Path) -> None:
    def fail(directory: str) -> None:
        assert SnapshotHost(directory).user() == 1000
        raise InputError("no")

    with pytest.raises(InputError, match="no"):
        write_snapshot(RECORD, {}, str(tmp_path / "a"), fail)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none/a\.tmp cannot be written: no such file"):
        write_snapshot(RECORD, {}, str(tmp_path / "none" / "a"), lambda _: None)


def test_what_somebody_left_beside_the_place_is_not_cleared(tmp_path: Path) -> None:
    (tmp_path / "a.tmp").mkdir()
    (tmp_path / "a.tmp" / "theirs").write_text("x")
    with pytest.raises(InputError, match=r"a\.tmp cannot be written: file exists"):
        write_snapshot(RECORD, {}, str(tmp_path / "a"), lambda _: None)
    assert (tmp_path / "a.tmp" / "theirs").exists()


def test_a_place_taken_in_the_meantime_is_not_overwritten(tmp_path: Path) -> None:
    def taken(_: str) -> None:
        (tmp_path / "a").mkdir()
        (tmp_path / "a" / "theirs").write_text("x")

    with pytest.raises(InputError, match="a cannot be written: directory not empty"):
        write_snapshot(RECORD, {}, str(tmp_path / "a"), taken)
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


# A snapshot comes from somebody else -------------------------------------------------------------


def tampered(tmp_path: Path, **changes: object) -> str:
    directory = written(tmp_path)
    path = tmp_path / "snapshot" / "answers.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))
    return directory


@pytest.mark.parametrize(
    "place",
    ["../outside", "/etc/passwd", "root/../../outside", "root/none", "root", "", "root/etc"],
)
def test_a_path_that_leads_out_of_it_is_refused(tmp_path: Path, place: str) -> None:
    (tmp_path / "outside").write_text("secret")
    with pytest.raises(InputError, match="which is no file in it"):
        SnapshotHost(tampered(tmp_path, files={"/x": place}))


@pytest.mark.parametrize("target", ["/etc/passwd", "../../outside", "etc"])
def test_links_are_refused_wherever_they_lead(tmp_path: Path, target: str) -> None:
    directory = written(tmp_path)
    (tmp_path / "snapshot" / "root" / "link").symlink_to(target)
    with pytest.raises(InputError, match="root/link, which is neither file nor directory"):
        SnapshotHost(directory)


def test_answers_that_are_a_link_are_refused(tmp_path: Path) -> None:
    directory = written(tmp_path)
    path = tmp_path / "snapshot" / "answers.json"
    path.rename(tmp_path / "answers.json")
    path.symlink_to("../answers.json")
    with pytest.raises(InputError, match="neither file nor directory"):
        SnapshotHost(directory)


def test_devices_are_refused(tmp_path: Path) -> None:
    directory = written(tmp_path)
    os.mkfifo(tmp_path / "snapshot" / "root" / "fifo")
    with pytest.raises(InputError, match="neither file nor directory"):
        SnapshotHost(directory)


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    directory = written(tmp_path)
    with (tmp_path / "snapshot" / "root" / "zeros").open("wb") as file:
        file.truncate(10 << 30)
    with pytest.raises(InputError, match="too large for a snapshot"):
        SnapshotHost(directory)


def test_a_file_that_vanished_is_a_sentence(tmp_path: Path) -> None:
    directory = written(tmp_path, Answers(files={"/a": b"x"}))
    host = SnapshotHost(directory)
    (tmp_path / "snapshot" / "root" / "a").unlink()
    with pytest.raises(InputError, match="No such file"):
        host.read("/a")


@pytest.mark.parametrize(
    "changes",
    [
        {"schema": "other"},
        {"files": None},
        {"files": {"/a": 5}},
        {"absent": {"/a": "x"}},
        {"absent": {"/a": {"absent": "/a", "why": 5, "missing": True}}},
        {"globs": {"x": [5]}},
        {"globs": {"x": 5}},
        {"entries": {"x": {"path": "x"}}},
        {"entries": {"x": 5}},
        {"entries": {"x": {**json.loads(to_json(RECORD, {}))["entries"]["/link"], "kind": "x"}}},
        {"commands": {"x": {"status": "0", "stdout": "", "stderr": "", "timed_out": False}}},
        {"commands": {"x": {"status": 0, "stdout": "\ud800", "stderr": "", "timed_out": False}}},
        {"processes": 5},
        {"processes": [{"pid": "x"}]},
        {"user": "root"},
    ],
)
def test_answers_of_another_form_are_refused(tmp_path: Path, changes: dict[str, object]) -> None:
    with pytest.raises(InputError, match=r"answers\.json is no record of a machine"):
        SnapshotHost(tampered(tmp_path, **changes))


@pytest.mark.parametrize("text", [b"", b"{", b"\xff", b"[]", b"5", b"[" * 100_000, b"9" * 5000])
def test_answers_that_are_no_json_are_refused(tmp_path: Path, text: bytes) -> None:
    directory = written(tmp_path)
    (tmp_path / "snapshot" / "answers.json").write_bytes(text)
    with pytest.raises(InputError, match=r"answers\.json is no record of a machine"):
        SnapshotHost(directory)


def test_the_record_survives_its_own_writing() -> None:
    stored = {path: "root/x" for path, said in RECORD.files.items() if isinstance(said, bytes)}
    answers, files = from_json(to_json(RECORD, stored))
    assert files == stored
    assert answers.globs == RECORD.globs
    assert answers.commands == RECORD.commands


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
KEYS = st.sampled_from(
    ["schema", "user", "files", "absent", "globs", "entries", "commands", "requests", "processes"]
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(KEYS, JSON))
def test_no_document_is_a_crash(changes: dict[str, object]) -> None:
    document = json.loads(to_json(RECORD, {})) | changes
    try:
        from_json(json.dumps(document))
    except ValueError:
        return
