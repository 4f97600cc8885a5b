"""mpmtune snapshot from the outside: what it writes, and what its replay says."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from mpmtune.cli.app import run
from tests.detect.machine_tree import MIB, MachineTree

CONF = """\
ServerRoot "/etc/httpd"
ServerName shop.corp.net
Listen 10.1.2.3:80
LoadModule mpm_event_module modules/mod_mpm_event.so
MaxRequestWorkers 400
SetEnv DB_PASSWORD S3CRET-1
ProxyPass /a http://u:S3CRET-2@app.corp.net/
# AuthLDAPBindPassword S3CRET-3
IncludeOptional conf.d/*.conf
"""


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A bare tree with an httpd that runs, and a site named after its host."""
    tree = MachineTree.plain().having(memory_max=str(2048 * MIB))
    tree.files |= {
        "/proc/100/stat": "100 (httpd) S 1 " + "0 " * 30,
        "/proc/100/cmdline": "/usr/sbin/httpd\0-d\0/etc/httpd\0-c\0SetEnv A S3CRET-4\0",
        "/proc/100/environ": "DB_PASSWORD=S3CRET-5\0",
        "/proc/200/stat": "200 (mariadbd) S 1 " + "0 " * 30,
        "/proc/200/cmdline": "mariadbd\0--password=S3CRET-6\0",
        "/etc/httpd/conf/httpd.conf": CONF,
        "/etc/httpd/conf.d/shop.corp.net.conf": "<VirtualHost *:80>\nServerName shop.corp.net\n"
        "SSLCertificateKeyFile /etc/ssl/shop.corp.net.key\n</VirtualHost>\n",
        "/etc/os-release": 'ID=rocky\nPRETTY_NAME="Rocky Linux 9"\nVERSION_ID="9.4"\n',
        "/etc/hostname": "build-7\n",
    }
    directory = tmp_path / "machine"
    tree.write(directory)
    (directory / "proc" / "100" / "exe").symlink_to("/usr/sbin/httpd")
    return directory


def everything_in(directory: Path) -> str:
    parts = []
    for above, _, files in os.walk(directory):
        for name in files:
            path = Path(above, name)
            parts.append(f"{path.relative_to(directory)}\n{path.read_text('latin-1')}")
    return "\n".join(parts)


def test_the_replay_gives_the_recorded_answer_to_the_last_byte(
    machine: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    directory = str(tmp_path / "snap")
    assert run(["snapshot", directory, "--host", str(machine)]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"{directory}: ")
    assert run(["detect", "--host", directory, "-f", "json"]) == 0
    replayed = capsys.readouterr().out
    assert replayed == Path(directory, "facts.json").read_text("utf-8")
    facts = json.loads(replayed)
    assert facts["host"]["mem_total_effective_bytes"] == 2048 * MIB
    assert facts["httpd"]["parent_pid"] == 100


def test_no_secret_and_no_name_gets_into_a_snapshot(
    machine: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    directory = tmp_path / "snap"
    assert run(["snapshot", str(directory), "--host", str(machine), "-q"]) == 0
    assert capsys.readouterr().out == ""
    everything = everything_in(directory)
    for secret in ("S3CRET", "corp.net", "10.1.2.3", "build-7", "--password"):
        assert secret not in everything, secret
    assert "MaxRequestWorkers 400" in everything


def test_about_says_what_when_and_what_was_left_out(machine: Path, tmp_path: Path) -> None:
    tomllib = pytest.importorskip("tomllib")
    assert run(["snapshot", str(tmp_path / "snap"), "--host", str(machine), "-q"]) == 0
    about = tomllib.loads((tmp_path / "snap" / "about.toml").read_text())
    assert about["schema"] == "mpmtune/snapshot/v1"
    assert about["mpmtune"] == "0.1.0"
    assert about["recorded"].tzinfo is not None
    assert about["as_root"] is True
    assert len(about["scrubbed"]) == 5


def test_a_snapshot_of_a_snapshot_is_the_same(machine: Path, tmp_path: Path) -> None:
    first, second = str(tmp_path / "first"), str(tmp_path / "second")
    assert run(["snapshot", first, "--host", str(machine), "-q"]) == 0
    assert run(["snapshot", second, "--host", first, "-q"]) == 0
    assert Path(second, "facts.json").read_bytes() == Path(first, "facts.json").read_bytes()


def test_another_question_is_refused_by_name(
    machine: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    directory = str(tmp_path / "snap")
    run(["snapshot", directory, "--host", str(machine), "-q"])
    assert run(["detect", "--host", directory, "--conf", "/etc/other.conf"]) == 2
    err = capsys.readouterr().err
    assert "was not asked for" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("taken", ["file", "full"])
def test_a_taken_place_is_refused_before_anything_is_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], taken: str
) -> None:
    place = tmp_path / "x"
    if taken == "file":
        place.write_text("")
    else:
        (place / "sub").mkdir(parents=True)
    assert run(["snapshot", str(place), "--host", str(tmp_path / "none")]) == 2
    assert capsys.readouterr().err == (
        f"mpmtune: {place} exists and is not an empty directory.\n  Name a new or empty directory.\n"
    )


def test_nothing_is_written_where_the_host_is_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    assert run(["snapshot", str(tmp_path / "x"), "--host", str(tmp_path / "empty")]) == 2
    assert "holds no machine" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["empty"]
