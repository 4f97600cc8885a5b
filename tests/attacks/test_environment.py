"""What the caller's environment, directory and rights may decide: nothing that runs as root."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mpmtune.host.running import processes_of
from tests.attacks.scene import HOSTS, MODULE, Done, Scene, mpmtune, program, script
from tests.live.private_httpd import binary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

pytestmark = pytest.mark.httpd

# Everything that a command of mpmtune's might want to run.
PROGRAMS = [
    "httpd",
    "apache2",
    "apachectl",
    "apache2ctl",
    "httpd.worker",
    "httpd2",
    "systemctl",
    "systemd-run",
    "ip",
    "unshare",
    "nsenter",
    "mount",
    "a2query",
    "a2enmod",
    "a2dismod",
    "a2enconf",
    "openssl",
    "php",
    "php-fpm",
    "php-fpm8.2",
    "php-cgi",
    "wrk",
    "ab",
    "h2load",
    "sh",
    "bash",
    "env",
    "ps",
    "uname",
    "hostname",
    "id",
    "which",
    "ldd",
    "ldconfig",
    "getconf",
    "lsb_release",
    "python3",
    "python",
    "sudo",
    "cc",
]
# Written where it runs, unless that is the Python that the caller himself has started.
PRELOADED = """
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
__attribute__((constructor)) static void ran(void) {
    char name[4096] = "";
    if (readlink("/proc/self/exe", name, sizeof name - 1) > 0 && !strstr(name, "python"))
        close(open("MARK", O_CREAT | O_WRONLY, 0600));
}
"""


def hostile(place: Path, marks: Path) -> dict[str, str]:
    """Make an environment of which every variable wants something run; each leaves its mark."""
    (place / "modules").mkdir()
    for name in ("sitecustomize", "usercustomize", "typer", "contextlib", "json"):
        code = f"open({str(marks / 'PYTHONPATH')!r}, 'w')\n"
        (place / f"modules/{name}.py").write_text(code)
    (place / "startup.py").write_text(f"open({str(marks / 'PYTHONSTARTUP')!r}, 'w')\n")
    (place / "Evil.pm").write_text(f"open(F, '>{marks}/PERL5OPT'); 1;\n")
    source = PRELOADED.replace("MARK", f"{marks}/LD_PRELOAD")
    preloaded = program(place / "evil.so", source, "-shared", "-fPIC")
    commands = {
        "APACHE_ENVVARS": f"touch {marks}/APACHE_ENVVARS",
        "APACHE_HTTPD": f"touch {marks}/APACHE_HTTPD",
        "BASH_ENV": f"touch {marks}/BASH_ENV",
        "ENV": f"touch {marks}/ENV",
        "PAGER": f"touch {marks}/PAGER",
        "EDITOR": f"touch {marks}/EDITOR",
    }
    scripts = {name: str(script(place / name, text)) for name, text in commands.items()}
    return {
        **scripts,
        "PATH": f"{place}:/usr/sbin:/usr/bin:/sbin:/bin",
        "APACHE_ULIMIT_MAX_FILES": f"touch {marks}/APACHE_ULIMIT_MAX_FILES",
        "APACHE_CONFDIR": str(place),
        "APACHE_RUN_DIR": f"$(touch {marks}/APACHE_RUN_DIR)",
        "APACHE_ARGUMENTS": f"-C 'LoadFile {preloaded}'",
        "OPTIONS": f"-C 'LoadFile {preloaded}'",
        "LD_PRELOAD": str(preloaded),
        "LD_LIBRARY_PATH": str(place),
        "LD_AUDIT": "",
        "PYTHONPATH": f"{place}/modules",
        "PYTHONSTARTUP": f"{place}/startup.py",
        "PYTHONINSPECT": "",
        "PYTHONWARNINGS": "error",
        "PERL5OPT": f"-I{place} -MEvil",
        "IFS": "/",
        "SHELLOPTS": "xtrace",
        "PS4": f"$(touch {marks}/PS4)",
        "GCONV_PATH": str(place),
        "OPENSSL_CONF": f"{place}/openssl.cnf",
        "TMPDIR": str(place),
        "SYSTEMD_PAGER": scripts["PAGER"],
        "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={place}/bus",
        "SUDO_COMMAND": f"touch {marks}/SUDO_COMMAND",
        "SUDO_USER": "eve\x1b[2J\nroot",
        "http_proxy": "http://127.0.0.1:9/",
    }


def plant(place: Path, marks: Path) -> None:
    """Put a program of every name into a directory."""
    for name in PROGRAMS:
        script(place / name, f": > {marks}/program-{name}")


COMMANDS = (
    "detect",
    "recommend -f json",
    "config ETC/apache2.conf",
    "lint ETC/apache2.conf",
    "lint --host / ETC/apache2.conf",
    "explain event",
    "workload ETC/access.log",
    "snapshot TOP/snap",
    "bench --list",
    "apply --dry-run",
    "apply --files-only",
    "apply",
    "rollback --list",
    "rollback --files-only",
    "recover",
    "confirm",
)


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_runs_what_path_directory_or_variables_name(command: str, scene: Scene) -> None:
    marks = scene.top / "marks"
    marks.mkdir()
    environment = hostile(scene.evil, marks)
    plant(scene.evil, marks)
    (scene.tree / "access.log").write_text("")
    verb, *more = (
        word.replace("ETC", str(scene.tree)).replace("TOP", str(scene.top))
        for word in command.split()
    )
    options: dict[str, Any] = {"environment": environment, "cwd": scene.evil}
    if verb == "apply":
        done = scene.apply(*more, **options)
    elif verb in {"rollback", "recover", "confirm"}:
        done = scene.run(verb, *more, **options)
    elif verb in {"detect", "recommend", "snapshot"}:
        server = ("--conf", f"{scene.tree}/apache2.conf", "--server-root", str(scene.tree))
        done = mpmtune(verb, *more, *server, **options)
    else:
        done = mpmtune(verb, *more, **options)
    assert done.code in {0, 1, 2}
    assert os.listdir(marks) == []
    assert "\x1b" not in done.out + done.err


@dataclass(frozen=True)
class Attacked:
    """A server whose MPM was changed from a hostile environment."""

    done: Done
    environment: Mapping[str, str]
    httpds_environment: frozenset[str]
    marks: frozenset[str]
    bystander_lives: bool
    mode: str


@pytest.fixture(scope="module")
def attacked(make_scene: Callable[[], Scene]) -> Iterator[Attacked]:
    """Change the MPM of a running server, once, with everything hostile at the same time."""
    scene = make_scene()
    marks = scene.top / "marks"
    marks.mkdir()
    environment = hostile(scene.evil, marks)
    plant(scene.evil, marks)
    lines = (f"{line.replace('MARK', str(marks))}\n" for line in ENVVARS)
    (scene.tree / "envvars").write_text("export APACHE_PLAIN=yes\n" + "".join(lines))
    bystander = subprocess.Popen(["sleep", "120"])
    with scene.httpd as httpd:
        # Not the number of the parent: one of somebody who has nothing to do with it.
        (scene.tree / "httpd.pid").write_text(f"{bystander.pid}\n")
        try:
            done = scene.apply(environment=environment, cwd=scene.evil)
            (pid,) = _parents(scene)
            given = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
            yield Attacked(
                done,
                environment,
                frozenset(one.partition(b"=")[0].decode() for one in given if one),
                frozenset(os.listdir(marks)),
                bystander.poll() is None,
                httpd.mpm(),
            )
        finally:
            for pid in _parents(scene):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGTERM)
            bystander.kill()
            bystander.wait()


def _parents(scene: Scene) -> list[int]:
    """Find the parents of the scene's httpd."""
    mine = []
    for pid in processes_of(binary()):
        with suppress(OSError):
            called = Path(f"/proc/{pid}/cmdline").read_bytes()
            parent = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
            if os.fsencode(scene.tree) in called and parent not in processes_of(binary()):
                mine.append(pid)
    return mine


ENVVARS = (
    "export APACHE_RUN_DIR=$(touch MARK/substitution)",
    "export APACHE_LOCK_DIR=`touch MARK/backticks`",
    "export APACHE_A=b; touch MARK/semicolon",
    "export APACHE_B=b && touch MARK/and",
    "export APACHE_C=b | touch MARK/pipe",
    'export APACHE_D="${NOTHING:=$(touch MARK/default)}"',
    "f() { touch MARK/function; }; f",
    "source MARK/../evil/sourced",
    ". MARK/../evil/sourced",
    "eval touch MARK/eval",
    "trap 'touch MARK/trap' EXIT",
    "touch MARK/plain-command",
    "export APACHE_E=x >MARK/redirection",
    "export LD_PRELOAD=/nonexistent/evil.so",
    "export PATH=/nonexistent",
)
VARIABLES = (
    "PATH",
    "APACHE_ENVVARS",
    "APACHE_HTTPD",
    "APACHE_ULIMIT_MAX_FILES",
    "APACHE_CONFDIR",
    "APACHE_RUN_DIR",
    "APACHE_ARGUMENTS",
    "OPTIONS",
    "LD_PRELOAD",
    "LD_LIBRARY_PATH",
    "PYTHONPATH",
    "PYTHONSTARTUP",
    "PERL5OPT",
    "BASH_ENV",
    "ENV",
    "IFS",
    "SHELLOPTS",
    "PS4",
    "GCONV_PATH",
    "OPENSSL_CONF",
    "TMPDIR",
    "DBUS_SYSTEM_BUS_ADDRESS",
    "SUDO_COMMAND",
    "http_proxy",
)


def test_the_change_is_made_all_the_same(attacked: Attacked) -> None:
    assert (attacked.done.code, attacked.mode) == (0, "event"), attacked.done.err


@pytest.mark.parametrize("variable", VARIABLES)
def test_a_variable_of_the_caller_does_not_reach_httpd(variable: str, attacked: Attacked) -> None:
    assert variable in attacked.environment
    assert variable not in attacked.marks
    assert not attacked.httpds_environment & {variable} - {"PATH"}


def test_httpd_is_given_what_was_built_for_it_and_nothing_else(attacked: Attacked) -> None:
    assert attacked.httpds_environment == {"PATH", "LC_ALL", "APACHE_PLAIN"}


def test_no_program_of_a_directory_in_path_was_run(attacked: Attacked) -> None:
    assert [mark for mark in attacked.marks if mark.startswith("program-")] == []


@pytest.mark.parametrize("line", ENVVARS)
def test_a_line_of_envvars_that_needs_a_shell_is_not_run(line: str, attacked: Attacked) -> None:
    mark = line.partition("MARK/")[2].strip("'`\") ;}").partition(")")[0].partition(";")[0]
    assert mark not in attacked.marks
    assert not attacked.marks


def test_the_process_that_the_pid_file_names_is_left_alone(attacked: Attacked) -> None:
    assert attacked.bystander_lives


def test_lines_of_envvars_that_were_not_evaluated_are_told(scene: Scene) -> None:
    (scene.tree / "envvars").write_text(f"export A=$(touch {scene.top}/mark)\nexport B=c\n")
    server = ("--conf", f"{scene.tree}/apache2.conf", "--server-root", str(scene.tree))
    done = mpmtune("detect", *server)
    assert "envvars has 1 line that only a shell can evaluate" in done.out
    assert not (scene.top / "mark").exists()


# Rights ------------------------------------------------------------------------------------------

AS = {
    "setuid": "os.setresuid(12345, 0, 0)",
    "setgid": "os.setresgid(12345, 0, 0)",
}


@pytest.mark.parametrize(
    ("kind", "command"),
    [
        ("setuid", "apply"),
        ("setuid", "rollback"),
        ("setuid", "recommend"),
        ("setuid", "lint"),
        ("setuid", "snapshot"),
        ("setgid", "recommend"),
    ],
)
def test_the_rights_of_another_user_are_not_used(kind: str, command: str, scene: Scene) -> None:
    """What a setuid copy is: the real user is another than the one whose rights it has."""
    scene.look()
    lines = {
        "apply": scene.httpd.arguments("apply", "--yes"),
        "rollback": scene.httpd.arguments("rollback"),
        "recommend": ["recommend", "-o", str(scene.shadow), "--host", f"{HOSTS}/debian-event"],
        "lint": ["lint", f"{scene.tree}/apache2.conf", "--fix"],
        "snapshot": ["snapshot", f"{scene.top}/snap"],
    }
    start = f"import os, sys; {AS[kind]}; os.execv(sys.argv[1], sys.argv[1:])"
    done = mpmtune(*lines[command], before=(sys.executable, "-I", "-c", start))
    assert done.code == 2
    assert "setuid" in done.err
    assert scene.untouched()
    assert scene.protected()
    assert not (scene.top / "snap").exists()


@pytest.mark.parametrize("umask", [0, 0o077])
def test_the_umask_of_the_caller_decides_no_mode(umask: int, scene: Scene) -> None:
    assert scene.apply("--files-only", umask=umask).code == 0
    out = scene.top / "out.json"
    given = ("--host", f"{HOSTS}/debian-event")
    assert mpmtune("recommend", *given, "-o", str(out), umask=umask).code == 0
    modes = {
        path: stat.S_IMODE(path.stat().st_mode)
        for path in (
            scene.tree / "conf-available/zz-mpmtune.conf",
            scene.state,
            scene.state / "lock",
            scene.state / "history/000001.json",
            out,
        )
    }
    assert list(modes.values()) == [0o644, 0o700, 0o600, 0o600, 0o644]


def test_sudos_variables_are_for_the_audit_line_alone(scene: Scene) -> None:
    names = {"SUDO_USER": "eve\x1b[2J\n" + "x" * 5000, "SUDO_UID": "12345", "SUDO_GID": "12345"}
    assert scene.apply("--files-only", environment=names).code == 0
    snippet = (scene.tree / "conf-available/zz-mpmtune.conf").stat()
    assert (snippet.st_uid, snippet.st_gid) == (0, 0)
    listed = scene.run("rollback", "--list").out
    assert "(sudo by eve\\x1b[2J\\x0a" in listed or "eve\\x1b[2J\\n" in listed
    assert max(map(len, listed.splitlines())) < 300


def test_a_directory_full_of_modules_of_python_is_not_imported_from(scene: Scene) -> None:
    for name in ("os", "json", "typer", "mpmtune", "sitecustomize", "rich", "psutil"):
        code = f"open({str(scene.top / 'mark')!r}, 'w')\n"
        (scene.evil / f"{name}.py").write_text(code)
    environment = {"PYTHONPATH": str(scene.evil), "PYTHONSTARTUP": f"{scene.evil}/os.py"}
    assert mpmtune("detect", environment=environment, cwd=scene.evil).code == 0
    assert not (scene.top / "mark").exists()


def test_a_proxy_of_the_environment_is_not_asked(scene: Scene) -> None:
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        proxy.setblocking(False)
        url = f"http://127.0.0.1:{proxy.getsockname()[1]}/"
        names = dict.fromkeys(("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"), url)
        with scene.httpd:
            server = ("--conf", f"{scene.tree}/apache2.conf", "--server-root", str(scene.tree))
            done = mpmtune("detect", *server, environment=names)
        assert "mod_status" in done.out or done.code == 0
        with pytest.raises(BlockingIOError):
            proxy.accept()


# Locale ------------------------------------------------------------------------------------------

STRANGE = b"\xef\xbb\xbfServerRoot /x\nServerName caf\xe9\nMaxClients 5 \0 6\r\nT\xc4\xb1meout 5\n"
LOCALES = (
    {"LANG": "C"},
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    {"LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8"},
    {"LC_ALL": "de_DE.ISO-8859-1", "PYTHONIOENCODING": "latin-1"},
    {"LC_ALL": "no\nsuch\x1b[2J"},
)


@cache
def plain_findings() -> object:
    """What is found in a plain locale."""
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / "strange.conf").write_bytes(STRANGE)
        line = ("lint", "strange.conf", "-f", "json", "--profile", "strict")
        found = mpmtune(*line, environment={"LC_ALL": "C.UTF-8"}, cwd=place)
    findings = json.loads(found.out)["findings"]
    assert findings
    return findings


@pytest.mark.parametrize("locale", LOCALES, ids=str)
def test_findings_are_the_same_in_every_locale(locale: Mapping[str, str], scene: Scene) -> None:
    (scene.top / "strange.conf").write_bytes(STRANGE)
    line = ("lint", "strange.conf", "-f", "json", "--profile", "strict")
    found = mpmtune(*line, program=MODULE, environment=locale, cwd=scene.top)
    assert found.code == 1
    assert json.loads(found.out)["findings"] == plain_findings()
