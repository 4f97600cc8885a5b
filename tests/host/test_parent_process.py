from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from mpmtune.host.parent_process import ParentProcess, children_of, shares_network, tasks_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Ends its child and itself at WINCH, as httpd does when nothing is in work.
GRACEFUL = """
import os, signal, sys, time
child = os.fork()
if not child:
    time.sleep(60)
    os._exit(0)
def drained(*_):
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
signal.signal(signal.SIGWINCH, drained)
signal.signal(signal.SIGUSR1, lambda *_: print("reading", flush=True))
print("up", flush=True)
while True:
    time.sleep(1)
"""
DEAF = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("up", flush=True)
time.sleep(60)
"""


def started(program: str) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    return process


@pytest.fixture
def graceful() -> Iterator[subprocess.Popen[str]]:
    process = started(GRACEFUL)
    children = children_of(process.pid)
    yield process
    process.kill()
    for child in children:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    process.communicate()


def test_a_parent_is_alive_until_it_ends(graceful: subprocess.Popen[str]) -> None:
    with ParentProcess(graceful.pid) as parent:
        assert parent.alive
        graceful.kill()
        assert parent.ended_within(10)
        assert not parent.alive


def test_a_graceful_restart_is_one_signal(graceful: subprocess.Popen[str]) -> None:
    assert graceful.stdout is not None
    with ParentProcess(graceful.pid) as parent:
        parent.graceful()
        assert graceful.stdout.readline() == "reading\n"
        assert parent.alive


def test_a_parent_whose_children_are_done_is_not_waited_for(
    graceful: subprocess.Popen[str],
) -> None:
    (child,) = children_of(graceful.pid)
    assert tasks_of(child) == 1
    began = time.monotonic()
    with ParentProcess(graceful.pid) as parent:
        assert parent.stop(drain_seconds=30)
    assert time.monotonic() - began < 20
    assert graceful.wait() == -signal.SIGTERM
    assert tasks_of(child) == 0


def test_a_process_that_does_not_end_is_told() -> None:
    process = started(DEAF)
    try:
        with ParentProcess(process.pid, patience_seconds=0.2) as parent:
            assert not parent.stop(drain_seconds=0)
            assert parent.alive
    finally:
        process.kill()
        process.communicate()


def test_a_process_is_known_by_what_it_runs(
    graceful: subprocess.Popen[str], tmp_path: Path
) -> None:
    link = tmp_path / "link"
    link.symlink_to(sys.executable)
    with ParentProcess(graceful.pid) as parent:
        assert parent.runs(sys.executable)
        assert parent.runs(str(link))
        assert not parent.runs("/bin/sh")
        graceful.kill()
        graceful.wait()
        assert not parent.runs(sys.executable)


def test_a_binary_that_was_exchanged_is_still_known(tmp_path: Path) -> None:
    binary = tmp_path / "sleep"
    shutil.copy("/bin/sleep", binary)
    with subprocess.Popen([binary, "60"]) as process:
        binary.unlink()
        with ParentProcess(process.pid) as parent:
            assert parent.runs(str(binary))
        process.kill()


def test_processes_have_our_network_unless_it_is_seen_to_be_another() -> None:
    assert shares_network(os.getpid())
    assert shares_network(2**22 - 1)


def test_a_process_that_is_gone_cannot_be_held() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    with pytest.raises(ProcessLookupError):
        ParentProcess(process.pid)
    assert children_of(process.pid) == ()
    assert tasks_of(process.pid) == 0
    assert os.getpid() != process.pid
