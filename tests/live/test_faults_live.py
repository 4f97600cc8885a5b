"""kill -9 and refusals of the kernel at system calls: never a broken tree, never a false status.

A sample of the points is tried; ``pytest --all-faults`` tries every one.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mpmtune.apply.changeset import planned_changes
from mpmtune.apply.disk import Disk
from mpmtune.apply.entry import Kind
from mpmtune.apply.entry_v1 import write_entry
from mpmtune.apply.files_only import carry_out
from mpmtune.apply.layouts import ByHand, read_layout
from mpmtune.apply.new_entry import new_entry
from mpmtune.apply.state_directory import state_directory
from mpmtune.apply.transaction import begin
from mpmtune.host.local import LocalFiles
from mpmtune.model.httpd import Mpm
from tests.apply import faults, file_part
from tests.apply.faults import FROM_THEN_ON, ONE_SHOT, Scene
from tests.apply.laid_out import debian, planned, red_hat, server
from tests.live.private_httpd import module_directory

if TYPE_CHECKING:
    from collections.abc import Callable

    from mpmtune.apply.entry import Entry
    from tests.apply.faults import State, Truth

pytestmark = pytest.mark.httpd
SAMPLE = 14


def on_debian(tree: Path) -> Path:
    return debian(tree, "prefork", _needed())


def on_red_hat(tree: Path) -> Path:
    return red_hat(tree, _needed())


def _needed() -> str:
    files = (Path(module_directory(), f"mod_{name}.so") for name in ("unixd", "log_config"))
    loads = (f"LoadModule {file.stem[4:]}_module {file}" for file in files if file.exists())
    return "\n".join(loads)


def change(tree: Path, conf: Path, mpm: Mpm) -> Entry:
    """The change to another MPM."""
    now = server(conf, tree)
    layout = read_layout(LocalFiles(), now)
    assert not isinstance(layout, ByHand)
    return new_entry(Kind.APPLY, "switch", str(tree), planned_changes(planned(mpm), now, layout))


def scene(
    directory: Path, lay_out: Callable[[Path], Path], mpm: Mpm, command: list[str]
) -> tuple[Scene, Entry]:
    """A scene with a configuration, a change in ``entry.json``, and a state directory."""
    directory.mkdir()
    conf = lay_out(directory / "tree")
    entry = change(directory / "tree", conf, mpm)

    def make(place: Path) -> None:
        lay_out(place / "tree")
        (place / "entry.json").write_bytes(write_entry(entry))

    def recover() -> int:
        return file_part.main("recover", str(directory / "state"))

    line = [word.replace("@", str(directory)) for word in command]
    return Scene(directory, make, line, recover, directory / "tree", conf), entry


FILE_PART = faults.python("-S", "-m", "tests.apply.file_part")
APPLY = [*FILE_PART, "apply", "@/state", "@/entry.json"]
ROLLBACK = [*FILE_PART, "rollback", "@/state"]
RECOVER = [*FILE_PART, "recover", "@/state"]


def judged(
    scene: Scene,
    everything: bool,
    count: int = SAMPLE,
    truth: Callable[[State, State], Truth] = faults.change,
) -> None:
    """Try every fault at every point, or so many of them, and say what was wrong."""
    scene.renew()
    old = scene.state()
    assert faults.bootable(scene)
    found = faults.points(scene)
    new = scene.state()
    assert faults.bootable(scene)
    assert old != new
    trials = [(point, fault) for fault in (*ONE_SHOT, *FROM_THEN_ON) for point in found]
    chosen = trials if everything else faults.sample(trials, count)
    verdicts = faults.tried(scene, chosen, truth(old, new))
    print(f"{len(found)} points, {verdicts.tried} trials, {len(verdicts.bad)} bad")
    assert not verdicts.bad, "\n\n".join(verdicts.bad)


@pytest.fixture
def everything(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--all-faults"))


def test_the_files_of_an_apply_on_debian(tmp_path: Path, everything: bool) -> None:
    made, _ = scene(tmp_path / "scene", on_debian, Mpm.EVENT, APPLY)
    judged(made, everything)


def test_the_files_of_an_apply_on_rhel(tmp_path: Path, everything: bool) -> None:
    made, _ = scene(tmp_path / "scene", on_red_hat, Mpm.PREFORK, APPLY)
    judged(made, everything)


def test_a_rollback(tmp_path: Path, everything: bool) -> None:
    made, entry = scene(tmp_path / "scene", on_debian, Mpm.EVENT, ROLLBACK)
    before = made.make

    def applied(place: Path) -> None:
        before(place)
        carry_out(str(place / "state"), entry)

    judged(replace(made, make=applied), everything)


@pytest.mark.parametrize("done", range(7))
def test_a_recover(tmp_path: Path, everything: bool, done: int) -> None:
    """After each step of an apply: what was killed once can be killed again."""
    made, entry = scene(tmp_path / "scene", on_debian, Mpm.EVENT, RECOVER)
    before = made.make

    def interrupted(place: Path) -> None:
        before(place)
        with state_directory(str(place / "state")) as state:
            begin(state, entry)
        disk = Disk(f".mpmtune-{entry.identity}")
        for step in entry.changes.changes[:done]:
            disk.carry_out(step)
        (place / "tree/conf-enabled" / f".mpmtune-{entry.identity}").write_text("half")

    judged(replace(made, make=interrupted), everything, SAMPLE // 7, faults.taking_over)


NAIVE = """
import os, sys
enabled = sys.argv[1] + "/mods-enabled/"
os.unlink(enabled + "mpm_prefork.conf")
os.unlink(enabled + "mpm_prefork.load")
os.symlink("../mods-available/mpm_event.load", enabled + "mpm_event.load")
os.symlink("../mods-available/mpm_event.conf", enabled + "mpm_event.conf")
"""


def test_the_faults_find_what_is_wrong_with_two_commands_one_after_the_other(
    tmp_path: Path,
) -> None:
    made, _ = scene(tmp_path / "scene", on_debian, Mpm.EVENT, faults.python("-c", NAIVE, "@/tree"))
    made.renew()
    old = made.state()
    found = faults.points(made)
    killed = [(point, faults.KILL) for point in found]
    verdicts = faults.tried(made, killed, faults.change(old, made.state()))
    assert verdicts.tried == 4
    assert [text.count("httpd would not start at once") for text in verdicts.bad] == [0, 1, 0]
    assert all("it is not put right" in text for text in verdicts.bad)


def test_nothing_is_written_anywhere_else(
    tmp_path: Path,
) -> None:
    made, _ = scene(tmp_path / "scene", on_debian, Mpm.EVENT, APPLY)
    mine = set(faults.points(made))
    assert len(mine) > 40
    elsewhere = [point.line for point in faults.traced(made) if point not in mine]
    assert [line for line in elsewhere if str(tmp_path) not in line] == []


FULL = 'dd if=/dev/zero of="$tree/fill" bs=4k 2>/dev/null'
READ_ONLY = 'mount -o remount,ro "$tree"'
ON_A_DISK_OF_ITS_OWN = """
tree=$1 template=$2 result=$3; shift 3
mount -t tmpfs -o size=1m none "$tree" || exit 99
cp -a "$template/." "$tree"
{trouble}
"$@"
code=$?
cp -a "$tree" "$result"
exit $code
"""


@pytest.mark.parametrize(
    ("trouble", "said"),
    [(FULL, "No space left on device"), (READ_ONLY, "Read-only file system")],
    ids=["full", "read-only"],
)
def test_a_disk_that_takes_nothing_is_left_as_it_is(
    tmp_path: Path, trouble: str, said: str
) -> None:
    made, _ = scene(tmp_path / "scene", on_debian, Mpm.EVENT, APPLY)
    made.renew()
    before = faults.fingerprint(made.tree)
    template, result = tmp_path / "template", tmp_path / "result"
    shutil.copytree(made.tree, template, symlinks=True)
    script = ON_A_DISK_OF_ITS_OWN.replace("{trouble}", trouble)
    paths = (str(made.tree), str(template), str(result))
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", script, "sh", *paths, *made.command],
        check=False,
        capture_output=True,
        text=True,
        cwd=faults.ROOT,
    )
    if done.returncode == 99 or done.stderr.startswith("unshare:"):
        pytest.skip(f"no file system can be mounted here: {done.stderr}")
    assert done.returncode == 3, done.stderr
    assert said in done.stderr
    after = faults.fingerprint(result)
    after.pop("fill", None)
    assert after == before


def test_what_is_renamed_is_on_the_disk_before_and_its_new_name_right_after(
    tmp_path: Path,
) -> None:
    """A crash of the machine can then lose no content, and reorder no step."""
    made, _ = scene(tmp_path / "scene", on_debian, Mpm.EVENT, APPLY)
    lines = [
        point.line
        for point in faults.points(made)
        if not point.syscall.startswith(("openat", "fcntl", "flock", "write", "fch", "mkdir"))
    ]
    moved = [at for at, line in enumerate(lines) if line.startswith("rename")]
    assert len(moved) == 9  # 3 phases of the journal, a file, 3 links, a rename, the history
    for at in moved:
        source, target = re.findall(r'\d+<([^>]*)>, "([^"]*)"', lines[at])
        if "symlink" not in lines[at - 1] and source[1].startswith((".mpmtune", "journal.new")):
            assert lines[at - 1].startswith("fsync(")
            assert f"/{source[1]}>" in lines[at - 1]
        assert lines[at + 1].startswith("fsync(")
        assert f"{target[0]}>" in lines[at + 1]
    for at, line in enumerate(lines):
        if line.startswith("unlink") and ".certbot.lock" not in line and "journal.new" not in line:
            assert lines[at + 1].startswith("fsync")
