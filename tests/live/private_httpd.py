"""A private httpd for tests: own ServerRoot, 127.0.0.1, a free port, ended by pid.

It can be checked (``-t``), started, signalled, asked over HTTP, and made to show the values with
which it works: a small module of our own, built with apxs, asks the MPM.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mpmtune.model.server import Mpm

_BINARIES = ("apache2", "httpd")
_SEARCH = "/usr/sbin:/usr/local/apache2/bin:/usr/local/sbin:/usr/bin"
_MODULE_DIRECTORIES = (
    "/usr/lib/apache2/modules",
    "/usr/lib64/httpd/modules",
    "/usr/local/apache2/modules",
    "/usr/lib/httpd/modules",
)
# Shared in some distributions, compiled in elsewhere.
_NEEDED = ("unixd", "log_config", "authz_core")
_NOBODY = 65534
_PROBES = Path(__file__).parent / "probe"
_LINE = re.compile(
    r"(?:^\[[^\]]*\] \[[^\]]*\] \[pid [^\]]*\] )?(?:\(\d+\)[^:]*: )?(AH\d{5}): (.*)$"
)
_UP = "resuming normal operations"
_PATIENCE = 20.0


@dataclass(frozen=True)
class Checked:
    """The answer of ``httpd -t``.

    Attributes:
        exit: Its exit code; 0 is accepted.
        stderr: What it said.
        values: Name → number in force after check_config; empty when it refused.
    """

    exit: int
    stderr: str
    values: Mapping[str, int]

    @property
    def messages(self) -> list[tuple[str, str]]:
        """AH number and text of each line that has a number."""
        return messages_in(self.stderr)


def messages_in(text: str) -> list[tuple[str, str]]:
    """Take AH number and text out of console or error log lines, in order."""
    found = (_LINE.match(line) for line in text.splitlines())
    return [(match[1], match[2]) for match in found if match]


@cache
def binary() -> str:
    """Find the httpd binary, or skip the test."""
    for name in _BINARIES:
        found = shutil.which(name, path=_SEARCH)
        if found:
            return found
    pytest.skip("no httpd is installed here")


@cache
def module_directory() -> str:
    """Find the directory of its modules, or skip the test."""
    for directory in _MODULE_DIRECTORIES:
        if Path(directory, "mod_mpm_event.so").exists():
            return directory
    pytest.skip("the MPMs of the httpd here are not shared modules")


@cache
def version() -> tuple[int, ...]:
    """Give the version of the binary."""
    said = subprocess.run([binary(), "-v"], capture_output=True, text=True, check=True, timeout=20)
    match = re.search(r"Apache/([0-9.]+)", said.stdout)
    assert match is not None
    return tuple(int(part) for part in match[1].split("."))


def probe() -> str:
    """Build the module that shows the values in force, once a session, or skip the test."""
    return built("mod_inforce")


@cache
def built(module: str) -> str:
    """Build a module of ours, ``probe/MODULE.c``, once a session, or skip the test."""
    apxs = shutil.which("apxs") or shutil.which("apxs2")
    if apxs is None:
        pytest.skip("apxs is not installed here, so httpd cannot be asked from inside")
    directory = tempfile.mkdtemp(prefix="mpmtune-probe-")
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    shutil.copy(_PROBES / f"{module}.c", directory)
    subprocess.run(
        [apxs, "-c", f"{module}.c"], cwd=directory, check=True, capture_output=True, timeout=120
    )
    return str(Path(directory, ".libs", f"{module}.so"))


def free_port() -> int:
    """Give a port that nothing listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


class PrivateHttpd:
    """One httpd of our own; use it as a context manager.

    Args:
        mpm: The MPM that is loaded.
        directives: Configuration text placed after what every server here needs.
        modules: Further modules by the name of their file: ``http2``, ``macro``.
    """

    def __init__(self, mpm: Mpm, directives: str, modules: Sequence[str] = ()) -> None:
        self.mpm = mpm
        self.directives = directives
        self.modules = modules
        self.port = free_port()
        self.root = Path(tempfile.mkdtemp(prefix="mpmtune-httpd-"))
        self.root.chmod(0o755)
        self.first_line = 0
        self._parent: subprocess.Popen[bytes] | None = None
        self._generation = 0

    def __enter__(self) -> PrivateHttpd:  # noqa: PYI034 - Self is newer than Python 3.10
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self.root, ignore_errors=True)

    @property
    def conf(self) -> Path:
        """The configuration file, written anew by each call that reads it."""
        return self.root / "httpd.conf"

    @property
    def pid(self) -> int:
        """The parent's pid."""
        assert self._parent is not None
        return self._parent.pid

    def check(self, *arguments: str) -> Checked:
        """Ask ``httpd -t``; ``-e info`` among the arguments shows deprecated names too."""
        self.write()
        said = subprocess.run(
            [binary(), "-f", str(self.conf), "-t", *arguments],
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=60,
            env=_environment(),
        )
        return Checked(said.returncode, said.stderr, _values(said.stdout))

    def start(self) -> None:
        """Start it, and wait until it serves.

        Raises:
            RuntimeError: if it ends by itself; the text is what it said.
        """
        self.write()
        with (self.root / "console").open("wb") as console:
            self._parent = subprocess.Popen(
                [binary(), "-f", str(self.conf), "-DFOREGROUND"],
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=console,
                start_new_session=True,
                env=_environment(),
            )
        self.wait_for(_UP)

    def reload(self, directives: str, *, graceful: bool = True) -> str:
        """Change the directives, restart, and give what the error log says from then on."""
        before = len(self.error_log())
        ups = self.error_log().count(_UP)
        self.directives = directives
        self.write()
        os.kill(self.pid, signal.SIGUSR1 if graceful else signal.SIGHUP)
        self._generation += 1
        self.wait_for(_UP, times=ups + 1)
        return self.error_log()[before:]

    def wait_for(self, text: str, *, times: int = 1) -> None:
        """Wait until the error log holds a text so many times.

        Raises:
            RuntimeError: if httpd ends before, or it takes too long.
        """
        deadline = time.monotonic() + _PATIENCE
        while self.error_log().count(text) < times:
            assert self._parent is not None
            if self._parent.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(self.console() + self.error_log())
            time.sleep(0.01)

    def ended(self) -> int:
        """Wait until httpd ends by itself, and give its exit code."""
        assert self._parent is not None
        return self._parent.wait(_PATIENCE)

    def get(self, path: str = "/values") -> str:
        """Get a page as text."""
        url = f"http://127.0.0.1:{self.port}{path}"
        with urllib.request.urlopen(url, timeout=10) as answer:
            text: str = answer.read().decode("latin-1")
            return text

    def values(self) -> Mapping[str, int]:
        """Give the values that the running MPM works with; time-outs in microseconds.

        After a graceful restart an old child may still answer: one of the new is waited for.
        """
        deadline = time.monotonic() + _PATIENCE
        while True:
            values = _values(self.get("/values"))
            if values["generation"] >= self._generation or time.monotonic() > deadline:
                return values
            time.sleep(0.01)

    def children(self) -> list[int]:
        """Give the pids of the parent's children."""
        path = Path(f"/proc/{self.pid}/task/{self.pid}/children")
        return [int(word) for word in path.read_text().split()]

    def console(self) -> str:
        """Give what a started httpd said on the console."""
        path = self.root / "console"
        return path.read_text(errors="replace") if path.exists() else ""

    def error_log(self) -> str:
        """Give the error log so far."""
        path = self.root / "error.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def stop(self) -> None:
        """End the parent that was started, and what it leaves behind; by pid."""
        parent, self._parent = self._parent, None
        if parent is None:
            return
        if parent.poll() is None:
            parent.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                parent.wait(10)
            if parent.poll() is None:
                parent.kill()
                parent.wait(10)
        for pid in _session(parent.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def write(self) -> None:
        """Write the configuration in one step."""
        before = "\n".join(self._lines())
        self.first_line = before.count("\n") + 2
        fresh = self.root / "httpd.conf.new"
        fresh.write_text(f"{before}\n{self.directives}\n", encoding="latin-1")
        fresh.rename(self.conf)

    def _lines(self) -> Iterator[str]:
        yield f'ServerRoot "{self.root}"'
        yield f'DefaultRuntimeDir "{self.root}"'
        yield f'PidFile "{self.root}/httpd.pid"'
        yield f'ErrorLog "{self.root}/error.log"'
        yield "ServerName localhost"
        yield f"Listen 127.0.0.1:{self.port}"
        for name in (f"mpm_{self.mpm.value}", *_NEEDED, *self.modules):
            file = Path(module_directory(), f"mod_{name}.so")
            if file.exists():
                yield f"LoadModule {name}_module {file}"
            elif name in self.modules:
                pytest.skip(f"mod_{name} is not installed here")
        yield f"LoadModule inforce_module {probe()}"
        if os.geteuid() == 0:
            yield f"User #{_NOBODY}\nGroup #{_NOBODY}"
        yield '<Location "/values">\nSetHandler values-in-force\n</Location>'


def _values(text: str) -> dict[str, int]:
    words = (line.split() for line in text.splitlines())
    return {pair[0]: int(pair[1]) for pair in words if len(pair) == 2}


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", _SEARCH), "LANG": "C"}


def _session(leader: int) -> list[int]:
    """Find what is left of the session that a parent of ours began."""
    left: list[int] = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, IndexError):
                stat = (entry / "stat").read_text()
                state, _, _, session = stat[stat.rindex(")") + 2 :].split()[:4]
                if int(session) == leader and state != "Z":
                    left.append(int(entry.name))
    return left
