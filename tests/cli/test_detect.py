"""``mpmtune detect`` from the outside: trees, options, and input that is bad."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import mpmtune
from mpmtune.cli.app import run

REPOSITORY = Path(__file__).parents[2]
HOSTS = REPOSITORY.parent / "shared" / "hosts"
SCHEMA = json.loads(
    (Path(mpmtune.__file__).parent / "schemas" / "facts_v1.json").read_text("utf-8")
)
CONF = b"""DefaultRuntimeDir ${APACHE_RUN_DIR}
# caf\xe9 \xff
IncludeOptional mods-enabled/*.load
Listen 80
MaxRequestWorkers 400
ThreadsPerChild 64
ServerAdmin caf\xe9\x1b[31m
"""


def _write(root: Path, name: str, content: str | bytes) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A bare Debian whose httpd runs with an odd command line."""
    root = tmp_path / "host"
    for name, content in {
        "proc/meminfo": "MemTotal: 2097152 kB\nMemAvailable: 1048576 kB\n",
        "proc/uptime": "5000.0 1\n",
        "proc/100/status": "Name:\tapache2\nPPid:\t1\nCpus_allowed_list:\t0-1\n",
        "proc/100/stat": "100 (apache2) S 1 " + "0 " * 30,
        "proc/100/cmdline": b"/usr/sbin/apache2\0-D\0\x1b[2J\xff\0-k\0start\0",
        "proc/101/status": "Name:\tapache2\nPPid:\t100\nVmRSS:\t 5000 kB\nThreads:\t66\n",
        "proc/101/stat": "101 (apache2) S 100 " + "0 " * 30,
        "proc/101/cmdline": b"/usr/sbin/apache2\0-D\0\x1b[2J\xff\0-k\0start\0",
        "proc/102/status": "Name:\tbash\x1b[2J\nPPid:\t1\n",
        "proc/103/status": b"\xff\xfe\0",
        "etc/os-release": 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian \x1b]0;pwn\x07"\n',
        "etc/apache2/apache2.conf": CONF,
        "etc/apache2/mods-enabled/mpm.load": "LoadModule mpm_event_module /m/mod_mpm_event.so\n",
    }.items():
        _write(root, name, content)
    return root


def _json(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert run(["detect", "-f", "json", *arguments]) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    document: dict[str, Any] = json.loads(shown.out)
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    return document


def test_a_bare_tree_is_described(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = _json(capsys, "--host", str(tree))
    httpd = document["httpd"]
    assert document["host"]["mem_total_effective_bytes"] == 2_147_483_648
    assert (httpd["running"], httpd["parent_pid"], httpd["mpm"]) == (True, 100, "event")
    assert httpd["conf"] == "/etc/apache2/apache2.conf"
    assert httpd["children"]["count"] == 1
    assert httpd["children"]["threads_per_child"] == 64
    assert (httpd["effective"]["MaxRequestWorkers"], httpd["effective"]["ThreadsPerChild"]) == (
        384,
        64,
    )
    assert httpd["effective_sources"]["MaxRequestWorkers"]["file"] == "/etc/apache2/apache2.conf"
    assert {"module": "mpm_event_module", "mpm": "event", "verdict": "ok"}.items() <= next(
        entry
        for entry in document["compatibility"]
        if entry["module"] == "mpm_event_module" and entry["mpm"] == "event"
    ).items()


@pytest.mark.parametrize("more", [(), ("-v",), ("-q",), ("--color", "never")])
def test_piped_text_has_no_control_character(
    tree: Path, more: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["detect", "--host", str(tree), *more]) == 0
    out = capsys.readouterr().out
    assert "MPM event" in out
    assert all(char == "\n" or char.isprintable() for char in out)
    assert max(map(len, out.splitlines())) <= 100 or more == ("-v",)


def test_colour_comes_when_asked_and_never_with_no_color(
    tree: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(["detect", "--host", str(tree), "--color", "always"])
    assert "\x1b[" in capsys.readouterr().out
    monkeypatch.setenv("NO_COLOR", "1")
    run(["detect", "--host", str(tree), "--color", "always"])
    assert "\x1b[" not in capsys.readouterr().out


def test_derivations_come_with_verbose(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["detect", "--host", str(tree), "-v"])
    assert "[measured: /proc/meminfo]" in capsys.readouterr().out


def test_declared_memory_and_cpus_take_the_place_of_detected_ones(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    host = _json(capsys, "--host", str(tree), "--memory", "4GiB", "--cpus", "1.5")["host"]
    assert (host["mem_total_effective_bytes"], host["cpus_effective"]) == (4_294_967_296, 1.5)
    assert host["derivations"]["cpus_effective"]["trust"] == "declared"


def test_the_result_goes_to_a_file(
    tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "facts.json"
    assert run(["detect", "--host", str(tree), "-f", "json", "-o", str(target)]) == 0
    assert capsys.readouterr().out == ""
    assert json.loads(target.read_text("utf-8"))["schema"] == "mpmtune/facts/v1"


def test_a_tree_without_httpd_is_no_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(tmp_path, "proc/meminfo", "MemTotal: 2097152 kB\nMemAvailable: 1048576 kB\n")
    document = _json(capsys, "--host", str(tmp_path))
    assert document["httpd"]["installed"] is False
    assert document["unknown"][0]["what"] == "httpd"


def test_a_configuration_of_the_tree_is_chosen(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(tree, "srv/x.conf", "MaxRequestWorkers 64\nThreadsPerChild 64\n")
    httpd = _json(capsys, "--host", str(tree), "--conf", "/srv/x.conf")["httpd"]
    assert (httpd["conf"], httpd["running"]) == ("/srv/x.conf", False)
    assert httpd["effective"]["MaxRequestWorkers"] == 64


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["--memory", "much"], 2, "--memory much is no size."),
        (["--memory", "0"], 2, "--memory 0 is outside what a host can have."),
        (["--memory", "-1GiB"], 2, "--memory -1GiB is no size."),
        (["--memory", "9999PiB"], 2, "--memory 9999PiB is outside what a host can have."),
        (["--memory", "1e30"], 2, "--memory 1e30 is no size."),
        (["--cpus", "0"], 2, "--cpus 0 is no number of CPUs."),
        (["--cpus", "many"], 2, "--cpus many is no number of CPUs."),
        (["--httpd", "/none/httpd"], 3, "--httpd /none/httpd does not exist."),
        (["--conf", "/none.conf"], 2, "--conf /none.conf cannot be read: there is no such file."),
        (["-f", "xml"], 2, "Invalid value"),
        (["-o", "/none/x"], 2, "/none/x cannot be written: No such file or directory."),
    ],
)
def test_bad_input_is_one_sentence(
    tree: Path,
    arguments: list[str],
    code: int,
    sentence: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in ("proc/100", "proc/101"):
        for path in (tree / name).iterdir():
            path.unlink()
        (tree / name).rmdir()
    assert run(["detect", "--host", str(tree), *arguments]) == code
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith(f"mpmtune: {sentence}")
    assert len(shown.err.splitlines()) == 2


@pytest.mark.parametrize(
    "script",
    ["#!/bin/sh\nprintf '\\033[2J garbage'\n", "#!/bin/sh\nkill -SEGV $$\n", "not a program"],
)
def test_a_program_that_is_no_httpd_ends_with_code_3(
    tmp_path: Path, script: str, capsys: pytest.CaptureFixture[str]
) -> None:
    program = tmp_path / "httpd"
    program.write_text(script)
    program.chmod(0o755)
    assert run(["detect", "--httpd", str(program)]) == 3
    shown = capsys.readouterr()
    assert shown.err.startswith(f"mpmtune: --httpd {program} could not be asked: ")
    assert "\x1b" not in shown.err


@pytest.mark.parametrize("kind", ["missing", "empty", "file", "foreign"])
def test_a_directory_that_is_no_host_is_refused(
    tmp_path: Path, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "x"
    if kind == "file":
        place.write_text("")
    elif kind != "missing":
        place.mkdir()
    if kind == "foreign":
        (place / "answers.json").write_text('{"mine": 1}')
    assert run(["detect", "--host", str(place)]) == 2
    assert capsys.readouterr().err.startswith("mpmtune: ")


def _shared_hosts() -> list[Any]:
    hosts = sorted(HOSTS.glob("[0-9]*")) if HOSTS.is_dir() else []
    return [pytest.param(host, id=host.name) for host in hosts] or [
        pytest.param(
            None,
            marks=pytest.mark.skip(reason="the shared machines are not beside this repository"),
        )
    ]


@pytest.mark.shared
@pytest.mark.parametrize("host", _shared_hosts())
def test_the_shared_machines_are_described_as_expected(
    host: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = json.loads((host / "expected.json").read_text("utf-8"))["expected"]
    document = _json(capsys, "--host", str(host))
    assert {name: document["host"][name] for name in expected} == expected
    assert (document["httpd"]["running"], document["httpd"]["parent_pid"]) == (True, 100)
