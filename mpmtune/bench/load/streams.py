"""HTTP/2: h2load, whose connections carry several requests at once."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmtune.bench.load.command import ClientError, run
from mpmtune.bench.load.outcome import Outcome
from mpmtune.bench.load.target import until
from mpmtune.bench.programs import Need
from mpmtune.model.distribution import distribution_of

if TYPE_CHECKING:
    from mpmtune.bench.load.target import Target, Window

_FINISHED = re.compile(r"^finished in ([\d.]+)(us|ms|s|m)", re.MULTILINE)
_REQUESTS = re.compile(r"^requests: .*?(\d+) succeeded, (\d+) failed", re.MULTILINE)
_GOOD = re.compile(r"^status codes: (\d+) 2xx", re.MULTILINE)
_ROW = re.compile(r"^\d+\t2\d\d\t(\d+)", re.MULTILINE)
_SECONDS = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0}
_PATIENCE = 10.0


@dataclass(frozen=True, slots=True)
class Streams:
    """Clients of h2load over TLS.

    Attributes:
        path: What they ask for.
        connections: How many connections.
        each: Requests at once on each of them.
        name: What to call them.
    """

    path: str
    connections: int
    each: int
    name: str = "streams"

    async def drive(self, target: Target, window: Window) -> Outcome:
        """Run h2load, in short rounds while the server warms up."""
        while not window.known:
            await self._round(target, 1)
        await until(window.begin)
        return await self._round(target, max(1, math.ceil(window.seconds)))

    async def _round(self, target: Target, seconds: int) -> Outcome:
        log = target.directory / "h2load.log"
        log.unlink(missing_ok=True)
        argv = [
            target.programs.path(Need.H2LOAD),
            *(f"-c{self.connections}", f"-m{self.each}", f"-D{seconds}"),
            f"--log-file={log}",
            target.url(self.path, tls=True),
        ]
        said = await run(argv, target, seconds + _PATIENCE)
        rows = log.read_text(encoding="ascii") if log.exists() else ""
        return parse_h2load(said, rows)


def parse_h2load(text: str, rows: str) -> Outcome:
    """Read what h2load says, and the rows of its log: start, status, microseconds.

    Raises:
        ClientError: when it could not work.
    """
    finished, requests, good = (pattern.search(text) for pattern in (_FINISHED, _REQUESTS, _GOOD))
    if finished is None or requests is None or good is None:
        raise ClientError(f"h2load says: {' '.join(text.split())[-200:] or 'nothing'}")
    answered = int(requests[1])
    return Outcome(
        seconds=max(float(finished[1]) * _SECONDS[finished[2]], 1e-6),
        wanted=answered,
        good=int(good[1]),
        failed=int(requests[2]),
        latencies=distribution_of(int(taken) for taken in _ROW.findall(rows)),
        closed=True,
    )
