"""A private server observed under load, as an administrator would: log, mod_status, memory."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from mpmtune.bench.instance import serving
from mpmtune.bench.load.connection import ERRORS, fetch
from mpmtune.bench.measure import APART
from mpmtune.bench.memory import MemoryWatch, cpu_milliseconds, forget_peaks, look
from mpmtune.bench.processes import children_of
from mpmtune.bench.rivals import largest_writable
from mpmtune.bench.site import LOG_FORMAT, STATUS
from mpmtune.detect.children import detect_process
from mpmtune.detect.choice import Choice
from mpmtune.detect.facts import detect_facts
from mpmtune.detect.status import parse_status
from mpmtune.host.local import LocalHost
from mpmtune.model.load import Load, MemorySample
from mpmtune.model.quantity import Unit, measured
from mpmtune.model.workload import MICROSECONDS, Workload
from mpmtune.workload.choosing import Choosing
from mpmtune.workload.error_log import read_error_logs
from mpmtune.workload.logs import look_at
from mpmtune.workload.sampling import samples_of
from mpmtune.workload.stream import read_logs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mpmtune.bench.instance import Instance, Setting
    from mpmtune.bench.load.target import Target
    from mpmtune.bench.measure import Stage
    from mpmtune.model.facts import Facts
    from mpmtune.model.server import StatusSample

_EVERY = 0.5
_ASKED = 1.0
# Until then scripts are compiled, which takes memory once.
_SOON = 1.0
_SOURCE = "bench, under load"
_FEW = 100
_NEARLY = 0.75


@dataclass(frozen=True, slots=True)
class Observed:
    """What was seen.

    Attributes:
        facts: Machine and server, found out while it was under load.
        workload: What the access log, the error log and mod_status say.
        load: What they cannot say: the CPU time of a request.
        sample: The memory of it all.
        writable_bytes: The largest child as ``pmap -d`` counts it.
    """

    facts: Facts
    workload: Workload
    load: Load
    sample: MemorySample
    writable_bytes: int


def look_at_idle(stage: Stage, setting: Setting) -> Facts:
    """Find out what a server is that has served nobody yet."""
    with serving(stage.place, stage.scenario.site, setting) as instance:
        return _facts(instance, stage)


def observe(stage: Stage, setting: Setting) -> Observed:
    """Run a server with a setting under the load of a stage, with an access log.

    Raises:
        RefusedError: when httpd does not take the setting.
    """
    with serving(stage.place, stage.scenario.site, setting, logged=True) as instance:
        roots = stage.roots(instance)
        with MemoryWatch(roots) as watch:
            watching = _Watching(stage, instance)
            asyncio.run(watching.drive())
            peak = watch.look()
        children = children_of(instance.pid)
        held = peak.pss_bytes if len(roots) == 1 else look([instance.pid]).pss_bytes
        if not setting.mpm.threaded:
            held = max(held, _at_once(instance.pid, children))
        workload = _workload(instance, watching.answers)
        facts = watching.facts or _facts(instance, stage)
    kept = usually_waiting(watching.answers)
    sample = MemorySample(setting.mpm, max(1, len(children)), _threads(facts), held, _SOURCE, kept)
    load = _load(watching.cpu_seconds, workload)
    return Observed(facts, workload, load, sample, watching.writable_bytes)


class _Watching:
    """Watches a server while it is driven."""

    def __init__(self, stage: Stage, instance: Instance) -> None:
        self._stage = stage
        self._instance = instance
        self._began = cpu_milliseconds(instance.pid)
        self.answers: list[StatusSample] = []
        self.facts: Facts | None = None
        self.cpu_seconds = Fraction(0)
        self.writable_bytes = 0

    async def drive(self) -> None:
        """Drive the clients; ask mod_status meanwhile, and look at the server once."""
        asking = asyncio.create_task(self._ask(self._stage.target(self._instance)))
        looking = asyncio.create_task(self._look())
        clock = asyncio.get_running_loop().time
        scenario, come = self._stage.scenario, 0
        end = clock() + scenario.seconds
        # A burst is over soon; at the beginning of a log nothing tells that it is one.
        while come <= scenario.again or clock() < end:
            await asyncio.sleep(APART if come else 0)
            await self._stage.drive(self._instance)
            come += 1
        asking.cancel()
        await asyncio.gather(asking, looking, return_exceptions=True)
        spent = cpu_milliseconds(self._instance.pid) - self._began
        self.cpu_seconds = Fraction(max(0, spent), 1000)

    async def _ask(self, target: Target) -> None:
        while True:
            await asyncio.sleep(_EVERY)
            with suppress(asyncio.TimeoutError, *ERRORS):
                body = await asyncio.wait_for(fetch(target, f"{STATUS}?auto"), _ASKED)
                sample = parse_status(target.url(STATUS), body)
                if sample is not None:
                    self.answers.append(sample)

    async def _look(self) -> None:
        scenario = self._stage.scenario
        await asyncio.sleep(_SOON)
        forget_peaks(children_of(self._instance.pid))
        await asyncio.sleep(max(_SOON, scenario.opening + scenario.seconds / 2))
        self.writable_bytes = largest_writable(children_of(self._instance.pid))
        self.facts = await asyncio.to_thread(_facts, self._instance, self._stage)


def _facts(instance: Instance, stage: Stage) -> Facts:
    conf = str(instance.root / "httpd.conf")
    choice = Choice(stage.place.programs.httpd, conf, str(instance.root))
    return detect_facts(LocalHost(), choice)


def _workload(instance: Instance, answers: list[StatusSample]) -> Workload:
    """Read the logs; before httpd ends, for its end closes what is still open."""
    choosing = Choosing(LOG_FORMAT.replace('\\"', '"'), (), {})
    log = instance.root / "access.log"
    logs = look_at([str(log)]) if log.exists() and log.stat().st_size else ()
    made = read_logs(logs, [choosing.choose(one).reader for one in logs]) if logs else Workload()
    events, _ = read_error_logs(look_at([str(instance.root / "error.log")]))
    return replace(made, events=events, status=samples_of(answers))


def usually_waiting(answers: Sequence[StatusSample]) -> int:
    """Give how many connections usually waited beside the busy workers when most were open.

    When clients come, all of them wait for a moment.
    """
    told = [(one.conns_total or 0, one.busy_workers) for one in answers]
    most, _ = max(told, default=(0, 0))
    waiting = sorted(max(0, kept - busy) for kept, busy in told if kept >= most * _NEARLY)
    return waiting[len(waiting) // 2] if waiting else 0


def _threads(facts: Facts) -> int:
    children = getattr(facts.server, "children", None)
    return getattr(children, "threads_per_child", None) or 1


def _at_once(parent: int, children: Sequence[int]) -> int:
    """Give the memory if all children held at the same moment what one of them usually has.

    A snapshot meets some of them between two requests. What one alone once had does not count: the
    usual peak is the median.
    """
    host = LocalHost()
    found = [child for pid in children if (child := detect_process(host, pid)) is not None]
    above = detect_process(host, parent)
    if not found or above is None:
        return 0
    usual = sorted(child.peak_rss for child in found)[len(found) // 2]
    missing = sum(max(0, usual - child.rss) for child in found)
    return sum(child.pss or 0 for child in (above, *found)) + missing


def _load(seconds: Fraction, workload: Workload) -> Load:
    """Give what the log cannot tell; of few requests the CPU time says nothing."""
    load = Load()
    requests = workload.requests.read
    if requests >= _FEW and seconds:
        each = (seconds / requests).limit_denominator(1_000_000)
        load = replace(
            load, cpu_seconds=measured("CPU time of a request", each, _SOURCE, Unit.SECONDS)
        )
    kept = dict(workload.finish).get("+", 0)
    if workload.busy.counts and workload.finish and not kept:
        at_once = -(-workload.busy.largest // MICROSECONDS)
        load = replace(
            load, connections=measured("connections open", at_once, "%X: none was kept alive")
        )
    return load
