"""Forty ways in which a change is written and not in force: exit code 0 in none of them."""

from __future__ import annotations

import os
import signal
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from mpmtune.cli.exit_codes import code_of
from mpmtune.errors import MpmtuneError
from mpmtune.host.parent_process import children_of
from mpmtune.model.server import Mpm
from tests.live.laid_out_httpd import LaidOutHttpd
from tests.live.test_apply_live import applied, configuration, place

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["place"]
pytestmark = pytest.mark.httpd


@dataclass(frozen=True)
class LaterLine:
    """A line that is read after ours and wins; ``where`` is the file that holds it."""

    text: str
    where: str = "conf-enabled/zzz.conf"
    mode: str = "event"

    def __str__(self) -> str:
        return f"{self.mode}: {self.text.splitlines()[0]} in {self.where}"


LATER = (
    *(
        LaterLine(text)
        for text in (
            "KeepAliveTimeout 77",
            "KeepAlive Off",
            "Timeout 7",
            "MaxKeepAliveRequests 3",
            "ThreadsPerChild 10",
            "MaxRequestWorkers 25",
            "StartServers 1",
            "MinSpareThreads 1",
            "MaxSpareThreads 40",
            "AsyncRequestWorkerFactor 1",
            "ServerLimit 1",
            "ThreadLimit 10",
            "ListenBacklog 9",
            "MaxConnectionsPerChild 5",
            "MaxRequestsPerChild 5",
            "MaxClients 25",
            "<IfModule mpm_event_module>\nMaxRequestWorkers 50\n</IfModule>",
            "<IfModule !mod_nothing.c>\nKeepAliveTimeout 1\n</IfModule>",
            "Define wait 3\nKeepAliveTimeout ${wait}",
            "KeepAliveTimeout \\\n9",
        )
    ),
    LaterLine("KeepAliveTimeout 6", "sites-enabled/a.conf"),
    LaterLine("MaxRequestWorkers 10", "sites-enabled/a.conf"),
    LaterLine("MaxRequestWorkers 10", mode="prefork"),
    LaterLine("StartServers 1", mode="prefork"),
    LaterLine("MaxSpareServers 6", mode="prefork"),
    LaterLine("ThreadsPerChild 12", mode="worker"),
    LaterLine("MaxRequestWorkers 12", mode="worker"),
)


@pytest.mark.parametrize("later", LATER, ids=str)
def test_a_later_line_that_wins_is_refused(later: LaterLine, place: Path) -> None:
    httpd = LaidOutHttpd(place)
    (place / later.where).write_text(later.text + "\n")
    before = configuration(httpd)
    assert httpd.mpmtune("apply", "--mode", later.mode, "--yes", "-q") == 2
    assert configuration(httpd) == before


def changed(httpd: LaidOutHttpd, mpm: Mpm, between: Callable[[], None]) -> int:
    try:
        applied(httpd, mpm, between)
    except MpmtuneError as error:
        return code_of(error)
    return 0


def soon(condition: Callable[[], bool], then: Callable[[], None]) -> None:
    """Do something from another thread as soon as a condition holds."""

    def wait() -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if condition():
                then()
                return
            time.sleep(0.005)

    threading.Thread(target=wait, daemon=True).start()


def new_parent(httpd: LaidOutHttpd) -> Callable[[], bool]:
    before = httpd.pid
    return lambda: httpd.pid not in {None, before} and httpd.serves()


def kill_parent(httpd: LaidOutHttpd) -> None:
    soon(new_parent(httpd), lambda: os.kill(httpd.pid or 0, signal.SIGKILL))


def end_parent(httpd: LaidOutHttpd) -> None:
    soon(new_parent(httpd), lambda: os.kill(httpd.pid or 0, signal.SIGTERM))


def freeze_children(httpd: LaidOutHttpd) -> None:
    def freeze() -> None:
        for child in children_of(httpd.pid or 0):
            os.kill(child, signal.SIGSTOP)

    soon(new_parent(httpd), freeze)


def trap(text: str) -> Callable[[LaidOutHttpd], None]:
    def set_it(httpd: LaidOutHttpd) -> None:
        guarded = f"<IfModule mpm_event_module>\n{text}\n</IfModule>\n"
        (httpd.root / "conf-enabled/zzz.conf").write_text(guarded.replace("ROOT", str(httpd.root)))

    return set_it


LATE: dict[str, Callable[[LaidOutHttpd], None]] = {
    "the new parent is killed": kill_parent,
    "the new parent is ended": end_parent,
    "its children hang": freeze_children,
    "the media types are gone": trap("TypesConfig /nonexistent"),
    "the log program is gone": trap('ErrorLog "|/nonexistent/logger"'),
    "the access log is a directory": trap("CustomLog ROOT/www common"),
    "the pid file lies nowhere": trap("PidFile /nonexistent/httpd.pid"),
    "the scoreboard is too large": trap("ServerLimit 20000\nThreadLimit 20000"),
    "the stacks are too large": trap("ThreadStackSize 70368744177664"),
    "a value is lowered": trap("MaxRequestWorkers 60000"),
    "a value is lowered to its limit": trap("ThreadsPerChild 2000"),
    "a line that was not looked at": trap("KeepAliveTimeout 77"),
    "a line that is none": trap("NoSuchDirective"),
    "another port is asked for as well": trap("Listen 192.0.2.77:80"),
}


@pytest.mark.parametrize("late", LATE, ids=str)
def test_what_goes_wrong_after_the_look_is_never_a_success(late: str, place: Path) -> None:
    with LaidOutHttpd(place) as httpd:
        assert changed(httpd, Mpm.EVENT, lambda: LATE[late](httpd)) in {3, 4}
        assert not list(place.glob("mods-enabled/mpm_event.*"))
        assert not (place / "conf-available/zz-mpmtune.conf").exists()


def test_a_limit_that_the_running_parent_keeps_is_no_success(place: Path) -> None:
    """ServerLimit was edited after the start: a graceful restart cannot change it (AH00501)."""
    with LaidOutHttpd(place) as httpd:
        assert httpd.mpmtune("apply", "--mode", "event", "--yes", "-q") == 0
        snippet = place / "conf-available/zz-mpmtune.conf"
        text = snippet.read_text()
        name = "KeepAliveTimeout "
        snippet.write_text(text.replace("ServerLimit ", "ServerLimit 1").replace(name, f"{name}1"))
        planned = snippet.read_text()

        def between() -> None:
            pass

        code = changed(httpd, Mpm.EVENT, between)
        assert code in {0, 3}
        if code == 0:  # stopped and started: then it is in force
            assert "ServerLimit" in snippet.read_text()
        else:
            assert snippet.read_text() == planned


def test_there_are_forty() -> None:
    assert len(LATER) + len(LATE) >= 40
