"""Names of what is written aside: nobody can guess them, and httpd never reads them."""

from __future__ import annotations

import re
import subprocess

import pytest

from tests.apply.system_calls import strace
from tests.attacks.scene import Scene, link_of_somebody
from tests.live.private_httpd import binary

pytestmark = pytest.mark.httpd
_OPENED = re.compile(r'openat\(\d+, "(\.mpmtune-[^"]*)", ([A-Z_|]*O_CREAT[A-Z_|]*)')
_LINKED = re.compile(r'symlinkat\("[^"]*", \d+, "(\.mpmtune-[^"]*)"\)')


def test_nothing_is_opened_where_tmpdir_leads(scene: Scene) -> None:
    scene.evil.chmod(0o777)
    for name in ("mpmtune", "mpmtune-world-", "mpmtune-shadow", "journal.json"):
        link_of_somebody(scene.evil / name, scene.shadow)
    log = scene.top / "strace"
    traced = (strace(), "-f", "--seccomp-bpf", "-o", str(log), "-e", "trace=file")
    done = scene.apply(before=traced, environment={"TMPDIR": str(scene.evil)})
    assert done.code == 0, done.err
    calls = [line for line in log.read_text("latin-1").splitlines() if " execve(" not in line]
    assert [line for line in calls if f'"{scene.evil}' in line] == []
    assert len(calls) > 100
    assert scene.protected()


def test_names_beside_httpds_files_are_new_each_time(scene: Scene) -> None:
    names: list[str] = []
    log = scene.top / "strace"
    traced = (strace(), "-o", str(log), "-e", "trace=openat,symlinkat")
    for line in (
        ("apply", "--mode", "event", "--yes", "--files-only"),
        ("rollback", "--files-only"),
    ):
        assert scene.run(*line, before=traced).code == 0
        said = log.read_text("latin-1")
        opened = dict(_OPENED.findall(said))
        assert all("O_EXCL" in flags and "O_NOFOLLOW" in flags for flags in opened.values())
        (name,) = {*opened, *_LINKED.findall(said)}
        assert re.fullmatch(r"\.mpmtune-[0-9a-f]{16}", name)
        names.append(name)
    assert names[0] != names[1]


@pytest.mark.parametrize("rename", [2, 3, 4])
def test_httpd_includes_nothing_that_is_written_aside(rename: int, scene: Scene) -> None:
    """Killed where a file lies beside its place: the snippet, its link, that of the MPM."""
    main = scene.tree / "apache2.conf"
    main.write_text(main.read_text().replace("-enabled/*.conf", "-enabled/*"))
    killed = f"inject=rename,renameat,renameat2:signal=KILL:when={rename}"
    traced = (strace(), "-o", "/dev/null", "-e", "trace=rename,renameat,renameat2")
    done = scene.apply("--files-only", before=(*traced, "-e", killed))
    assert done.code == -9
    assert len(list(scene.tree.rglob(".mpmtune-*"))) == 1
    listed = subprocess.run(
        [binary(), "-d", str(scene.tree), "-f", str(main), "-t", "-D", "DUMP_INCLUDES"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    names = [line.rpartition("/")[2] for line in listed.splitlines() if "/" in line]
    assert "apache2.conf" in names
    assert not [name for name in names if name.startswith(".") or "mpmtune-" in name]
    assert scene.run("recover", "--files-only", "-q").code == 0


def test_a_directory_that_is_included_whole_is_not_written_to(scene: Scene) -> None:
    main = scene.tree / "apache2.conf"
    main.write_text(main.read_text().replace("conf-enabled/*.conf", "conf-enabled/"))
    scene.look()
    done = scene.apply()
    assert (done.code, "half written" in done.err) == (2, True)
    assert scene.untouched()
