"""A real httpd started from a Debian or RHEL layout in a directory of the test's own."""

from __future__ import annotations

import os
import signal
import subprocess
import time
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from mpmtune.cli.app import run
from mpmtune.host.parent_process import ParentProcess
from tests.apply.laid_out import MODULES, debian, red_hat
from tests.live.private_httpd import binary, free_port, module_directory

if TYPE_CHECKING:
    from collections.abc import Callable

_PATIENCE = 20.0
_MODULES = ("authz_core", "mime", "dir", "status", "alias")


class LaidOutHttpd:
    """One httpd that ``mpmtune apply`` may change; use it as a context manager.

    Args:
        root: Its ServerRoot; a directory that only we may write to.
        make: Lays it out.
        more: Further directives.
        port: Where it listens; None for one that is free.
    """

    def __init__(
        self,
        root: Path,
        make: Callable[..., Path] = debian,
        more: str = "",
        port: int | None = None,
    ) -> None:
        module_directory()
        self.root = root
        self.port = port or free_port()
        root.chmod(0o755)
        (root / "www").mkdir()
        (root / "www/index.html").write_text("served\n")
        loads = "".join(
            f"LoadModule {name}_module {MODULES}/mod_{name}.so\n"
            for name in _MODULES
            if Path(MODULES, f"mod_{name}.so").exists()
        )
        user = "User #65534\nGroup #65534\n" if os.geteuid() == 0 else ""
        common = (
            f"Listen 127.0.0.1:{self.port}\n{loads}{user}DocumentRoot {root}/www\n"
            f"TypesConfig {root}/mime.types\nDirectoryIndex index.html\n"
            "ExtendedStatus On\n<Location /server-status>\nSetHandler server-status\n</Location>\n"
        )
        (root / "mime.types").write_text("text/html html\ntext/plain txt\n")
        self.conf = make(root, more=common + more)
        self.environment = {"PATH": "/usr/sbin:/usr/bin:/bin"}
        self.state = root.parent / f"{root.name}-state"

    def __enter__(self) -> LaidOutHttpd:  # noqa: PYI034 - Self is newer than Python 3.10
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def pid(self) -> int | None:
        """Its parent; None when it does not run."""
        with suppress(OSError, ValueError):
            pid = int((self.root / "httpd.pid").read_text())
            if os.path.basename(os.readlink(f"/proc/{pid}/exe")) == os.path.basename(binary()):
                return pid
        return None

    def call(self, *arguments: str) -> None:
        """Call the binary with this configuration."""
        subprocess.run(
            [binary(), "-d", str(self.root), "-f", str(self.conf), *arguments],
            check=True,
            capture_output=True,
            timeout=60,
            stdin=subprocess.DEVNULL,
            env=self.environment,
        )

    def start(self) -> None:
        """Start it in the background, and wait until it serves."""
        self.call("-k", "start")
        deadline = time.monotonic() + _PATIENCE
        while not self.serves() and time.monotonic() < deadline:
            time.sleep(0.02)

    def stop(self) -> None:
        """End it, by its own pid."""
        pid = self.pid
        if pid is None:
            return
        with suppress(ProcessLookupError), ParentProcess(pid) as parent:
            if not parent.stop(drain_seconds=0):
                os.kill(pid, signal.SIGKILL)

    def get(self, path: str = "/") -> str:
        """Get a page."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            text: str = answer.read().decode("latin-1")
            return text

    def serves(self) -> bool:
        """Tell whether it answers."""
        try:
            return self.get() == "served\n"
        except OSError:
            return False

    def mpm(self) -> str:
        """Tell which MPM it runs, as mod_status says."""
        return next(
            line.split()[1].lower()
            for line in self.get("/server-status?auto").splitlines()
            if line.startswith("ServerMPM:")
        )

    def arguments(self, command: str, *more: str) -> list[str]:
        """Give the command line of mpmtune for this server."""
        if command != "apply":
            return [command, "--state", str(self.state), *more]
        server = ("--httpd", binary(), "--conf", str(self.conf), "--server-root", str(self.root))
        return [
            "apply",
            *server,
            "--memory",
            "1GiB",
            "--cpus",
            "2",
            "--state",
            str(self.state),
            *more,
        ]

    def mpmtune(self, command: str, *more: str) -> int:
        """Run mpmtune here, and give its exit code."""
        return run(self.arguments(command, *more))


__all__ = ["LaidOutHttpd", "debian", "red_hat"]
