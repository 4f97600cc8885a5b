from __future__ import annotations

import subprocess
import sys

import pytest

from mpmtune.apply.service import Service, service_of
from mpmtune.host.doorway import Answer
from mpmtune.host.httpd_binary import Invocation
from mpmtune.host.parent_process import ParentProcess
from tests.detect.a_host import AHost

CALLED = Invocation("/usr/sbin/apache2", "/etc/apache2", "/etc/apache2/apache2.conf", ("SSL",))
BOOTED = {"/run/systemd/system/x": "", "/usr/bin/systemctl": ""}
START = "/usr/sbin/apache2 -d /etc/apache2 -f /etc/apache2/apache2.conf -D SSL -k start"


@pytest.mark.parametrize(
    "group",
    [
        "0::/system.slice/apache2.service\n",
        "7:memory:/x\n1:name=systemd:/system.slice/apache2.service\n",
    ],
)
def test_an_httpd_that_systemd_runs_is_ended_and_started_by_systemd(group: str) -> None:
    host = AHost(files={**BOOTED, "/proc/812/cgroup": group})
    found = service_of(host, CALLED, 812)
    assert found == Service(CALLED, "/usr/bin/systemctl", "apache2.service")
    assert found.commands == ("systemctl stop apache2.service", "systemctl start apache2.service")
    host.answers["/usr/bin/systemctl start apache2.service"] = Answer(0, b"", b"")
    assert found.start(host) == ""


@pytest.mark.parametrize(
    ("files", "pid"),
    [
        ({"/proc/812/cgroup": "0::/system.slice/apache2.service\n"}, 812),
        ({**BOOTED, "/proc/812/cgroup": "0::/user.slice/session-3.scope\n"}, 812),
        (BOOTED, 812),
        (BOOTED, None),
        ({"/run/systemd/system/x": "", "/proc/812/cgroup": "0::/a.service\n"}, 812),
    ],
)
def test_every_other_httpd_does_it_itself(files: dict[str, str | bytes], pid: int | None) -> None:
    found = service_of(AHost(files=files), CALLED, pid)
    assert found == Service(CALLED)
    stop, start = found.commands
    assert stop == START.replace("start", "graceful-stop")
    assert start == START


def test_why_it_does_not_start_is_httpds_own_word() -> None:
    host = AHost()
    assert Service(CALLED).start(host) == "no such program"
    host.answers[START] = Answer(
        1, b"", b"AH00072: make_sock: could not bind\nUnable to open logs\n"
    )
    assert Service(CALLED).start(host) == (
        "it ended with 1: AH00072: make_sock: could not bind Unable to open logs"
    )
    host.answers[START] = Answer(1, b"", b"")
    assert Service(CALLED).start(host) == "it ended with 1"
    host.answers[START] = Answer(-9, b"", b"", timed_out=True)
    assert Service(CALLED).start(host) == "it did not answer within 10 s"


def test_a_process_that_does_not_end_is_named() -> None:
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print('up'); time.sleep(60)"
    process = subprocess.Popen([sys.executable, "-uc", deaf], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    try:
        with ParentProcess(process.pid, patience_seconds=0.2) as parent:
            why = Service(CALLED).stop(AHost(), parent, 0)
        assert why == f"process {process.pid} does not end"
    finally:
        process.kill()
        process.communicate()
    short = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    with ParentProcess(short.pid) as parent:
        assert Service(CALLED).stop(AHost(), parent, 0) == ""
    short.wait()
