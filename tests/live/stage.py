"""A private httpd with its configuration and its state, set up anew for each trial."""

from __future__ import annotations

import os
import re
import shutil
import signal
import time
from contextlib import suppress
from dataclasses import replace
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import TYPE_CHECKING

from mpmtune.apply.changeset import planned_changes
from mpmtune.apply.entry import Kind
from mpmtune.apply.layouts import ByHand, read_layout
from mpmtune.apply.new_entry import new_entry
from mpmtune.apply.state_directory import state_directory
from mpmtune.cli import exit_codes
from mpmtune.detect.choice import Choice
from mpmtune.detect.facts import detect_facts
from mpmtune.host.listening import refusal_to_bind
from mpmtune.host.local import LocalHost
from mpmtune.model.changes import Regular
from mpmtune.model.server import Mpm, Server
from mpmtune.plan.planner import plan
from tests.apply import faults
from tests.apply.faults import Scene
from tests.live.laid_out_httpd import LaidOutHttpd
from tests.live.private_httpd import binary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mpmtune.apply.entry import Entry

_PATIENCE = 20.0
_MPM = re.compile(r"/mod_mpm_(\w+)\.so")
SNIPPET = "conf-available/zz-mpmtune.conf"


class Stage:
    """A private httpd, and how its configuration and its state lie there before a command.

    Args:
        place: A directory of its own that other users may enter.
    """

    def __init__(self, place: Path) -> None:
        self.directory = place / "scene"
        root = self.directory / "etc"
        root.mkdir(parents=True)
        self._template = place / "template"
        self.httpd = LaidOutHttpd(root, port=_port_to_keep())
        shutil.copytree(root, self._template, symlinks=True)
        self._parent: int | None = None

    def end_all(self) -> None:
        """End whatever was started for this scene, by pid."""
        deadline = time.monotonic() + _PATIENCE
        while (left := [pid for pid, _ in self._processes()]) and time.monotonic() < deadline:
            for pid in left:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.01)

    def lay_out(self) -> None:
        """Put the first configuration there; nothing runs."""
        self.end_all()
        self._parent = None
        shutil.copytree(self._template, self.httpd.root, symlinks=True)

    def start(self) -> None:
        """Start httpd with what lies there."""
        self.httpd.start()
        self._parent = self.httpd.pid

    def says(self) -> str:
        """Tell the MPM in the parent's memory, and what an answer tells of the values in force."""
        pid = self.httpd.pid
        try:
            if pid is None:
                return ""
            loaded = _MPM.search(Path(f"/proc/{pid}/maps").read_text())
            told = self._answer()
        except (OSError, HTTPException):
            return ""
        others = [one for one in self._parents() if one[0] != pid]
        return f"{loaded and loaded[1]}, {told}" + (f", beside {others}" if others else "")

    def untouched(self) -> bool:
        """Tell whether the parent is the one that was started last."""
        return self.httpd.pid == self._parent

    def _answer(self) -> str:
        connection = HTTPConnection("127.0.0.1", self.httpd.port, timeout=10)
        with suppress(OSError):
            connection.request("GET", "/", headers={"Connection": "keep-alive"})
            answer = connection.getresponse()
            body = answer.read().decode("latin-1").strip()
            kept = answer.getheader("Keep-Alive", "not kept alive")
            connection.close()
            return f"{body}, {kept}"
        return "no answer"

    def _processes(self) -> Iterator[tuple[int, bytes]]:
        """Find the processes that were called with a path of this scene, the dead left out."""
        mark = os.fsencode(self.directory)
        for name in filter(str.isdigit, os.listdir("/proc")):
            with suppress(OSError):
                called = Path(f"/proc/{name}/cmdline").read_bytes()
                if mark in called and int(name) != os.getpid():
                    yield int(name), called

    def _parents(self) -> Iterator[tuple[int, int]]:
        """Find the httpds of this scene that are not children of another, each with its parent.

        A trial start takes a moment to end; its processes are in a namespace of their own.
        """
        program = os.fsencode(binary())
        found = {pid for pid, called in self._processes() if called.startswith(program)}
        found = {pid for pid in found if _is_here(pid)}
        for pid in found:
            with suppress(OSError):
                above = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
                if above not in found:
                    yield pid, above

    def change_to(self, mpm: Mpm) -> Entry:
        """Work out the change to an MPM, from what lies there and runs."""
        host = LocalHost()
        facts = detect_facts(host, Choice(binary(), str(self.httpd.conf), str(self.httpd.root)))
        assert isinstance(facts.server, Server)
        layout = read_layout(host, facts.server)
        assert not isinstance(layout, ByHand)
        changes = planned_changes(plan(mpm, "", facts), facts.server, layout)
        made = new_entry(Kind.APPLY, "a change", layout.root, changes)
        return replace(made, httpd=binary(), conf=str(self.httpd.conf))

    def read_planned(self, tree: Path) -> dict[str, str]:
        """Look at the configuration; values are as the change says that is under way, or was.

        What is measured before a plan is made, and so the plan, is not the same in every run.
        """
        found = faults.fingerprint(tree)
        if not self.httpd.state.exists():
            return found
        with state_directory(str(self.httpd.state)) as state:
            entries = (*state.history(), *filter(None, [state.journal()]))
        for planned in (entry.changes.after.get(str(tree / SNIPPET)) for entry in entries):
            if isinstance(planned, Regular) and SNIPPET in found:
                text = planned.content.decode("latin-1")
                found[SNIPPET] = found[SNIPPET].replace(text, "as planned")
        return found

    def recover(self) -> int:
        """Put right what a command has left; a watchdog may be about it."""
        deadline = time.monotonic() + _PATIENCE
        while True:
            code = self.httpd.mpmtune("recover", "-q")
            if code != exit_codes.LOCKED or time.monotonic() > deadline:
                return code
            time.sleep(0.1)

    def scene(self, make: Callable[[], None], *command: str) -> Scene:
        """Make a scene of it."""

        def made(_: Path) -> None:
            self.lay_out()
            make()

        root, conf = self.httpd.root, self.httpd.conf
        return Scene(self.directory, made, command, self.recover, root, conf, self)

    def mpmtune(self, make: Callable[[], None], command: str, *more: str) -> Scene:
        """Make a scene of a command of mpmtune's."""
        line = faults.python("-m", "mpmtune", *self.httpd.arguments(command, *more))
        return self.scene(make, *line)


def _is_here(pid: int) -> bool:
    with suppress(OSError):
        return os.path.samefile(f"/proc/{pid}/ns/pid", "/proc/self/ns/pid")
    return False


def _port_to_keep() -> int:
    """Find a free port that no client is given for its own end: it is free in the next trial too."""
    given = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    # Two that are started one after the other begin far from each other.
    first = given - 1 - os.getpid() * 61 % 8000
    for port in range(first, 1024, -1):
        if not refusal_to_bind("127.0.0.1", port):
            return port
    raise AssertionError("every port is taken")
