"""A process that outlives the login from which it was started."""

from __future__ import annotations

import errno
import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_BOOTED = "/run/systemd/system"  # sd_booted(3)
_SYSTEMD_RUN = "/usr/bin/systemd-run"
_SECONDS = 10
_ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"}


def start_detached(arguments: Sequence[str], name: str) -> None:
    """Start a program that no hang-up of ours reaches, with no input and no output.

    Where systemd runs, it is made a unit of its own: what belongs to a login can be killed with
    the login (logind.conf, KillUserProcesses).

    Args:
        arguments: Program and arguments.
        name: For the unit.

    Raises:
        OSError: if it cannot be started.
    """
    if os.path.isdir(_BOOTED) and os.geteuid() == 0 and os.access(_SYSTEMD_RUN, os.X_OK):
        run = (_SYSTEMD_RUN, "--quiet", "--collect", f"--unit={name}", *arguments)
        try:
            made = subprocess.run(
                run, env=_ENVIRONMENT, check=False, timeout=_SECONDS, capture_output=True
            )
        except subprocess.TimeoutExpired:
            raise TimeoutError(errno.ETIMEDOUT, "systemd-run does not answer") from None
        if not made.returncode:
            return
    # A shell in between, which ends at once: what it leaves is nobody's child but init's.
    left = ("/bin/sh", "-c", '"$@" &', "sh", *arguments)
    nothing = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_RDWR, 0) for stream in range(3)]
    shell = os.posix_spawn(left[0], left, _ENVIRONMENT, file_actions=nothing, setsid=True)
    os.waitpid(shell, 0)
