"""``mpmtune apply --dry-run`` and ``--diff``: what would be done, and nothing is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from mpmtune.apply.entry import Phase
from mpmtune.apply.state_directory import state_directory
from mpmtune.cli.app import run
from mpmtune.cli.commands.apply import look_at_others
from mpmtune.detect.choice import Choice
from mpmtune.errors import InputError
from mpmtune.model.server import Instance, StartOptions
from tests.apply.laid_out import contents, debian
from tests.builders import facts
from tests.live.private_httpd import binary

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.httpd


def asked(command: str, conf: Path, *arguments: str) -> int:
    server = ("--httpd", binary(), "--conf", str(conf), "--server-root", str(conf.parent))
    return run([command, *server, "--memory", "2GiB", "--cpus", "2", *arguments])


def mpmtune(conf: Path, *arguments: str) -> int:
    return asked("apply", conf, *arguments)


def test_the_steps_are_listed_in_their_order_and_nothing_is_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    conf = debian(tmp_path)
    before = contents(tmp_path)
    assert mpmtune(conf, "--dry-run", "--mode", "event") == 0
    lines = [line.replace(f"{tmp_path}/", "") for line in capsys.readouterr().out.splitlines()]
    assert lines[0].startswith(" 1. write conf-available/zz-mpmtune.conf (")
    assert lines[1:] == [
        " 2. link conf-enabled/zz-mpmtune.conf to ../conf-available/zz-mpmtune.conf",
        " 3. remove mods-enabled/mpm_prefork.conf",
        " 4. relink mods-enabled/mpm_prefork.load to ../mods-available/mpm_event.load",
        " 5. rename mods-enabled/mpm_prefork.load to mods-enabled/mpm_event.load",
        " 6. link mods-enabled/mpm_event.conf to ../mods-available/mpm_event.conf",
    ]
    assert contents(tmp_path) == before


def test_the_difference_shows_files_and_links(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    conf = debian(tmp_path)
    assert mpmtune(conf, "--diff", "--mode", "event", "-q") == 0
    said = capsys.readouterr()
    lines = said.out.splitlines()
    assert "+<IfModule mpm_event_module>" in lines
    assert "-# symbolic link to ../mods-available/mpm_prefork.load" in lines
    assert "+# symbolic link to ../mods-available/mpm_event.load" in lines
    assert said.err == ""


def test_what_is_written_already_is_not_written_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    conf = debian(tmp_path)
    snippet = tmp_path / "conf-available/zz-mpmtune.conf"
    made = asked("recommend", conf, "--mode", "prefork", "-f", "conf", "-q", "-o", str(snippet))
    assert made == 0
    (tmp_path / "conf-enabled/zz-mpmtune.conf").symlink_to("../conf-available/zz-mpmtune.conf")
    assert mpmtune(conf, "--dry-run", "--mode", "prefork") == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert "Nothing is to be done" in said.err


def test_a_change_that_still_waits_is_named_where_nothing_is_to_be_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    conf = debian(tmp_path / "etc")
    state = ("--state", str(tmp_path / "state"))
    assert mpmtune(conf, "--mode", "event", "--yes", "--files-only", *state) == 0
    with state_directory(state[1]) as opened:
        (entry,) = opened.history()
        opened.write_journal(
            replace(entry, phase=Phase.AWAITING_CONFIRM, confirm_by="2999-01-01T00:00:00Z")
        )
    capsys.readouterr()
    assert mpmtune(conf, "--mode", "event", "--yes", *state) == 0
    said = capsys.readouterr().err
    assert "Nothing is to be done" in said
    assert "change from prefork to event waits for its confirmation; it is taken back in " in said
    assert f"Keep it: mpmtune confirm --state {tmp_path}/state\n" in said
    assert f"Or take it back now: mpmtune rollback --state {tmp_path}/state\n" in said


def test_what_forbids_the_mpm_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    conf = debian(tmp_path, more="Mutex file:/tmp mpm-accept")
    assert mpmtune(conf, "--dry-run", "--mode", "event") == 0
    assert "blocks event: Mutex names mpm-accept" in capsys.readouterr().err


def test_one_of_several_httpds_that_nobody_named_is_not_changed() -> None:
    options = (StartOptions("/srv/a", "a.conf"), StartOptions("/srv/b", "b.conf"))
    running = tuple(
        Instance(pid, "/usr/sbin/apache2", one, (), (), 60, other_namespace=False)
        for pid, one in zip((10, 20), options, strict=True)
    )
    found = replace(facts(), instances=running)
    with pytest.raises(InputError, match=r"2 httpds run here, and any may be meant: 10, 20\."):
        look_at_others(found, Choice(), shown=False)
    look_at_others(found, Choice(conf="/srv/b/b.conf"), shown=False)
    look_at_others(found, Choice(), shown=True)


def test_a_layout_of_its_own_is_left_to_its_administrator(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    conf = debian(tmp_path)
    (tmp_path / "conf-available").rename(tmp_path / "elsewhere")
    assert mpmtune(conf, "--dry-run", "--mode", "event") == 0
    said = capsys.readouterr()
    assert "laid out neither as Debian nor as RHEL does it" in said.err
    assert said.out.splitlines()[1] == (
        f"sed -i 2s/mpm_prefork/mpm_event/g {tmp_path}/mods-enabled/mpm_prefork.load"
    )


def test_a_configuration_that_cannot_be_read_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["apply", "--httpd", binary(), "--server-root", str(tmp_path), "--dry-run"]
    assert run(command) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert f"The configuration {tmp_path}/" in said.err
    assert "Name it with --conf or --server-root" in said.err


def test_where_nobody_can_be_asked_the_way_out_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    conf = debian(tmp_path)
    before = contents(tmp_path)
    assert mpmtune(conf, "--mode", "event") == 2
    assert "Add --yes, or look first with --dry-run or --diff." in capsys.readouterr().err
    assert contents(tmp_path) == before


def test_files_alone_are_written_where_that_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "etc"
    conf = debian(root)
    state = str(tmp_path / "state")
    assert mpmtune(conf, "--mode", "event", "--yes", "--files-only", "--state", state) == 0
    assert capsys.readouterr().out.startswith("Written. httpd runs as before")
    assert "mods-enabled/mpm_event.load" in contents(root)


def test_a_layout_of_its_own_is_not_written_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    conf = debian(tmp_path)
    (tmp_path / "conf-available").rename(tmp_path / "elsewhere")
    assert mpmtune(conf, "--mode", "event", "--yes") == 2
    said = capsys.readouterr()
    assert "Nothing was done." in said.err
    assert "sed -i" in said.out
