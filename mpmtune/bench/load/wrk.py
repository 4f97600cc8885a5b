"""wrk: a closed loop that is fast enough for small files."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mpmtune.bench.load.command import ClientError, run
from mpmtune.bench.load.outcome import MICROSECONDS, Outcome
from mpmtune.bench.load.target import until
from mpmtune.bench.programs import Need
from mpmtune.model.distribution import bucket_of, distribution

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mpmtune.bench.load.target import Target, Window
    from mpmtune.model.distribution import Distribution

_SUMMARY = re.compile(r"^MEASURED((?: \d+){8})((?: \d+){1000})$", re.MULTILINE)
# wrk's Lua: the summary, then the latency in microseconds that each per mille of the requests did
# not exceed; for all of them percentile() says 0. To ask for one latency after the other would take
# the square of their number.
_SCRIPT = """\
done = function(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format("MEASURED %d %d %d %d %d %d %d %.0f", summary.duration, summary.requests,
    errors.connect, errors.read, errors.write, errors.status, errors.timeout, latency.mean))
  for part = 1, 999 do
    io.write(string.format(" %d", latency:percentile(part / 10)))
  end
  io.write(string.format(" %d\\n", latency.max))
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
    duration, requests, *errors, mean = map(int, match[1].split())
    steps = [int(word) for word in match[2].split()]
    refused = errors[3]  # a status that is no 2xx or 3xx
    return Outcome(
        seconds=duration / MICROSECONDS,
        wanted=requests,
        good=requests - refused,
        failed=sum(errors),
        latencies=_spread(requests, mean, steps),
        closed=True,
    )


def _spread(requests: int, mean: int, steps: Sequence[int]) -> Distribution:
    """Spread requests over the latencies, equally many to each step but for rounding."""
    counts: Counter[int] = Counter()
    for part, value in enumerate(steps):
        before, after = requests * part, requests * (part + 1)
        counts[bucket_of(value)] += after // len(steps) - before // len(steps)
    return distribution(counts, requests * mean, steps[-1] if requests else 0)
