"""From a plan to changes of files: nothing is written but what the layout has a place for."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from mpmtune.apply.changed_files import ChangedFiles
from mpmtune.apply.changeset import choose, planned_changes
from mpmtune.apply.disk import Disk
from mpmtune.apply.layouts import ByHand, Debian, RedHat, read_layout
from mpmtune.errors import InputError
from mpmtune.host.local import LocalFiles
from mpmtune.httpd import effective
from mpmtune.model.changes import ChangeSet, FileChange, Link, Regular, Rename
from mpmtune.model.httpd import Mpm
from mpmtune.model.unknown import Unknown
from tests.apply.laid_out import contents, debian, planned, read, red_hat, server
from tests.builders import a_server

if TYPE_CHECKING:
    from pathlib import Path

DISK = Disk(".mpmtune-test")


def changes(conf: Path, root: Path, mpm: Mpm, memory_mib: int = 2048) -> ChangeSet:
    now = server(conf, root)
    layout = read_layout(LocalFiles(), now)
    assert not isinstance(layout, ByHand)
    return planned_changes(planned(mpm, memory_mib), now, layout)


def carry_out(made: ChangeSet) -> None:
    for change in made.changes:
        DISK.carry_out(change)


def steps(made: ChangeSet, root: Path) -> list[str]:
    """Say in words what each change does."""
    said = []
    for change in made.changes:
        for path, before, after in change.effect:
            name = os.path.relpath(path, root)
            kinds = [s.target if isinstance(s, Link) else type(s).__name__ for s in (before, after)]
            said.append(f"{name}: {kinds[0]} → {kinds[1]}".replace("NoneType", "nothing"))
    return said


def test_on_debian_the_snippet_is_made_available_and_then_enabled(tmp_path: Path) -> None:
    conf = debian(tmp_path)
    made = changes(conf, tmp_path, Mpm.PREFORK)
    assert steps(made, tmp_path) == [
        "conf-available/zz-mpmtune.conf: nothing → Regular",
        "conf-enabled/zz-mpmtune.conf: nothing → ../conf-available/zz-mpmtune.conf",
    ]
    snippet = made.after[f"{tmp_path}/conf-available/zz-mpmtune.conf"]
    assert isinstance(snippet, Regular)
    assert (snippet.mode, snippet.owner, snippet.group) == (0o644, os.geteuid(), os.getegid())


def test_on_debian_an_mpm_is_exchanged_so_that_exactly_one_is_loaded_at_every_moment(
    tmp_path: Path,
) -> None:
    conf = debian(tmp_path)
    made = changes(conf, tmp_path, Mpm.EVENT)
    assert steps(made, tmp_path)[2:] == [
        "mods-enabled/mpm_prefork.conf: ../mods-available/mpm_prefork.conf → nothing",
        "mods-enabled/mpm_prefork.load: ../mods-available/mpm_prefork.load → ../mods-available/mpm_event.load",
        "mods-enabled/mpm_prefork.load: ../mods-available/mpm_event.load → nothing",
        "mods-enabled/mpm_event.load: nothing → ../mods-available/mpm_event.load",
        "mods-enabled/mpm_event.conf: nothing → ../mods-available/mpm_event.conf",
    ]
    seen = []
    for done in range(len(made.changes) + 1):
        files = ChangedFiles(LocalFiles(), ChangeSet(made.changes[:done]))
        values = effective.of(read(conf, tmp_path, files))
        assert values.accepted
        seen.append((values.mpm.value, values.setting("MaxRequestWorkers").value))
    event = planned(Mpm.EVENT).setting("MaxRequestWorkers").proposed.whole
    assert seen == [("prefork", 150)] * 4 + [("event", event)] * 3


def test_what_the_former_mpm_had_is_kept_for_as_long_as_it_runs(tmp_path: Path) -> None:
    conf = debian(tmp_path)
    made = changes(conf, tmp_path, Mpm.EVENT)
    snippet = made.after[f"{tmp_path}/conf-available/zz-mpmtune.conf"]
    assert isinstance(snippet, Regular)
    assert snippet.content.endswith(
        b"\n# What httpd had with prefork.\n"
        b"<IfModule mpm_prefork_module>\n"
        b"    ServerLimit 256\n    MaxRequestWorkers 150\n    StartServers 5\n"
        b"    MinSpareServers 5\n    MaxSpareServers 10\n"
        b"</IfModule>\n"
    )


def test_there_and_back_leaves_the_tree_as_it_was(tmp_path: Path) -> None:
    conf = debian(tmp_path)
    before = contents(tmp_path)
    made = changes(conf, tmp_path, Mpm.EVENT)
    carry_out(made)
    assert contents(tmp_path) != before
    carry_out(made.invert())
    assert contents(tmp_path) == before


@pytest.mark.parametrize("mpm", [Mpm.PREFORK, Mpm.EVENT])
def test_a_plan_that_is_in_force_changes_nothing(tmp_path: Path, mpm: Mpm) -> None:
    conf = debian(tmp_path)
    carry_out(changes(conf, tmp_path, mpm))
    assert not changes(conf, tmp_path, mpm)
    assert steps(changes(conf, tmp_path, mpm, 256), tmp_path) == [
        "conf-available/zz-mpmtune.conf: Regular → Regular"
    ]


def test_another_mpm_in_a_snippet_of_ours_is_not_taken_for_what_is_wanted(tmp_path: Path) -> None:
    conf = debian(tmp_path)
    carry_out(changes(conf, tmp_path, Mpm.PREFORK))
    snippet = tmp_path / "conf-available/zz-mpmtune.conf"
    snippet.write_text(snippet.read_text() + "Timeout 5\n")
    assert steps(changes(conf, tmp_path, Mpm.PREFORK), tmp_path) == [
        "conf-available/zz-mpmtune.conf: Regular → Regular"
    ]


def test_an_mpm_without_values_of_its_own_is_exchanged_too(tmp_path: Path) -> None:
    conf = debian(tmp_path)
    (tmp_path / "mods-enabled/mpm_prefork.conf").unlink()
    (tmp_path / "mods-available/mpm_event.conf").unlink()
    made = changes(conf, tmp_path, Mpm.EVENT)
    assert [type(change) for change in made.changes] == [FileChange, FileChange, FileChange, Rename]


def refused(conf: Path, root: Path, mpm: Mpm = Mpm.EVENT) -> str:
    with pytest.raises(InputError) as caught:
        changes(conf, root, mpm)
    return caught.value.sentence


def test_what_lies_where_we_would_write_is_refused_by_name(tmp_path: Path) -> None:
    conf = debian(tmp_path)
    snippet, enabled = tmp_path / "conf-available/zz-mpmtune.conf", tmp_path / "conf-enabled"
    snippet.symlink_to("../elsewhere.conf")
    assert "zz-mpmtune.conf is not as mpmtune would leave it: it is a link" in refused(
        conf, tmp_path
    )
    snippet.unlink()
    (enabled / "zz-mpmtune.conf").write_text("Timeout 5\n")
    assert "it is no link to" in refused(conf, tmp_path)
    (enabled / "zz-mpmtune.conf").unlink()
    (enabled / "zz-mpmtune.conf").symlink_to("/tmp/elsewhere.conf")
    assert "it is no link to" in refused(conf, tmp_path)
    (enabled / "zz-mpmtune.conf").unlink()
    (enabled / "zz-mpmtune.conf").symlink_to(snippet)
    snippet.write_text("Timeout 5\n")
    snippet.chmod(0o666)
    assert "others than its owner may write it" in refused(conf, tmp_path)
    snippet.chmod(0o640)
    assert changes(conf, tmp_path, Mpm.PREFORK).after[str(snippet)].mode == 0o640  # type: ignore[union-attr]  # a file


def test_an_mpm_that_is_not_loaded_through_a_link_is_left_to_the_administrator(
    tmp_path: Path,
) -> None:
    conf = debian(tmp_path)
    link = tmp_path / "mods-enabled/mpm_prefork.load"
    target = tmp_path / "mods-available/mpm_prefork.load"
    link.rename(tmp_path / "mods-enabled/a.load")
    assert "it does not load the MPM alone" in refused(conf, tmp_path)
    (tmp_path / "mods-enabled/a.load").unlink()
    link.write_text(target.read_text())
    assert "mpm_prefork.load is not as mpmtune would leave it: it is no link" in refused(
        conf, tmp_path
    )
    link.unlink()
    link.symlink_to("../mods-available/mpm_prefork.load")
    (tmp_path / "mods-available/mpm_event.load").unlink()
    assert "mpm_event.load is not as mpmtune would leave it: there is no such" in refused(
        conf, tmp_path
    )


def test_a_server_of_which_no_mpm_is_known_gets_the_snippet_alone(tmp_path: Path) -> None:
    conf = debian(tmp_path)
    now = replace(server(conf, tmp_path), configured_mpm=None, mpm=Unknown("httpd.mpm", "test"))
    layout = read_layout(LocalFiles(), now)
    assert isinstance(layout, Debian)
    made = planned_changes(planned(Mpm.EVENT), now, layout)
    assert len(made.changes) == 2
    known = replace(now, mpm=Mpm.PREFORK, settings=())
    made = planned_changes(planned(Mpm.EVENT), known, layout)
    assert len(made.changes) == 6
    assert "What httpd had" not in str(made.after[layout.snippet].content)  # type: ignore[union-attr]  # a file


def test_on_rhel_one_file_chooses_the_mpm_and_one_change_exchanges_it(tmp_path: Path) -> None:
    conf = red_hat(tmp_path)
    made = changes(conf, tmp_path, Mpm.PREFORK)
    assert steps(made, tmp_path) == [
        "conf.d/zz-mpmtune.conf: nothing → Regular",
        "conf.modules.d/00-mpm.conf: Regular → Regular",
    ]
    for done, mpm in ((1, Mpm.EVENT), (2, Mpm.PREFORK)):
        files = ChangedFiles(LocalFiles(), ChangeSet(made.changes[:done]))
        values = effective.of(read(conf, tmp_path, files))
        assert (values.accepted, values.mpm) == (True, mpm)
    carry_out(made)
    assert not changes(conf, tmp_path, Mpm.PREFORK)
    carry_out(changes(conf, tmp_path, Mpm.EVENT))
    assert (
        (tmp_path / "conf.modules.d/00-mpm.conf")
        .read_text()
        .endswith("# event\nLoadModule mpm_event_module modules/mod_mpm_event.so\n")
    )


def test_on_rhel_an_mpm_loaded_elsewhere_is_left_to_the_administrator(tmp_path: Path) -> None:
    conf = red_hat(tmp_path)
    chooser = tmp_path / "conf.modules.d/00-mpm.conf"
    conf.write_text(conf.read_text() + chooser.read_text())
    chooser.unlink()
    assert "no file there loads the MPM" in refused(conf, tmp_path, Mpm.PREFORK)
    assert len(changes(conf, tmp_path, Mpm.EVENT).changes) == 1


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        (
            "#LoadModule mpm_worker_module modules/w.so\nLoadModule mpm_event_module modules/e.so\n",
            "LoadModule mpm_worker_module modules/w.so\n#LoadModule mpm_event_module modules/e.so\n",
        ),
        (
            "  loadmodule mpm_event_module e.so",
            "#  loadmodule mpm_event_module e.so\nLoadModule mpm_worker_module modules/mod_mpm_worker.so\n",
        ),
        (
            "# LoadModule mpm_worker_module a b\n#LoadModule mpm_worker_module c\n# mpm_worker\n",
            "LoadModule mpm_worker_module a b\n#LoadModule mpm_worker_module c\n# mpm_worker\n",
        ),
        ("", "LoadModule mpm_worker_module modules/mod_mpm_worker.so\n"),
        ("# x", "# x\nLoadModule mpm_worker_module modules/mod_mpm_worker.so\n"),
    ],
)
def test_the_line_of_an_mpm_comes_out_of_its_comment(text: str, chosen: str) -> None:
    assert choose(text, Mpm.EVENT, Mpm.WORKER) == chosen


def test_other_layouts_are_left_to_their_administrators(tmp_path: Path) -> None:
    (tmp_path / "conf").mkdir()
    conf = tmp_path / "conf/httpd.conf"
    conf.write_text(f"ServerRoot {tmp_path}\n")
    now = a_server(server_root=str(tmp_path), tree=read(conf, tmp_path))
    found = read_layout(LocalFiles(), now)
    assert found == ByHand(f"{tmp_path} is laid out neither as Debian nor as RHEL does it")
    unread = ByHand("its configuration could not be read")
    assert read_layout(LocalFiles(), a_server()) == unread
    nowhere = a_server(server_root=Unknown("httpd.server_root", "test"))
    assert read_layout(LocalFiles(), nowhere) == unread


def test_a_path_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    conf = debian(tmp_path)
    now = server(conf, tmp_path)
    os.mkfifo(tmp_path / "conf-available/zz-mpmtune.conf")
    with pytest.raises(InputError, match=r"zz-mpmtune\.conf cannot be read"):
        read_layout(LocalFiles(), now)


def test_the_layout_knows_who_owns_it(tmp_path: Path) -> None:
    conf = red_hat(tmp_path)
    layout = read_layout(LocalFiles(), server(conf, tmp_path))
    assert isinstance(layout, RedHat)
    assert layout.owner == (os.geteuid(), os.getegid())
    assert layout.chooser == f"{tmp_path}/conf.modules.d/00-mpm.conf"
