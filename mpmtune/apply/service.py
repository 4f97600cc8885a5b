"""How the httpd at hand is ended and started: by itself, or by the systemd that runs it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmtune.detect.answers import parse_messages
from mpmtune.host.doorway import Absent, EntryKind
from mpmtune.host.httpd_binary import find_program, unit_job

if TYPE_CHECKING:
    from mpmtune.host.doorway import Answer, Command, Host
    from mpmtune.host.httpd_binary import Invocation
    from mpmtune.host.parent_process import ParentProcess

_BOOTED = "/run/systemd/system"  # sd_booted(3)
_UNIT = re.compile(rb"^(?:0::|\d+:name=systemd:).*/([\w@.:\\-]+\.service)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Service:
    """An httpd that can be ended and started again.

    Attributes:
        invocation: How httpd is called.
        systemctl: systemd's program, where systemd runs it; else None.
        unit: Its unit there.
    """

    invocation: Invocation
    systemctl: str | None = None
    unit: str = ""

    def start(self, host: Host) -> str:
        """Start it; give why that failed, empty when it did not."""
        return _failure(host, self._start())

    def stop(self, host: Host, parent: ParentProcess, drain_seconds: float) -> str:
        """End it and all its children; give why that failed, empty when it did not."""
        if self.systemctl is not None:
            return _failure(host, unit_job(self.systemctl, "stop", self.unit))
        try:
            ended = parent.stop(drain_seconds)
        except PermissionError:
            return "it belongs to another user"
        return "" if ended else f"process {parent.pid} does not end"

    @property
    def commands(self) -> tuple[str, str]:
        """What an administrator types to stop it and to start it."""
        if self.systemctl is not None:
            return f"systemctl stop {self.unit}", f"systemctl start {self.unit}"
        started = self.invocation.start()
        called = " ".join(started.argv[:-1])
        return f"{called} graceful-stop", f"{called} start"

    def _start(self) -> Command:
        if self.systemctl is not None:
            return unit_job(self.systemctl, "start", self.unit)
        return self.invocation.start()


def service_of(host: Host, invocation: Invocation, parent_pid: int | None) -> Service:
    """Find out who runs an httpd.

    Args:
        host: The machine.
        invocation: How it is called.
        parent_pid: Its parent; None when it is stopped.
    """
    booted = host.entry(_BOOTED)
    if isinstance(booted, Absent) or booted.kind is not EntryKind.DIRECTORY or parent_pid is None:
        return Service(invocation)
    groups = host.read(f"/proc/{parent_pid}/cgroup")
    match = None if isinstance(groups, Absent) else _UNIT.search(groups)
    systemctl = find_program(host, "systemctl")
    if match is None or systemctl is None:
        return Service(invocation)
    return Service(invocation, systemctl, match[1].decode("ascii"))


def _failure(host: Host, command: Command) -> str:
    answer: Answer | Absent = host.run(command)
    if isinstance(answer, Absent):
        return answer.why
    if answer.timed_out:
        return f"it did not answer within {command.timeout_seconds} s"
    if answer.status:
        said = " ".join(parse_messages(answer.stderr.decode("utf-8", "replace"))[-2:])
        return (
            f"it ended with {answer.status}: {said}" if said else f"it ended with {answer.status}"
        )
    return ""
