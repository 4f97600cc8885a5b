"""Settings by the names that the command line has for them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from mpmtune.bench.instance import Setting
from mpmtune.bench.learning import PLAN
from mpmtune.bench.rivals import RIVALS
from mpmtune.bench.settings import debian, written
from mpmtune.errors import InputError, UsageError
from mpmtune.host.doorway import Absent
from mpmtune.host.local import LocalFiles, LocalHost
from mpmtune.host.trust import distrust
from mpmtune.model.server import Mpm, Server
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from mpmtune.bench.measure import Stage
    from mpmtune.model.facts import Facts

CURRENT = "current"
DEBIAN = "debian"
BUILTIN = "builtin"
FILE = "file:"
# Of the directives in force, those that decide how many are served at once, and for how long.
_COPIED = (
    "ServerLimit",
    "ThreadLimit",
    "ThreadsPerChild",
    "MaxRequestWorkers",
    "StartServers",
    "MinSpareServers",
    "MaxSpareServers",
    "MinSpareThreads",
    "MaxSpareThreads",
    "MaxConnectionsPerChild",
    "AsyncRequestWorkerFactor",
    "KeepAlive",
    "KeepAliveTimeout",
    "MaxKeepAliveRequests",
    "Timeout",
)


def check(name: str) -> None:
    """Check the name of a setting before anything is started.

    Raises:
        UsageError: when there is no such setting.
        InputError: when its file cannot be read, or others may write to it.
    """
    if name.startswith(FILE):
        _read(name.removeprefix(FILE))
    elif name not in {PLAN, CURRENT, DEBIAN, BUILTIN, *RIVALS}:
        raise UsageError(
            f"--setting {printable(name)} is no setting.",
            f"Give plan, current, debian, builtin, {', '.join(RIVALS)} or file:PATH.",
        )


def named(name: str, stage: Stage, remarks: list[str]) -> Setting | None:
    """Give a setting for the MPM of a stage; None, and a remark why, where it has none.

    Raises:
        InputError: when its file cannot be read.
    """
    mpm = stage.scenario.mpm
    if name == DEBIAN:
        return Setting(name, mpm, debian(mpm), "as Debian and Ubuntu ship it")
    if name == BUILTIN:
        return Setting(name, mpm, "", "httpd's own defaults")
    if name.startswith(FILE):
        path = name.removeprefix(FILE)
        return Setting(name, mpm, _read(path), printable(path))
    directives = current(_facts_of_system(), mpm)
    if directives is None:
        remarks.append(f"The httpd of this system does not run {mpm.value}: current is left out.")
        return None
    return Setting(name, mpm, directives, "the values in force in the httpd of this system")


def current(facts: Facts, mpm: Mpm) -> str | None:
    """Write the values that are in force in a server; None where it has another MPM."""
    server = facts.server
    if not isinstance(server, Server) or server.mpm is not mpm:
        return None
    found = {one.directive: one.value for one in server.settings}
    return written({name: _argument(found[name]) for name in _COPIED if name in found})


def _argument(value: float | str) -> int | str:
    return value if isinstance(value, str) else int(value)


def _facts_of_system() -> Facts:
    from mpmtune.detect.choice import Choice
    from mpmtune.detect.facts import detect_facts

    return detect_facts(LocalHost(), Choice())


def _read(path: str) -> str:
    """Read directives; httpd will be run with them, so only root and the caller may write them."""
    files = LocalFiles()
    absolute = str(Path(path).absolute())
    content = files.read(absolute)
    if isinstance(content, Absent):
        raise InputError(
            f"{printable(path)} cannot be read: {content.why}.",
            "Name a file of directives, as mpmtune recommend -f conf writes it.",
        )
    why = distrust(files, os.geteuid(), (absolute,))
    if why:
        raise InputError(
            f"httpd is not run with {printable(path)}: {why}.",
            "Put it where only you and root may write.",
        )
    return content.decode("utf-8", "replace")
