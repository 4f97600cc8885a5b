"""``mpmtune workload`` from the outside."""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jsonschema
import pytest

import mpmtune
from mpmtune.cli.app import run
from tests.workload.generated import COMBINED, TIMED, log

SCHEMA = json.loads(
    (Path(mpmtune.__file__).parent / "schemas" / "workload_v1.json").read_text("utf-8")
)
CONF = r"""ServerRoot "{root}"
LogFormat "%h %l %u %t \"%r\" %>s %b \"%{{Referer}}i\" \"%{{User-Agent}}i\" %D %k %X" timed
CustomLog access.log timed env=!quiet
CustomLog combined.log "%h %l %u %t \"%r\" %>s %b \"%{{Referer}}i\" \"%{{User-Agent}}i\""
"""


@pytest.fixture
def access(tmp_path: Path) -> Path:
    """A log of 2,000 requests."""
    path = tmp_path / "access.log"
    path.write_bytes(log(2000))
    return path


@pytest.fixture
def conf(tmp_path: Path) -> Path:
    """A configuration that writes it."""
    path = tmp_path / "httpd.conf"
    path.write_text(CONF.format(root=tmp_path))
    return path


def document(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert run(["workload", "-q", "-f", "json", *arguments]) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    made: dict[str, Any] = json.loads(shown.out)
    jsonschema.Draft202012Validator(SCHEMA).validate(made)
    return made


def test_the_format_is_found_through_the_configuration(
    access: Path, conf: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["workload", str(access), "--conf", str(conf)]) == 0
    shown = capsys.readouterr()
    assert shown.err == f"mpmtune: {access}: format from {conf}:3.\n"
    assert "2,000 requests from 2025-09-16T00:00" in shown.out
    assert "written for some requests only (env= or expr=)" in shown.out


def test_a_rotated_log_beside_it_is_read_too(
    access: Path, conf: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rotated = access.with_name("access.log.2.gz")
    rotated.write_bytes(gzip.compress(log(500, seed=2)))
    made = document(capsys, str(access), str(rotated), "--conf", str(conf))
    assert made["lines"]["read"] == 2500
    assert made["troubles"] == {"partial": 2}


def test_a_name_given_is_one_of_the_configuration(
    access: Path, conf: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = document(capsys, str(access), "--log-format", "timed", "--conf", str(conf))
    assert made["log_formats"] == [TIMED]


def test_standard_input_is_read(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(log(50))))
    assert document(capsys, "-", "--log-format", TIMED)["lines"]["read"] == 50


@pytest.mark.parametrize("options", [("-j", "2"), ("--engine", "duckdb"), ("-j", "1")])
def test_engines_and_processes_write_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...]
) -> None:
    if "duckdb" in options:
        pytest.importorskip("duckdb", reason="DuckDB is an extra")
    path = tmp_path / "a.log"
    path.write_bytes(log(30_000))
    wanted = document(capsys, str(path), "--log-format", TIMED)
    assert document(capsys, str(path), "--log-format", TIMED, *options) == wanted


def test_summaries_add_up_to_the_same_bytes_in_any_order(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parts = []
    for seed in range(4):
        (tmp_path / f"{seed}.log").write_bytes(log(200, seed=seed))
        parts.append(str(tmp_path / f"{seed}.json"))
        out = ["--log-format", TIMED, "-f", "json", "-o", parts[-1]]
        assert run(["workload", "-q", str(tmp_path / f"{seed}.log"), *out]) == 0
    made = set()
    for seed in range(4):
        random.Random(seed).shuffle(parts)
        assert run(["workload", "-f", "json", *parts]) == 0
        made.add(capsys.readouterr().out)
    assert len(made) == 1
    whole = json.loads(made.pop())
    assert (whole["parts"], whole["lines"]["read"]) == (4, 800)
    assert run(["workload", *parts]) == 0
    assert "of 4 parts" in capsys.readouterr().out


def test_error_logs_are_evidence_beside_a_log_or_alone(
    access: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    error = tmp_path / "error.log"
    error.write_text(
        "[Tue Sep 16 05:17:39.1 2025] [mpm_event:error] [pid 1:tid 2] AH00484: server\n"
    )
    made = document(capsys, str(access), "--log-format", TIMED, "--error-log", str(error))
    assert (made["parts"], made["lines"]["read"]) == (1, 2000)
    assert made["events"] == [
        {
            "id": "AH00484",
            "count": 1,
            "first": "2025-09-16T05:17:39",
            "last": "2025-09-16T05:17:39",
        }
    ]
    alone = document(capsys, "--error-log", str(error))
    assert (alone["parts"], alone["events"], alone["unknown"]) == (1, made["events"], [])


def test_what_the_log_cannot_tell_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "combined.log"
    path.write_bytes(log(50, COMBINED))
    made = document(capsys, str(path), "--log-format", "combined")
    assert [one["what"] for one in made["unknown"]] == ["service_time, concurrency", "connections"]
    assert made["log_format_to_add"].endswith(r'\"%{User-Agent}i\" %D %k %X" mpmtune')


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "No log is named."),
        (("missing.log",), "missing.log cannot be read: no such file or directory."),
        (("-j", "0", "{access}"), "0 is not in the range"),
        (("{access}", "--log-format", "%h"), "The log format has no %t"),
        (("{access}", "--log-format", "%t %"), "ends within a field"),
        (("{access}", "--log-format", "nonesuch"), "is neither a format nor a known name"),
        (("{access}", "--log-format", "combined"), "the format ends with %{User-Agent}i"),
        (("{access}", "--log-format", TIMED + " %I"), "it ends before %I"),
        (("{access}", "--conf", "missing.conf"), "missing.conf"),
        (("--error-log", "missing.log"), "missing.log cannot be read"),
        (("--status", "http://example.org/"), "is no address of this machine"),
        (("--status", "http://127.0.0.1/", "--for", "soon"), "--for soon is no time"),
        (("{bad}",), "is no workload: parts is no whole number"),
    ],
)
def test_bad_input_gets_one_sentence_and_exit_code_2(
    access: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    sentence: str,
) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text(
        '{"schema": "mpmtune/workload/v1", "day": {"slot_seconds": 900}, "counts": {"requests": {}}}'
    )
    given = [one.replace("{access}", str(access)).replace("{bad}", str(bad)) for one in arguments]
    assert run(["workload", "-q", *given]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert sentence in shown.err
    assert "Traceback" not in shown.err


def test_secrets_and_control_bytes_of_a_log_are_not_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.log"
    bad = (
        b"\x1b[2J\x9b31m\x07 GET /?token=S3CRET-1 Cookie: sid=S3CRET-2; a=b\n"
        b"Authorization: Basic S3CRET-3\nhttp://u:S3CRET-4@h/ \xe2\x80\xae\n"
    )
    path.write_bytes(log(20) + bad)
    for form in ("text", "json"):
        assert run(["workload", str(path), "-f", form, "--log-format", TIMED]) == 0
        shown = capsys.readouterr()
        text = shown.out + shown.err
        assert "S3CRET" not in text
        assert not set(text) & set("\x1b\x07\x9b\u202e")
        assert "could not be read" in text or '"bad":3' in text


def test_a_hostile_log_is_read_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.log.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(log(50))
        for _ in range(60):
            file.write(b"y" * 1_000_000)
        file.write(b"\n" + log(50, seed=2))
    program = (
        "import sys; from mpmtune.cli.app import run; code = run(sys.argv[1:]);"
        "print(open('/proc/self/status').read().split('VmHWM:')[1].split()[0]); sys.exit(code)"
    )
    out = tmp_path / "w.json"
    arguments = ["workload", "-q", str(path), "--log-format", TIMED, "-f", "json", "-o", str(out)]
    made = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True
    )
    assert int(made.stdout) < 60 * 1024
    found = json.loads(out.read_text())
    assert (found["lines"]["read"], found["lines"]["bad"]) == (100, 1)


def test_nothing_is_started_and_no_socket_opened(tmp_path: Path, access: Path) -> None:
    access.write_bytes(log(60_000))
    trace = tmp_path / "trace"
    command = ["strace", "-f", "-qq", "-o", str(trace), "-e", "trace=execve,socket,openat"]
    arguments = ["workload", "-q", "-j", "2", str(access), "--log-format", TIMED]
    try:
        subprocess.run(
            [*command, sys.executable, "-m", "mpmtune", *arguments],
            check=True,
            capture_output=True,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        )
    except FileNotFoundError:
        pytest.skip("strace is not installed here")
    calls = trace.read_text().splitlines()
    assert sum("execve(" in call for call in calls) == 1
    assert not [call for call in calls if "socket(" in call]
    assert not [call for call in calls if "O_WRONLY" in call or "O_RDWR" in call]
