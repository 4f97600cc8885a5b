"""wrk: a closed loop that is fast enough for small files."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmtune.bench.load.command import ClientError, run
from mpmtune.bench.load.outcome import MICROSECONDS, Outcome
from mpmtune.bench.load.target import until
from mpmtune.bench.programs import Need
from mpmtune.model.distribution import bucket_of, distribution

if TYPE_CHECKING:
    from mpmtune.bench.load.target import Target, Window

_SUMMARY = re.compile(r"^MEASURED((?: \d+){7})$", re.MULTILINE)
_LATENCY = re.compile(r"^(\d+) (\d+)$", re.MULTILINE)
# wrk's Lua: the summary, then each latency in microseconds with how often it was seen.
_SCRIPT = """\
done = function(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format("MEASURED %d %d %d %d %d %d %d\\n", summary.duration, summary.requests,
    errors.connect, errors.read, errors.write, errors.status, errors.timeout))
  for i = 1, #latency do
    local value, count = latency(i)
    io.write(string.format("%d %d\\n", value, count))
  end
end
"""
_AT_MOST = 10


@dataclass(frozen=True, slots=True)
class Wrk:
    """Clients of wrk.

    Attributes:
        path: What they ask for.
        clients: How many.
        keep_alive: They use their connections again.
        name: What to call them.
    """

    path: str
    clients: int
    keep_alive: bool = True
    name: str = "clients"

    async def drive(self, target: Target, window: Window) -> Outcome:
        """Run wrk, in short rounds while the server warms up; its clock knows whole seconds."""
        while not window.known:
            await self._round(target, 1)
        await until(window.begin)
        return await self._round(target, max(1, math.ceil(window.seconds)))

    async def _round(self, target: Target, seconds: int) -> Outcome:
        script = target.directory / "wrk.lua"
        script.write_text(_SCRIPT, encoding="ascii")
        argv = [
            target.programs.path(Need.WRK),
            *("-t1", f"-c{self.clients}", f"-d{seconds}s", f"--timeout={_AT_MOST}s"),
            *("-s", str(script)),
            *(() if self.keep_alive else ("-H", "Connection: close")),
            target.url(self.path),
        ]
        return parse_wrk(await run(argv, target, seconds + _AT_MOST))


def parse_wrk(text: str) -> Outcome:
    """Read what our script has wrk say.

    Raises:
        ClientError: when it is something else: wrk could not work.
    """
    match = _SUMMARY.search(text)
    if match is None:
        raise ClientError(f"wrk says: {' '.join(text.split())[:200] or 'nothing'}")
    duration, requests, *errors = map(int, match[1].split())
    counts: dict[int, int] = {}
    total = largest = 0
    for value, number in _LATENCY.findall(text, match.end()):
        bucket = bucket_of(int(value))
        counts[bucket] = counts.get(bucket, 0) + int(number)
        total += int(value) * int(number)
        largest = int(value)
    refused = errors[3]  # a status that is no 2xx or 3xx
    return Outcome(
        seconds=duration / MICROSECONDS,
        wanted=requests,
        good=requests - refused,
        failed=sum(errors),
        latencies=distribution(counts, total, largest),
        closed=True,
    )
