"""``mpmtune apply`` with a real httpd: what it does, what it refuses, what it takes back."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mpmtune.apply.applying import Request, apply_change
from mpmtune.apply.changeset import planned_changes
from mpmtune.apply.entry import Kind
from mpmtune.apply.layouts import ByHand, read_layout
from mpmtune.apply.new_entry import new_entry
from mpmtune.apply.putting_in_force import Patience
from mpmtune.cli.app import run
from mpmtune.detect.choice import Choice
from mpmtune.detect.facts import detect_facts
from mpmtune.errors import NotRolledBackError, RolledBackError
from mpmtune.host.local import LocalHost
from mpmtune.model.server import Mpm, Server
from mpmtune.plan.planner import plan
from tests.apply.laid_out import contents
from tests.live.laid_out_httpd import LaidOutHttpd, debian, red_hat
from tests.live.private_httpd import binary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mpmtune.apply.applying import Applied

pytestmark = pytest.mark.httpd
SOON = Patience(drain=2.0, watch=1.5)


@pytest.fixture
def place() -> Iterator[Path]:
    """A ServerRoot that another user may enter: pytest's own directories are for us alone."""
    top = Path(tempfile.mkdtemp(prefix="mpmtune-apply-"))
    top.chmod(0o755)
    (top / "etc").mkdir()
    yield top / "etc"
    shutil.rmtree(top, ignore_errors=True)


@pytest.fixture
def httpd(place: Path) -> Iterator[LaidOutHttpd]:
    with LaidOutHttpd(place) as server:
        yield server


def configuration(httpd: LaidOutHttpd) -> dict[str, str]:
    """Give what httpd reads, without what it writes."""
    found = contents(httpd.root)
    written = (".pid", ".log", ".certbot.lock")  # the last one is left by whoever is killed
    return {path: text for path, text in found.items() if not path.endswith(written)}


def applied(
    httpd: LaidOutHttpd, mpm: Mpm, between: Callable[[], None], patience: Patience = SOON
) -> Applied:
    """Apply a plan, with something that happens after everything was looked at."""
    choice = Choice(binary(), str(httpd.conf), str(httpd.root))
    host = LocalHost()
    facts = detect_facts(host, choice)
    server = facts.server
    assert isinstance(server, Server)
    layout = read_layout(host, server)
    assert not isinstance(layout, ByHand)
    changes = planned_changes(plan(mpm, "", facts), server, layout)
    entry = replace(
        new_entry(Kind.APPLY, "a test", layout.root, changes),
        httpd=binary(),
        conf=str(httpd.conf),
    )
    request = Request(host, choice, facts, server, entry, {}, patience)
    return apply_change(request, str(httpd.state), lambda _work, _found: between())


def test_an_mpm_is_switched_and_switched_back(
    httpd: LaidOutHttpd, capsys: pytest.CaptureFixture[str]
) -> None:
    before = configuration(httpd)
    assert httpd.mpm() == "prefork"
    assert httpd.mpmtune("apply", "--mode", "event", "--yes") == 0
    said = capsys.readouterr()
    assert said.out.startswith("change from prefork to event: in force. The ports were closed for ")
    assert httpd.mpm() == "event"
    assert said.out.endswith(f"To take it back: mpmtune rollback --state {httpd.state}\n")
    assert httpd.mpmtune("rollback") == 0
    said = capsys.readouterr()
    assert said.out.endswith(f"To take it back: mpmtune rollback --entry 2 --state {httpd.state}\n")
    assert httpd.mpm() == "prefork"
    assert configuration(httpd) == before
    assert httpd.mpmtune("rollback", "--list") == 0
    assert "in force" in capsys.readouterr().out


def as_installed(root: Path, more: str = "") -> Path:
    """Copy the configuration that the distribution has put here, for ports and paths of our own."""
    source = Path("/etc/apache2")
    if not (source / "mods-available/mpm_event.load").exists():
        pytest.skip("no Debian layout is installed here")
    shutil.copytree(source, root, symlinks=True, dirs_exist_ok=True)
    for link in (root / "mods-enabled").iterdir():
        if link.name.startswith(("php", "mpm_")):
            link.unlink()
    for suffix in ("load", "conf"):
        target = f"../mods-available/mpm_prefork.{suffix}"
        (root / f"mods-enabled/mpm_prefork.{suffix}").symlink_to(target)
    for name in ("run", "lock", "log"):
        (root / name).mkdir()
    exported = {
        "APACHE_RUN_USER": "nobody",
        "APACHE_RUN_GROUP": "nogroup",
        "APACHE_PID_FILE": f"{root}/httpd.pid",
        "APACHE_RUN_DIR": f"{root}/run",
        "APACHE_LOCK_DIR": f"{root}/lock",
        "APACHE_LOG_DIR": f"{root}/log",
    }
    lines = (f"export {name}={value}\n" for name, value in exported.items())
    (root / "envvars").write_text("".join(lines))
    for site in (root / "sites-enabled").iterdir():
        site.unlink()
    listen = next(line for line in more.splitlines() if line.startswith("Listen "))
    (root / "ports.conf").write_text(f"{listen}\n")
    (root / "conf-enabled/own.conf").write_text(
        f"ServerName localhost\nServerRoot {root}\nDocumentRoot {root}/www\n"
        f"<Directory {root}/www>\nRequire all granted\n</Directory>\n"
        "<Location /server-status>\nSetHandler server-status\nRequire local\n</Location>\n"
    )
    return root / "apache2.conf"


def test_the_installed_layout_is_switched_there_and_back(place: Path) -> None:
    httpd = LaidOutHttpd(place, as_installed)
    exported = [line[7:].split("=", 1) for line in (place / "envvars").read_text().splitlines()]
    httpd.environment.update(dict(exported))
    with httpd:
        before = configuration(httpd)
        assert httpd.mpm() == "prefork"
        assert httpd.mpmtune("apply", "--mode", "event", "--yes", "-q") == 0
        assert httpd.mpm() == "event"
        assert httpd.mpmtune("apply", "--mode", "prefork", "--yes", "-q") == 0
        assert httpd.mpm() == "prefork"
        assert httpd.mpmtune("rollback", "2") == 0
        assert httpd.mpm() == "prefork"
        assert configuration(httpd) == before


def test_soft_values_need_a_graceful_restart_alone(
    httpd: LaidOutHttpd, capsys: pytest.CaptureFixture[str]
) -> None:
    assert httpd.mpmtune("apply", "--mode", "event", "--yes") == 0
    pid = httpd.pid
    snippet = httpd.root / "conf-available/zz-mpmtune.conf"
    planned = snippet.read_text()
    snippet.write_text(planned.replace("KeepAliveTimeout ", "KeepAliveTimeout 1"))
    httpd.call("-k", "graceful")
    time.sleep(1.5)
    capsys.readouterr()
    assert httpd.mpmtune("apply", "--mode", "event", "--yes") == 0
    assert capsys.readouterr().out.startswith("plan for event: in force, by a graceful restart.\n")
    assert httpd.pid == pid
    lines = [line.split() for line in planned.splitlines() if "KeepAliveTimeout" in line]
    assert [
        line.split() for line in snippet.read_text().splitlines() if "KeepAliveT" in line
    ] == lines


def test_the_layout_of_rhel_is_changed_by_one_rename(place: Path) -> None:
    with LaidOutHttpd(place, red_hat) as httpd:
        before = configuration(httpd)
        assert httpd.mpmtune("apply", "--mode", "worker", "--yes") == 0
        assert httpd.mpm() == "worker"
        assert httpd.mpmtune("rollback") == 0
        assert httpd.mpm() == "event"
        assert configuration(httpd) == before


def test_a_stopped_httpd_is_written_for_and_left_stopped(
    httpd: LaidOutHttpd, capsys: pytest.CaptureFixture[str]
) -> None:
    httpd.stop()
    assert httpd.mpmtune("apply", "--mode", "event", "--yes") == 0
    assert "httpd is stopped and reads it when it is started" in capsys.readouterr().out
    assert httpd.pid is None
    httpd.start()
    assert httpd.mpm() == "event"


def test_what_comes_up_under_the_old_mpm_alone_is_taken_back(httpd: LaidOutHttpd) -> None:
    trap = httpd.root / "conf-enabled/trap.conf"
    before = configuration(httpd)

    def between() -> None:
        trap.write_text("<IfModule mpm_event_module>\nTypesConfig /nonexistent\n</IfModule>\n")

    with pytest.raises(RolledBackError, match="Files and server are as they were"):
        applied(httpd, Mpm.EVENT, between)
    assert httpd.mpm() == "prefork"
    trap.unlink()
    assert configuration(httpd) == before


def test_a_graceful_restart_that_kills_httpd_is_taken_back(httpd: LaidOutHttpd) -> None:
    assert httpd.mpmtune("apply", "--mode", "event", "--yes", "-q") == 0
    snippet = httpd.root / "conf-available/zz-mpmtune.conf"
    edited = snippet.read_text().replace("KeepAliveTimeout ", "KeepAliveTimeout 1")
    snippet.write_text(edited)
    httpd.call("-k", "graceful")
    time.sleep(1.5)
    trap = httpd.root / "conf-enabled/trap.conf"

    def between() -> None:
        # It passes -t, and ends what reads it (AH00099); removed as soon as it has.
        trap.write_text("TypesConfig /nonexistent\n")
        watched = httpd.pid

        def remove() -> None:
            assert watched is not None
            while os.path.exists(f"/proc/{watched}"):
                time.sleep(0.005)
            trap.unlink()

        threading.Thread(target=remove, daemon=True).start()

    with pytest.raises(RolledBackError, match="httpd ended after"):
        applied(httpd, Mpm.EVENT, between)
    assert httpd.serves()
    assert snippet.read_text() == edited


def test_what_cannot_be_taken_back_says_what_to_type(httpd: LaidOutHttpd) -> None:
    before = configuration(httpd)

    def between() -> None:
        (httpd.root / "mime.types").unlink()

    with pytest.raises(NotRolledBackError) as failure:
        applied(httpd, Mpm.EVENT, between)
    assert f"-d {httpd.root}" in failure.value.hint
    assert failure.value.hint.rstrip().endswith("-k start")
    (httpd.root / "mime.types").write_text(before["mime.types"])
    assert configuration(httpd) == before


def test_a_refusal_touches_nothing(httpd: LaidOutHttpd, capsys: pytest.CaptureFixture[str]) -> None:
    (httpd.root / "conf-enabled/zzz.conf").write_text("KeepAliveTimeout 77\n")
    before = configuration(httpd)
    assert httpd.mpmtune("apply", "--mode", "event", "--yes") == 2
    said = capsys.readouterr().err
    assert "Nothing was touched." in said
    assert "zzz.conf:1 makes it KeepAliveTimeout 77" in said
    assert configuration(httpd) == before
    assert httpd.mpm() == "prefork"


def test_php_source_is_never_served_for_a_thread(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    php = Path("/usr/lib/apache2/modules/libphp8.2.so")
    if not php.exists():
        pytest.skip("mod_php is not installed here")
    more = (
        f'LoadModule php_module {php}\n<FilesMatch "\\.php$">\n'
        "SetHandler application/x-httpd-php\n</FilesMatch>\n"
    )
    with LaidOutHttpd(place, debian, more) as httpd:
        (place / "www/x.php").write_text("<?php echo 6 * 7; ?>")
        assert httpd.get("/x.php") == "42"
        assert httpd.mpmtune("apply", "--mode", "event", "--yes") == 2
        assert "Nothing was touched." in capsys.readouterr().err
        assert httpd.get("/x.php") == "42"


def test_a_page_whose_source_begins_to_show_takes_the_change_back(place: Path) -> None:
    """What keeps it from being seen goes with prefork, as mod_php does."""
    httpd = LaidOutHttpd(place)
    (place / "conf-enabled/php.conf").write_text(
        '<IfModule mpm_prefork_module>\n<Files "*.php">\nRequire all denied\n</Files>\n</IfModule>\n'
    )
    (place / "www/index.php").write_text('<?php $password = "not for you"; ?>\n')
    with httpd:
        assert httpd.mpmtune("apply", "--mode", "event", "--yes", "-q") == 3
        assert httpd.mpm() == "prefork"
        with pytest.raises(OSError, match="403"):
            httpd.get("/index.php")
    (place / "conf-enabled/php.conf").unlink()
    with httpd:  # whoever saw it before sees nothing new
        assert httpd.mpmtune("apply", "--mode", "event", "--yes", "-q") == 0


def test_of_twenty_at_once_one_wins(httpd: LaidOutHttpd) -> None:
    children = []
    for _ in range(20):
        child = os.fork()
        if not child:
            os._exit(_silently(httpd.arguments("apply", "--mode", "event", "--yes", "-q")))
        children.append(child)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    assert codes.count(0) >= 1
    # 2: it had looked at the files before the one that won, and came to the lock after it.
    assert set(codes) <= {0, 2, 75}
    assert 75 in codes
    assert httpd.mpm() == "event"


def _silently(arguments: list[str]) -> int:
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    return run(arguments)


def mpmtune_process(httpd: LaidOutHttpd, *more: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "mpmtune", *httpd.arguments("apply", "--yes", *more)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def journal(httpd: LaidOutHttpd) -> str:
    with suppress(OSError):
        return (httpd.state / "journal.json").read_text()
    return ""


def eventually(condition: Callable[[], bool], seconds: float = 20.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with suppress(OSError):  # it may just have stopped
            if condition():
                return True
        time.sleep(0.05)
    return False


def test_a_killed_apply_is_taken_back_by_its_watchdog(
    httpd: LaidOutHttpd, request: pytest.FixtureRequest
) -> None:
    before = configuration(httpd)
    for _ in range(20 if request.config.getoption("--all-faults") else 1):
        process = mpmtune_process(httpd, "--mode", "event", "--confirm-within", "60")
        assert eventually(lambda: '"phase": "acting"' in journal(httpd))
        assert eventually(lambda: httpd.serves() and httpd.mpm() == "event")
        process.kill()
        process.wait()
        began = time.monotonic()
        assert eventually(lambda: not journal(httpd))
        print(f"taken back {time.monotonic() - began:.1f} s after the kill")
        assert httpd.mpm() == "prefork"
        assert configuration(httpd) == before


def test_a_lost_login_takes_the_change_back_at_once(
    httpd: LaidOutHttpd, request: pytest.FixtureRequest
) -> None:
    before = configuration(httpd)
    for _ in range(20 if request.config.getoption("--all-faults") else 1):
        process = mpmtune_process(httpd, "--mode", "event")
        assert eventually(lambda: '"phase": "acting"' in journal(httpd))
        assert eventually(lambda: httpd.serves() and httpd.mpm() == "event")
        process.send_signal(signal.SIGHUP)
        assert process.wait(30) == 130
        assert httpd.mpm() == "prefork"
        assert configuration(httpd) == before


def test_a_second_ctrl_c_does_not_interrupt_the_taking_back(httpd: LaidOutHttpd) -> None:
    before = configuration(httpd)
    process = mpmtune_process(httpd, "--mode", "event")
    assert eventually(lambda: '"phase": "acting"' in journal(httpd))
    assert eventually(lambda: httpd.serves() and httpd.mpm() == "event")
    while journal(httpd):
        process.send_signal(signal.SIGINT)
        time.sleep(0.02)
    assert process.wait(30) == 130
    assert journal(httpd) == ""
    assert httpd.mpm() == "prefork"
    assert configuration(httpd) == before


def test_an_unconfirmed_change_is_taken_back_after_its_login_is_gone(
    httpd: LaidOutHttpd, request: pytest.FixtureRequest
) -> None:
    before = configuration(httpd)
    for _ in range(20 if request.config.getoption("--all-faults") else 1):
        process = mpmtune_process(httpd, "--mode", "event", "--confirm-within", "10")
        assert process.wait(60) == 0
        assert httpd.mpm() == "event"
        with suppress(ProcessLookupError):  # what a login leaves is hung up on
            os.killpg(process.pid, signal.SIGHUP)
        assert eventually(lambda: not journal(httpd))
        assert httpd.mpm() == "prefork"
        assert configuration(httpd) == before


def test_what_waits_for_its_confirmation_can_be_rolled_back_and_what_is_confirmed_stays(
    httpd: LaidOutHttpd, capsys: pytest.CaptureFixture[str]
) -> None:
    before = configuration(httpd)
    assert httpd.mpmtune("confirm") == 2
    assert "No change awaits its confirmation." in capsys.readouterr().err
    assert httpd.mpmtune("apply", "--mode", "event", "--yes", "--confirm-within", "60") == 0
    assert "unless you run: mpmtune confirm" in capsys.readouterr().out
    assert httpd.mpm() == "event"
    assert httpd.mpmtune("apply", "--mode", "worker", "--yes") == 2
    said = capsys.readouterr().err
    assert "change from prefork to event waits for its confirmation; it is taken back in " in said
    assert "checks passed" not in said
    assert httpd.mpmtune("rollback") == 0
    assert journal(httpd) == ""
    assert httpd.mpm() == "prefork"
    assert configuration(httpd) == before
    assert httpd.mpmtune("apply", "--mode", "event", "--yes", "--confirm-within", "30") == 0
    assert httpd.mpmtune("confirm") == 0
    assert journal(httpd) == ""
    assert httpd.mpm() == "event"


def test_killed_at_any_moment_it_is_old_or_new_after_recover(
    httpd: LaidOutHttpd, request: pytest.FixtureRequest
) -> None:
    before = configuration(httpd)
    moments = 60 if request.config.getoption("--all-faults") else 4
    for moment in range(moments):
        process = mpmtune_process(httpd, "--mode", "event")
        assert eventually(lambda: bool(journal(httpd)))
        time.sleep(0.02 + 0.5 * moment / moments)
        process.kill()
        process.wait()
        assert httpd.mpmtune("recover", "-q") == 0
        assert journal(httpd) == ""
        assert eventually(httpd.serves)
        assert httpd.mpm() == "prefork"
        assert configuration(httpd) == before


def test_an_answer_of_another_server_is_no_proof(httpd: LaidOutHttpd) -> None:
    """The port is taken by a stranger the moment that httpd lets it go."""
    stop = threading.Event()

    def between() -> None:
        def take() -> None:
            while not stop.is_set():
                with suppress(OSError):
                    stranger = socket.create_server(("127.0.0.1", httpd.port))
                    with stranger:
                        stop.wait(4)
                    return

        threading.Thread(target=take, daemon=True).start()

    before = configuration(httpd)
    with pytest.raises((RolledBackError, NotRolledBackError)):
        applied(httpd, Mpm.EVENT, between)
    stop.set()
    assert configuration(httpd) == before
