"""What lint does to the machine, seen by strace: it starts nothing, asks nobody, writes nothing."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[2]
WATCHED = (
    "execve,execveat,fork,vfork,clone,clone3,socket,connect,bind,open,openat,openat2,creat,"
    "unlink,unlinkat,rename,renameat,renameat2,mkdir,mkdirat,link,linkat,symlink,symlinkat,"
    "chmod,fchmod,fchmodat,chown,fchown,fchownat,truncate,ftruncate,mknod,mknodat,kill"
)
WRITING = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND")

EVIL = """\
LoadModule mpm_event_module modules/mod_mpm_event.so
LoadFile /tmp/evil.so
ServerRoot {root}
Include {root}/more/*.conf
IncludeOptional /proc/self/environ
CustomLog "|/bin/sh -c 'touch {root}/marker'" common
ErrorLog "|/bin/touch {root}/marker"
SSLPassPhraseDialog exec:{root}/evil.sh
RewriteMap m prg:{root}/evil.sh
ServerName www.example.invalid
ProxyPass / http://169.254.169.254/
MaxClients 150
ThreadsPerChild 25
MaxRequestWorkers 800
"""


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(ROOT)}


@pytest.fixture
def evil(tmp_path: Path) -> Path:
    (tmp_path / "more").mkdir()
    (tmp_path / "more/a.conf").write_text("Include /dev/tty\nInclude more/fifo\n")
    os.mkfifo(tmp_path / "more/fifo")
    (tmp_path / "evil.sh").write_text(f"#!/bin/sh\ntouch {tmp_path}/marker\n")
    (tmp_path / "evil.sh").chmod(0o755)
    (tmp_path / "httpd.conf").write_text(EVIL.format(root=tmp_path))
    (tmp_path / "envvars").write_text(f"export A=$(touch {tmp_path}/marker)\n")
    return tmp_path


@pytest.mark.parametrize(
    "options",
    [(), ("-f", "sarif", "--profile", "strict"), ("--fix", "--diff"), ("--host", "/")],
    ids=" ".join,
)
def test_lint_starts_nothing_opens_no_socket_and_writes_nothing(
    options: Sequence[str], evil: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("strace is not installed here")
    log = tmp_path_factory.mktemp("strace") / "log"
    command = [sys.executable, "-m", "mpmtune", "lint", str(evil / "httpd.conf"), *options]
    done = subprocess.run(
        [strace, "-f", "-o", str(log), "-e", f"trace={WATCHED}", *command],
        cwd=evil,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode in {0, 1}, done.stderr
    calls = [line.split(maxsplit=1)[1] for line in log.read_text("utf-8", "replace").splitlines()]
    if not calls or "PTRACE" in done.stderr:
        pytest.skip("strace may not trace here")
    mine = [call for call in calls if not call.startswith(("+++", "---"))]
    assert [call for call in mine if not call.startswith("open")][1:] == []  # its own execve
    assert [call for call in mine if WRITING.search(call)] == []
    assert not (evil / "marker").exists()


# A child of a large process is charged with that one's memory until it executes; this one is small.
MEASURED = """
import os, subprocess, sys
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, used = os.wait4(child.pid, 0)
print(os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss)
"""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("cycle", "Include a.conf\n"),
        ("everything", "Include /*/*/*/*\n"),
        ("zero", "Include /dev/zero\n"),
        ("kernel", "Include /proc/kmsg\nInclude /proc/self/mem\n"),
        ("nested", "<IfModule core.c>\n" * 20_000),
        ("continued", "A \\\n" * 1_000_000),
        ("quotes", 'A "\\"\\"' + '"\\"' * 500_000 + "\n"),
        ("long", "A " + "b" * 20_000_000 + "\n"),
        ("directives", "Timeout 900\n" * 30_000),
        (
            "macros",
            "<Macro m0>\nA b\n</Macro>\n"
            + "".join(f"<Macro m{i}>\nUse m{i - 1}\nUse m{i - 1}\n</Macro>\n" for i in range(1, 40))
            + "Use m39\n",
        ),
    ],
)
def test_hostile_files_end_soon_and_in_little_memory(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / "a.conf").write_text(f"ServerRoot {tmp_path}\n{text}")
    lint = [sys.executable, "-m", "mpmtune", "lint", "a.conf", "-q"]
    made = subprocess.run(
        [sys.executable, "-c", MEASURED, *lint],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert b"Traceback" not in made.stderr
    status, seconds, peak_kib = made.stdout.split()
    assert int(status) in {0, 1}, made.stderr
    # Twice what is promised: the machine that runs tests may be busy.
    assert float(seconds) < 6, name
    assert int(peak_kib) < 600 * 1024, name
