"""``mpmtune config`` from the outside: formats, options, and input that is bad."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import mpmtune
from mpmtune.cli.app import run

SCHEMA = json.loads(
    (Path(mpmtune.__file__).parent / "schemas" / "config_v1.json").read_text("utf-8")
)
EVENT = "LoadModule mpm_event_module modules/mod_mpm_event.so\n"
MACRO = "LoadModule macro_module modules/mod_macro.so\n"
LISTEN = "Listen 80\n"
MOST_SECONDS = 3
# Runs the command line, and prints its processor time and its memory at the most.
MEASURED = """
import re, sys, time
from mpmtune.cli.app import run
code = run(sys.argv[1:])
peak = re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())
print(time.process_time(), int(peak[1]) / 1024)
sys.exit(code)
"""
MOST_MIB = 300


@pytest.fixture
def conf(tmp_path: Path) -> Path:
    path = tmp_path / "httpd.conf"
    path.write_text(f"{EVENT}ServerName x\nThreadsPerChild 30\nMaxRequestWorkers 400\n")
    return path


def shown(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    assert run(["config", *arguments]) == code
    return capsys.readouterr().out


def document(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(shown(capsys, *arguments, "-f", "json", code=code))
    jsonschema.Draft202012Validator(SCHEMA).validate(made)
    return made


def test_the_three_formats(conf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = document(capsys, str(conf), "--target", "debian-12")
    assert made["effective"]["MaxRequestWorkers"] == 390
    assert (made["target"], made["version"]) == ("debian-12", "2.4.71")
    assert "MaxRequestWorkers" in shown(capsys, str(conf), "--target", "debian-12")
    dump = shown(capsys, str(conf), "--target", "debian-12", "-f", "dump")
    assert dump.startswith(f"# In file: {conf}\n#   2:\nServerName x\n")


def test_the_result_goes_to_a_file_when_one_is_named(
    conf: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert shown(capsys, str(conf), "--target", "debian-12", "-o", str(out), "-f", "dump") == ""
    assert out.read_text().endswith("MaxRequestWorkers 400\n")


def test_what_httpd_refuses_ends_with_1(conf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    conf.write_text(f"{EVENT}Nonsense\n")
    assert document(capsys, str(conf), "--target", "debian-12", code=1)["accepted"] is False


def test_standard_input_is_a_main_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = io.TextIOWrapper(io.BytesIO(b"MaxClients 401\nInclude /dev/null\n"))
    monkeypatch.setattr(sys, "stdin", text)
    made = document(capsys, "-", "--mpm", "prefork", "--target", "rhel-9")
    assert made["effective"]["MaxRequestWorkers"] == 256
    assert made["conf"] == "-"


def test_standard_input_has_a_limit(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from mpmtune.cli.commands import config

    monkeypatch.setattr(config, "_LARGEST", 10)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"x" * 11)))
    assert run(["config", "-"]) == 2
    assert "Standard input is larger" in capsys.readouterr().err


def test_an_mpm_a_version_and_defines_can_be_assumed(
    conf: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    conf.write_text(
        "<IfVersion < 2.4.30>\nServerAdmin old\n</IfVersion>\n<IfDefine SSL>\nListen 443\n</IfDefine>\n"
        "<IfModule worker.c>\nServerLimit 4\n</IfModule>\n"
    )
    options = ["--mpm", "worker", "--httpd-version", "2.4.6", "-D", "SSL", "--target", "rhel-8"]
    # RHEL has mod_version as a shared module.
    made = document(capsys, str(conf), *options, code=1)
    conf.write_text(f"LoadModule version_module modules/mod_version.so\n{conf.read_text()}")
    made = document(capsys, str(conf), *options)
    assert [one["name"] for one in made["directives"]] == ["ServerAdmin", "Listen", "ServerLimit"]
    assert (made["version"], made["mpm"]) == ("2.4.6", "worker")


def test_a_copied_tree_is_recognised(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = tmp_path / "apache2"
    (copy / "mods-enabled").mkdir(parents=True)
    (copy / "mods-enabled" / "mpm.load").write_text(EVENT)
    (copy / "envvars").write_text("export APACHE_RUN_DIR=/srv/run\n")
    main = copy / "apache2.conf"
    main.write_text(
        "Include mods-enabled/*.load\nServerAdmin ${APACHE_RUN_DIR}${APACHE_RUN_USER}\n"
    )
    made = document(capsys, str(main))
    assert made["server_root"] == str(copy)
    assert made["directives"][0]["args"] == ["/srv/runwww-data"]


def test_a_relative_name_is_taken_from_here(
    conf: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(conf.parent)
    made = document(capsys, "httpd.conf", "--target", "debian-12", "--server-root", ".")
    assert (made["conf"], made["server_root"]) == (str(conf), str(conf.parent))


def test_a_bare_tree_answers_for_its_machine(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {
        "etc/os-release": "ID=rocky\nVERSION_ID=9.4\nPRETTY_NAME=Rocky\n",
        "etc/httpd/conf/httpd.conf": 'ServerRoot "/etc/httpd"\nInclude conf.modules.d/*.conf\n',
        "etc/httpd/conf.modules.d/00.conf": EVENT,
    }
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    made = document(capsys, "--host", str(tmp_path))
    assert (made["target"], made["conf"]) == ("rhel-9", "/etc/httpd/conf/httpd.conf")
    assert made["accepted"] is True
    made = document(capsys, "etc/httpd/conf/httpd.conf", "--host", str(tmp_path))
    assert made["conf"] == "/etc/httpd/conf/httpd.conf"


def test_nothing_outside_of_the_root_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "secret.conf").write_text("ServerAdmin secret\n")
    (root / "httpd.conf").write_text(f"{EVENT}Include {tmp_path}/secret.conf\nServerName x\n")
    options = ["--root", str(root), "--target", "debian-12"]
    made = document(capsys, str(root / "httpd.conf"), *options, code=1)
    assert [one["name"] for one in made["directives"]] == ["ServerName"]
    assert made["accepted"] is None
    assert "outside" in made["unknown"][0]["why"]
    assert run(["config", str(tmp_path / "secret.conf"), *options]) == 2


def test_listener_buckets_follow_the_processors_of_the_machine(
    conf: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    conf.write_text(f"{EVENT}ListenCoresBucketsRatio 1\n")
    made = document(capsys, str(conf))
    cpus = os.sysconf("SC_NPROCESSORS_ONLN")
    assert made["effective"]["MinSpareThreads"] == max(75, 25 * (cpus - 1) + cpus)


def test_processors_that_are_not_told_count_as_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    conf = tmp_path / "etc" / "httpd.conf"
    conf.parent.mkdir()
    conf.write_text(f"{EVENT}ListenCoresBucketsRatio 1\n")
    online = tmp_path / "sys" / "devices" / "system" / "cpu" / "online"
    online.parent.mkdir(parents=True)
    online.write_text("garbage\n")
    made = document(capsys, "/etc/httpd.conf", "--host", str(tmp_path))
    assert made["effective"]["MinSpareThreads"] == 75


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--target", "windows"], "--target windows is not known."),
        (["--httpd-version", "3"], "--httpd-version 3 is no version."),
        (["--root", "/none"], "--root /none is not a directory."),
        (["--root", "/etc", "--host", "/"], "--root and --host exclude each other."),
        (["--mpm", "itk"], "itk"),
        (["--host", "/none"], "--host /none is not a directory."),
        (["/none/httpd.conf"], "/none/httpd.conf cannot be read: No such file or directory."),
    ],
)
def test_a_wrong_option_is_one_sentence(
    options: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["config", *options]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert sentence in said.err
    assert "Traceback" not in said.err


def test_a_machine_without_httpd_is_told_to_name_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "etc").mkdir()
    assert run(["config", "--host", str(tmp_path)]) == 2
    assert "Name its main file: mpmtune config FILE." in capsys.readouterr().err


# Runs the command line, and prints what it opened for writing, started or connected to.
OBSERVED = """
import os, sys
WRITING = os.O_WRONLY | os.O_RDWR
def watch(event, arguments):
    kind = event.split(".")[0]
    if kind in {"subprocess", "socket"} or event in {"os.exec", "os.fork", "os.system", "os.spawn"}:
        print(event, file=sys.stderr)
    if event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITING:
        print(event, arguments[0], file=sys.stderr)
from mpmtune.cli.app import run
sys.addaudithook(watch)
sys.exit(run(sys.argv[1:]))
"""


def test_nothing_is_started_connected_to_or_written(conf: Path) -> None:
    marker = conf.parent / "marker"
    evil = f"touch {marker}"
    (conf.parent / "envvars").write_text(f"export APACHE_RUN_DIR=$({evil})\nexport A=`{evil}`\n")
    conf.write_text(
        f"{EVENT}LoadFile {conf.parent}/evil.so\nErrorLog \"|/bin/sh -c '{evil}'\"\n"
        f'CustomLog "|{evil}" common\nServerAdmin ${{APACHE_RUN_DIR}}$({evil})\n'
    )
    for form in ("text", "json", "dump"):
        answer = subprocess.run(
            [sys.executable, "-B", "-c", OBSERVED, "config", str(conf), "-f", form],
            capture_output=True,
            text=True,
            cwd=Path(__file__).parents[2],
            check=False,
            timeout=60,
        )
        assert answer.stderr == ""
        assert answer.stdout
    assert not marker.exists()


def doubling(levels: int) -> str:
    """Macros of which each uses the next one twice."""
    return "".join(f"<Macro m{n}>\nUse m{n + 1}\nUse m{n + 1}\n</Macro>\n" for n in range(levels))


# What stands in the main file; D is its directory.
BAD = {
    "fifo": "Include D/fifo\n",
    "device": "Include /dev/zero\nInclude /dev/tty\n",
    "file of the kernel": "Include /proc/self/environ\nInclude /proc/kmsg\nInclude /proc/self/mem\n",
    "directory loop": "Include D/loop\n",
    "include cycle": "Include D/back\nInclude D/back\n",
    "glob bomb": "IncludeOptional /*/*/*/*/*/*\nInclude /*/*/*/*\nInclude /\n",
    "macro bomb": f"{MACRO}{doubling(30)}<Macro m30>\nListen 80\n</Macro>\nUse m0\n",
    "wide macro bomb": MACRO + f"<Macro m>\n{LISTEN * 1000}</Macro>\n" + "Use m\n" * 9000,
    "variable bomb": "Define A x\n" + "Define A ${A}${A}\n" * 60 + "ServerAdmin ${A}\n",
    "sparse file": "Include D/sparse\n",
    "endless line": "SetEnv A " + "x" * 20_000_000 + "\n",
    "two million continuations": "SetEnv A \\\n" + "x\\\n" * 1_999_000 + "\n",
    "deep nesting": "<Directory /x>\n" * 20_000 + "</Directory>\n" * 20_000,
    "deep conditions": "<IfModule core.c>\n" * 20_000 + "<IfModule none>\n" * 20_000,
    "nothing but lines": "\n" * 20_000_000,
    "nothing but errors": "</A>\n" * 300_000,
    "every byte": "".join(map(chr, range(256))) * 1000,
}


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    """A directory with what the bad files name."""
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "loop").mkdir()
    (tmp_path / "loop" / "self").symlink_to(".")
    main = tmp_path / "main.conf"
    (tmp_path / "back").write_text(f"Include {main}\nInclude {main}\n")
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(5 * 1024**3)
    return tmp_path


@pytest.mark.parametrize("kind", [*BAD, "main file is a fifo", "main file is sparse"])
def test_bad_input_gets_a_diagnostic_soon_and_in_little_memory(kind: str, bad: Path) -> None:
    main, out = bad / "main.conf", bad / "out.json"
    if kind in BAD:
        text = EVENT + BAD[kind].replace(" D/", f" {bad}/")
        main.write_bytes(text.encode("latin-1"))
    else:
        main = bad / kind.rpartition(" ")[2]
    command = [sys.executable, "-c", MEASURED, "config", str(main), "-f", "json", "-o", str(out)]
    answer = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False
    )
    assert answer.returncode in {1, 2}, answer.stderr
    # The processor's time, for other tests may run beside this one.
    seconds, mib = map(float, answer.stdout.split())
    assert seconds <= MOST_SECONDS
    assert mib <= MOST_MIB
    if answer.returncode == 2:
        assert answer.stderr.startswith(f"mpmtune: {main} cannot be read: ")
        return
    assert answer.stderr == ""
    made = json.loads(out.read_text())
    assert made["accepted"] in {False, None}
    assert made["errors"] or made["unknown"]
