"""What mod_status says, asked over loopback where the configuration offers it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mpmtune.detect.handlers import plain_ports, status_place
from mpmtune.host.doorway import Absent
from mpmtune.model.server import StatusSample
from mpmtune.model.unknown import Unknown

if TYPE_CHECKING:
    from mpmtune.host.doorway import Host
    from mpmtune.model.config import Tree
    from mpmtune.model.server import Instance

_WHAT = "httpd.status"
_HTTP_OK = 200
_LINE = re.compile(r"([A-Za-z][A-Za-z ]{0,40}): (\d{1,15})(?:\.\d{1,9})?")
_SCOREBOARD = re.compile(r"^Scoreboard: (?P<places>[_SRWKDCLGI. ]*)$", re.MULTILINE)
_REQUIRED = frozenset({"BusyWorkers", "IdleWorkers"})
# Its clock starts at the last restart; a second or two lie between that and the fork.
_SLACK_SECONDS = 10


def parse_status(url: str, body: bytes) -> StatusSample | None:
    """Read ``server-status?auto``; None when it is something else.

    Only whole lines of a known form count, and no number has more than 15 digits.
    """
    text = body.decode("ascii", "replace")
    fields = {
        match[1]: int(match[2]) for line in text.splitlines() if (match := _LINE.fullmatch(line))
    }
    scoreboard = _SCOREBOARD.search(text)
    # The first one only with ExtendedStatus, the second one only in newer versions.
    uptime = fields.get("Uptime", fields.get("ServerUptimeSeconds"))
    if not fields.keys() >= _REQUIRED or scoreboard is None or uptime is None:
        return None
    return StatusSample(
        url=url,
        uptime_seconds=uptime,
        busy_workers=fields["BusyWorkers"],
        idle_workers=fields["IdleWorkers"],
        total_accesses=fields.get("Total Accesses"),
        processes=fields.get("Processes"),
        stopping=fields.get("Stopping"),
        conns_total=fields.get("ConnsTotal"),
        conns_async_writing=fields.get("ConnsAsyncWriting"),
        conns_async_keepalive=fields.get("ConnsAsyncKeepAlive"),
        conns_async_closing=fields.get("ConnsAsyncClosing"),
        places=_places(scoreboard["places"], fields.get("Stopping")),
    )


def _places(scoreboard: str, stopping: int | None) -> int | None:
    """Count the workers that there may be; children that end stand beyond MaxRequestWorkers."""
    return None if "G" in scoreboard or stopping else len(scoreboard)


def detect_status(host: Host, tree: Tree, instance: Instance) -> StatusSample | Unknown:
    """Ask each plain port that the configuration names, until this httpd answers."""
    place = status_place(tree)
    if place is None:
        return Unknown(_WHAT, "the configuration offers no SetHandler server-status")
    ports = plain_ports(tree)
    if not ports:
        return Unknown(_WHAT, "it listens for plain HTTP on no loopback port")
    why = ""
    for port in ports:
        sample = _ask(host, port, place, instance)
        if isinstance(sample, StatusSample):
            return sample
        why = why or sample
    return Unknown(_WHAT, why)


def _ask(host: Host, port: int, place: tuple[str, str], instance: Instance) -> StatusSample | str:
    """Ask one port; give the answer, or why there is none."""
    path, name = place
    url = f"http://127.0.0.1:{port}{path}?auto"
    answer = host.loopback_get(port, f"{path}?auto", name)
    if isinstance(answer, Absent):
        return f"{url}: {answer.why}"
    if answer.status != _HTTP_OK:
        return f"{url} answered with status {answer.status}"
    sample = parse_status(url, answer.stdout)
    if sample is None:
        return f"{url} answered with something else"
    uptime = instance.uptime_seconds
    if uptime is not None and sample.uptime_seconds > uptime + _SLACK_SECONDS:
        return f"{url} is answered by another httpd, up for {sample.uptime_seconds} s"
    return sample
