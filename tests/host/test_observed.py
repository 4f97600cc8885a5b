"""What the program really does with ``--host``, seen by the interpreter's audit events."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.detect.machine_tree import MIB, MachineTree

ROOT = Path(__file__).parents[2]
OBSERVED = """
import json, sys
seen = []
def watch(event, arguments):
    if event in {"open", "os.listdir", "os.scandir", "os.walk"}:
        seen.append((event, str(arguments[0])))
    elif event.split(".")[0] in {"subprocess", "socket", "os"} and event not in {"os.putenv"}:
        seen.append((event, ""))
from mpmtune.cli.app import run
sys.addaudithook(watch)
code = run(sys.argv[1:])
print(json.dumps([code, seen]), file=sys.stderr)
"""
READS = {"open", "os.listdir", "os.scandir", "os.walk"}


def observed(*arguments: str) -> tuple[int, list[tuple[str, str]]]:
    done = subprocess.run(
        [sys.executable, "-c", OBSERVED, *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
        timeout=60,
    )
    code, seen = json.loads(done.stderr.splitlines()[-1])
    return code, [(event, path) for event, path in seen]


def a_machine(tmp_path: Path) -> Path:
    tree = MachineTree.plain().having(memory_max=str(100 * MIB))
    tree.file("/proc/100/cmdline", "/usr/sbin/httpd\0")
    tree.file("/etc/httpd/conf/httpd.conf", "Include /etc/*.conf\nInclude /proc/kmsg\n")
    tree.write(tmp_path / "machine")
    (tmp_path / "machine" / "etc" / "passwd.conf").symlink_to("/etc/passwd")
    return tmp_path / "machine"


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("kind", ["bare", "recorded"])
def test_with_a_host_nothing_outside_is_read_and_nothing_started(
    tmp_path: Path, form: str, kind: str
) -> None:
    machine = a_machine(tmp_path)
    if kind == "recorded":
        code, _ = observed("snapshot", str(tmp_path / "snap"), "--host", str(machine), "-q")
        assert code == 0
        machine = tmp_path / "snap"
    code, seen = observed("detect", "--host", str(machine), "-f", form)
    assert code == 0
    ours = (str(machine), str(ROOT), sys.prefix, sys.base_prefix)
    outside = [one for one in seen if one[0] not in READS or not one[1].startswith(ours)]
    assert outside == []
    assert any(path.startswith(str(machine)) for _, path in seen)
