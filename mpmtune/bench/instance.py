"""A private httpd: own ServerRoot, ports of 127.0.0.1, ended with the bench."""

from __future__ import annotations

import re
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mpmtune.bench.ports import free_port
from mpmtune.bench.processes import Running, Task, children_of, tree_of
from mpmtune.bench.site import LOG_FORMAT, configuration
from mpmtune.bench.workspace import note
from mpmtune.errors import HttpdError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.bench.programs import Programs
    from mpmtune.bench.scale import Scale
    from mpmtune.bench.scenario import Site
    from mpmtune.model.httpd import Mpm

_UP = "resuming normal operations"
_PATIENCE = 15.0
_TICK = 0.01
_EVENT = re.compile(r"\b(AH\d{5}): ")
# Said at every start and stop.
_USUAL = frozenset(
    [
        "AH00094",
        "AH00163",
        "AH00169",
        "AH00292",
        "AH00489",
        "AH01882",
        "AH01906",
        "AH01909",
        "AH10034",
    ]
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where servers of a workload are run.

    Attributes:
        root: Their ServerRoot, with what they serve.
        programs: What is used.
        scale: Which CPUs they have.
    """

    root: Path
    programs: Programs
    scale: Scale


@dataclass(frozen=True, slots=True)
class Setting:
    """Settings to be measured.

    Attributes:
        name: ``plan``, ``debian``…
        mpm: The MPM that they are for.
        directives: The directives.
        origin: Where they come from, in one clause.
        role: ``named`` or ``grid``.
    """

    name: str
    mpm: Mpm
    directives: str
    origin: str = ""
    role: str = "named"


class RefusedError(Exception):
    """httpd does not start with a setting; the text is what it said."""


@dataclass(frozen=True, slots=True)
class Instance:
    """A running private httpd.

    Attributes:
        running: The parent.
        root: Its ServerRoot.
        port: Where it listens on 127.0.0.1.
        tls_port: With TLS; 0 without.
    """

    running: Running
    root: Path
    port: int
    tls_port: int

    @property
    def pid(self) -> int:
        """The parent's pid."""
        return self.running.pid

    def children(self) -> int:
        """Count the children."""
        return len(children_of(self.pid))

    def tasks(self) -> int:
        """Count the processes and threads."""
        return sum(_tasks(pid) for pid in tree_of(self.pid))

    def events(self) -> tuple[str, ...]:
        """Give the AH numbers that tell of trouble, each once."""
        with suppress(OSError):
            text = (self.root / "error.log").read_text(errors="replace")
            return tuple(sorted(set(_EVENT.findall(text)) - _USUAL))
        return ()


@contextmanager
def serving(
    place: Place, site: Site, setting: Setting, *, logged: bool = False
) -> Iterator[Instance]:
    """Run httpd with a setting until the end of the ``with``.

    Args:
        place: Where.
        site: What it serves; written there already.
        setting: Its settings.
        logged: Write an access log, ``access.log``; it costs a few per cent.

    Raises:
        RefusedError: when httpd does not take the setting.
        HttpdError: when it cannot be started at all.
    """
    root = place.root
    for name in ("error.log", "access.log", "httpd.pid"):
        (root / name).unlink(missing_ok=True)
    port, tls_port = free_port(), free_port() if site.tls else 0
    conf = root / "httpd.conf"
    lines = (
        *configuration(site, root, place.programs, setting.mpm),
        *_own(root, port, tls_port, logged),
        setting.directives,
    )
    conf.write_text("\n".join(lines) + "\n", encoding="utf-8")
    running = Running(_task(place, conf))
    note(root.parent, running.pid)
    instance = Instance(running, root, port, tls_port)
    try:
        _wait(instance)
        yield instance
    finally:
        running.stop()


def _tasks(pid: int) -> int:
    with suppress(OSError):
        return len(list(Path(f"/proc/{pid}/task").iterdir()))
    return 0


def _task(place: Place, conf: Path) -> Task:
    argv = [place.programs.httpd, "-d", str(place.root), "-f", str(conf), "-DFOREGROUND"]
    # Without it PHP would read the ini files of the system too.
    return Task(
        argv,
        place.root / "httpd.said",
        place.scale.server,
        environment=(("PHP_INI_SCAN_DIR", ""),),
    )


def _own(root: Path, port: int, tls_port: int, logged: bool) -> Iterator[str]:  # noqa: FBT001 - passed on
    yield f"Listen 127.0.0.1:{port}"
    if tls_port:
        yield f"Listen 127.0.0.1:{tls_port}"
        yield f"<VirtualHost 127.0.0.1:{tls_port}>"
        yield f'SSLEngine on\nSSLCertificateFile "{root}/server.pem"\n</VirtualHost>'
        yield 'SSLSessionCache "shmcb:{root}/sessions(512000)"'.replace("{root}", str(root))
    if logged:
        yield f'CustomLog "{root}/access.log" "{LOG_FORMAT}"'


def _wait(instance: Instance) -> None:
    """Wait until it serves."""
    deadline = time.monotonic() + _PATIENCE
    log = instance.root / "error.log"
    while not (log.exists() and _UP in log.read_text(errors="replace")):
        if instance.running.ended:
            raise RefusedError(_complaint(instance, log))
        if time.monotonic() > deadline:
            raise HttpdError("The private httpd did not start in 15 seconds.")
        time.sleep(_TICK)


def _complaint(instance: Instance, log: Path) -> str:
    """Give the last thing that httpd said, with the lines that belong to it."""
    logged = log.read_text(errors="replace") if log.exists() else ""
    lines = (instance.running.said() + logged).strip().splitlines()
    numbered = [at for at, line in enumerate(lines) if _EVENT.search(line)]
    return " ".join(lines[numbered[-1] if numbered else -1 :]) or "it says nothing"
