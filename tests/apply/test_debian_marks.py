"""Debian's marks: after a change of MPM they say what a2dismod and a2enmod would have left."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from mpmtune.apply.changeset import planned_changes
from mpmtune.apply.debian_marks import directories_of_marks
from mpmtune.apply.disk import Disk
from mpmtune.apply.layouts import Debian, read_layout
from mpmtune.host.local import LocalFiles
from mpmtune.host.memory_files import MemoryFiles
from mpmtune.model.httpd import Mpm
from tests.apply.laid_out import contents, debian, planned, server

TOOLS = Path("/usr/sbin")
HELPER = Path("/usr/share/apache2/apache2-maintscript-helper")
DISK = Disk(".mpmtune-test")


def tree(root: Path) -> Path:
    """A Debian layout with the marks that its packages have left; give its main file."""
    conf = debian(root / "etc")
    for mark in ("module/enabled_by_maint/mpm_prefork", "module/disabled_by_maint/mpm_event"):
        (root / "marks" / mark).parent.mkdir(parents=True)
        (root / "marks" / mark).touch()
    (root / "marks/conf").mkdir()
    (root / "etc/envvars").write_text(f"export APACHE_STATE_DIRECTORY={root}/marks\n")
    return conf


def switched(root: Path, conf: Path, mpm: Mpm = Mpm.EVENT) -> Path:
    """Change the MPM; give the directory of the marks."""
    now = server(conf, root / "etc")
    layout = read_layout(LocalFiles(), now)
    assert isinstance(layout, Debian)
    for change in planned_changes(planned(mpm), now, layout).changes:
        DISK.carry_out(change)
    return root / "marks"


def marks(root: Path) -> list[str]:
    return sorted(contents(root / "marks"))


def test_a_change_of_mpm_is_marked_as_the_administrators(tmp_path: Path) -> None:
    conf = tree(tmp_path)
    old = os.umask(0o077)
    try:
        switched(tmp_path, conf)
    finally:
        os.umask(old)
    assert marks(tmp_path) == [
        "conf/enabled_by_admin/zz-mpmtune",
        "module/disabled_by_admin/mpm_prefork",
        "module/enabled_by_admin/mpm_event",
    ]
    for name in ("disabled_by_admin", "disabled_by_admin/mpm_prefork"):
        mode = (tmp_path / "marks/module" / name).stat().st_mode
        assert mode & 0o444 == 0o444


def test_the_marks_of_others_are_there_again_after_a_rollback(tmp_path: Path) -> None:
    conf = tree(tmp_path)
    before = contents(tmp_path)
    now = server(conf, tmp_path / "etc")
    layout = read_layout(LocalFiles(), now)
    assert isinstance(layout, Debian)
    made = planned_changes(planned(Mpm.EVENT), now, layout)
    for change in (*made.changes, *made.invert().changes):
        DISK.carry_out(change)
    assert contents(tmp_path) == before


def test_they_are_what_the_tools_themselves_leave(tmp_path: Path) -> None:
    if not (TOOLS / "a2enmod").exists():
        pytest.skip("a2enmod is not installed here")
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    switched(ours, tree(ours))
    tree(theirs)
    (theirs / "etc/conf-available/zz-mpmtune.conf").touch()
    environment = {"PATH": "/usr/bin:/bin", "APACHE_CONFDIR": f"{theirs}/etc"}
    for tool, name in (
        ("a2dismod", "mpm_prefork"),
        ("a2enmod", "mpm_event"),
        ("a2enconf", "zz-mpmtune"),
    ):
        subprocess.run(
            [TOOLS / tool, "-q", name], check=True, capture_output=True, env=environment, timeout=60
        )
    assert marks(ours) == marks(theirs)
    links = [f"etc/{kind}-enabled" for kind in ("mods", "conf")]
    for place in links:
        assert contents(ours / place) == contents(theirs / place)


def a2query(root: Path, programs: Path) -> None:
    """Put a copy of a2query into a directory that looks at our tree alone."""
    if not (TOOLS / "a2query").exists():
        pytest.skip("a2query is not installed here")
    text = (TOOLS / "a2query").read_text("utf-8")
    for name, value in (("APACHE2", "false"), ("STATE_DIR", f"{root}/marks")):
        text, count = re.subn(rf'(our \${name} =) "[^"]*"', rf'\1 "{value}"', text)
        assert count == 1
    text = text.replace('$CONFIG_DIR = "/etc/apache2"', f'$CONFIG_DIR = "{root}/etc"')
    assert f"{root}/etc" in text
    (programs / "a2query").write_text(text, "utf-8")
    (programs / "a2query").chmod(0o755)


def asked(programs: Path, *arguments: str) -> tuple[int, str]:
    made = subprocess.run(
        [programs / "a2query", *arguments], capture_output=True, text=True, check=False, timeout=60
    )
    return made.returncode, (made.stdout + made.stderr).strip()


def test_a2query_names_the_administrator(tmp_path: Path) -> None:
    switched(tmp_path, tree(tmp_path))
    a2query(tmp_path, tmp_path)
    assert asked(tmp_path, "-M") == (0, "event")
    assert asked(tmp_path, "-m", "mpm_event") == (0, "mpm_event (enabled by site administrator)")
    assert asked(tmp_path, "-c", "zz-mpmtune") == (0, "zz-mpmtune (enabled by site administrator)")
    assert asked(tmp_path, "-m", "mpm_prefork") == (
        32,
        "No module matches mpm_prefork (disabled by site administrator)",
    )


@pytest.mark.parametrize(
    ("marked", "said"),
    [(True, "Has been disabled manually, not changing"), (False, "would disable mpm_event")],
)
def test_a_package_that_wants_the_former_mpm_leaves_the_choice_alone(
    tmp_path: Path, marked: bool, said: str
) -> None:
    """Without the marks mod_php exchanges the MPM behind the administrator's back."""
    if not HELPER.exists():
        pytest.skip("the helper of Debian's packages is not installed here")
    conf = tree(tmp_path)
    if not marked:
        (tmp_path / "etc/envvars").unlink()
    switched(tmp_path, conf)
    programs = tmp_path / "bin"
    programs.mkdir()
    a2query(tmp_path, programs)
    helper = HELPER.read_text("utf-8").replace("/usr/sbin/a2", f"{programs}/a2")
    helper = helper.replace("/etc/apache2/", f"{tmp_path}/etc/").replace("/usr/bin/logger", "false")
    (programs / "helper").write_text(helper, "utf-8")
    for name, does in (
        ("a2dismod", 'echo "would disable $3"; exit 1'),
        ("a2enmod", "exit 1"),
        ("dpkg-query", "echo installed"),
    ):
        (programs / name).write_text(f"#!/bin/sh\n{does}\n")
        (programs / name).chmod(0o755)
    script = f". {programs}/helper; apache2_switch_mpm prefork"
    made = subprocess.run(
        ["/bin/sh", "-c", script, "sh", "configure"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={
            "PATH": f"{programs}:/usr/bin:/bin",
            "DPKG_MAINTSCRIPT_NAME": "postinst",
            "DPKG_MAINTSCRIPT_PACKAGE": "libapache2-mod-php",
        },
    )
    assert said in made.stdout + made.stderr


def test_marks_are_kept_where_the_tools_keep_them_and_nowhere_else(tmp_path: Path) -> None:
    usual = MemoryFiles({"/var/lib/apache2/module/enabled_by_maint/x": b""})
    assert directories_of_marks(usual, "/etc/apache2") == ("/var/lib/apache2/module",)
    assert directories_of_marks(usual, "/srv/apache2") == ()
    named = MemoryFiles({"/e/envvars": b"export APACHE_STATE_DIRECTORY=marks\n"})
    assert directories_of_marks(named, "/e") == ()
