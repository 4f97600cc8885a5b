"""A closed loop: wrk, whose clients ask again as soon as they are answered."""

from __future__ import annotations

import math
import re
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmtune.bench.load.command import run
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
class ClosedLoop:
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
        """Run wrk; its clock knows whole seconds."""
        await until(window.begin)
        script = target.directory / "wrk.lua"
        script.write_text(_SCRIPT, encoding="ascii")
        seconds = max(1, math.ceil(window.seconds))
        argv = [
            target.programs.path(Need.WRK),
            *("-t1", f"-c{self.clients}", f"-d{seconds}s", f"--timeout={_AT_MOST}s"),
            *("-s", str(script)),
            *(() if self.keep_alive else ("-H", "Connection: close")),
            target.url(self.path),
        ]
        return parse_wrk(await run(argv, target, seconds + _AT_MOST, signal.SIGKILL))


def parse_wrk(text: str) -> Outcome:
    """Read what our script has wrk say.

    Raises:
        ValueError: when it is something else: wrk could not work.
    """
    match = _SUMMARY.search(text)
    if match is None:
        raise ValueError(f"wrk says: {' '.join(text.split())[:200] or 'nothing'}")
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
