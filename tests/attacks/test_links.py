"""Links and other names at the paths that root writes to: nothing behind them is touched."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from tests.attacks.scene import HOSTS, Scene, changed, link_of_somebody, mpmtune

pytestmark = pytest.mark.httpd

CONFIGURATION = (
    "conf-available/zz-mpmtune.conf",
    "conf-enabled/zz-mpmtune.conf",
    "mods-enabled/mpm_event.load",
    "mods-enabled/mpm_event.conf",
    "mods-available/mpm_event.load",
    ".certbot.lock",
)


@pytest.mark.parametrize("place", CONFIGURATION)
def test_a_link_where_configuration_is_written_is_refused(place: str, scene: Scene) -> None:
    path = scene.tree / place
    path.unlink(missing_ok=True)
    path.symlink_to(scene.shadow)
    scene.look()
    assert scene.apply().code in {2, 3}
    assert scene.untouched()
    assert path.readlink() == scene.shadow
    assert scene.protected()


def test_the_link_of_the_mpm_in_force_is_exchanged_and_never_written_through(scene: Scene) -> None:
    load = "LoadModule mpm_prefork_module /usr/lib/apache2/modules/mod_mpm_prefork.so\n"
    elsewhere = scene.top / "elsewhere"
    elsewhere.write_text(load)
    (scene.tree / "mods-enabled/mpm_prefork.load").unlink()
    (scene.tree / "mods-enabled/mpm_prefork.load").symlink_to(elsewhere)
    assert scene.apply().code == 0
    assert elsewhere.read_text() == load
    assert scene.run("rollback", "-q").code == 0
    assert (scene.tree / "mods-enabled/mpm_prefork.load").readlink() == elsewhere
    assert elsewhere.read_text() == load


@pytest.mark.parametrize("name", ["conf-available", "conf-enabled", "mods-enabled"])
def test_a_link_in_the_place_of_a_directory_is_refused(name: str, scene: Scene) -> None:
    outside = scene.top / "outside"
    (scene.tree / name).rename(outside)
    (scene.tree / name).symlink_to(outside)
    there = sorted(os.listdir(outside))
    scene.look()
    assert scene.apply().code == 2
    assert scene.untouched()
    assert sorted(os.listdir(outside)) == there


@pytest.mark.parametrize("name", ["", "lock", "journal.json", "journal.new", "history"])
def test_a_link_in_the_state_directory_is_not_followed(name: str, scene: Scene) -> None:
    outside = scene.top / "outside"
    outside.mkdir(mode=0o700)
    if name:
        scene.state.mkdir(mode=0o700)
    (scene.state / name).symlink_to(outside if name in {"", "history"} else scene.shadow)
    scene.look()
    done = scene.apply("--files-only")
    if name == "journal.new":  # what a killed process has left is removed, link or not
        assert done.code == 0
    else:
        assert done.code in {2, 3}
        assert scene.untouched()
    assert os.listdir(outside) == []
    assert scene.protected()


def test_a_second_name_of_the_snippet_is_refused(scene: Scene) -> None:
    snippet = scene.tree / "conf-available/zz-mpmtune.conf"
    mine = scene.top / "mine"
    mine.write_text("Timeout 5\n")
    os.link(mine, snippet)
    scene.look()
    assert scene.apply().code == 2
    assert scene.untouched()
    assert mine.read_text() == "Timeout 5\n"


@pytest.mark.parametrize("command", ["rollback", "recover"])
def test_a_link_that_came_after_the_change_is_not_written_through(
    command: str, scene: Scene
) -> None:
    path = changed(scene, finished=command == "rollback")
    path.unlink()
    path.symlink_to(scene.shadow)
    assert scene.run(command, "--files-only").code == {"rollback": 2, "recover": 4}[command]
    assert path.readlink() == scene.shadow
    assert scene.protected()


OUTPUTS = {
    "recommend": ("recommend", "--host", f"{HOSTS}/debian-event", "-f", "conf", "-o"),
    "detect": ("detect", "--host", f"{HOSTS}/debian-event", "-o"),
    "config": ("config", "--target", "debian-12", "ETC/apache2.conf", "-o"),
    "lint": ("lint", "ETC/apache2.conf", "--fail-on", "never", "-o"),
    "lint --write-baseline": ("lint", "ETC/apache2.conf", "--write-baseline"),
    "explain": ("explain", "event", "-o"),
}


@pytest.mark.parametrize("command", OUTPUTS)
def test_a_link_of_somebody_at_the_output_file_is_refused(command: str, scene: Scene) -> None:
    scene.evil.chmod(0o1777)
    out = link_of_somebody(scene.evil / "out", scene.shadow)
    line = [word.replace("ETC", str(scene.tree)) for word in OUTPUTS[command]]
    done = mpmtune(*line, str(out))
    assert (done.code, "is a link of another user's" in done.err) == (2, True)
    assert out.readlink() == scene.shadow
    assert scene.protected()


def test_a_link_of_somebody_above_the_output_file_is_refused(scene: Scene) -> None:
    link_of_somebody(scene.evil / "mine", scene.top)
    done = mpmtune("explain", "event", "-o", f"{scene.evil}/mine/shadow")
    assert (done.code, "is a link of another user's" in done.err) == (2, True)
    assert scene.protected()


def test_fixing_a_configuration_writes_through_no_link(scene: Scene) -> None:
    text = "MaxClients 5\n"
    outside = scene.top / "outside.conf"
    outside.write_text(text)
    link_of_somebody(scene.tree / "conf-enabled/a.conf", outside)
    mpmtune("lint", f"{scene.tree}/apache2.conf", "--fix", "--unsafe-fixes", "-q")
    assert outside.read_text() == text
    assert (scene.tree / "conf-enabled/a.conf").readlink() == outside


@pytest.mark.parametrize("suffix", ["", ".tmp"])
def test_a_link_at_the_place_of_a_snapshot_is_refused(suffix: str, scene: Scene) -> None:
    outside = scene.top / "outside"
    outside.mkdir()
    (scene.evil / f"snap{suffix}").symlink_to(outside)
    host = HOSTS / "debian-no-httpd"
    assert mpmtune("snapshot", f"{scene.evil}/snap", "--host", str(host)).code == 2
    assert os.listdir(outside) == []


EXCHANGING = """
import os, sys
place, aside, decoy = sys.argv[1:]
while True:
    os.rename(place, aside)
    os.symlink(decoy, place)
    os.unlink(place)
    os.rename(aside, place)
"""


def test_links_are_exchanged_while_a_whole_change_is_written(scene: Scene) -> None:
    """What thousands of exchanges do to single writes is tried in tests/apply/test_disk.py."""
    decoy = scene.top / "decoy"
    shutil.copytree(scene.tree / "conf-available", decoy)
    (decoy / "zz-mpmtune.conf").write_text("Timeout 5\n")
    paths = (scene.tree / "conf-available", scene.top / "aside", decoy)
    exchanging = subprocess.Popen([sys.executable, "-c", EXCHANGING, *map(str, paths)])
    try:
        codes = {scene.apply("--files-only").code for _ in range(3)}
        assert exchanging.poll() is None
    finally:
        exchanging.kill()
        exchanging.wait()
    assert codes <= {0, 2, 3, 4}
    assert os.listdir(decoy) == ["zz-mpmtune.conf"]
    assert (decoy / "zz-mpmtune.conf").read_text() == "Timeout 5\n"
