"""The plan for a workload that was only observed: no point of a grid is looked at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mpmtune.bench.instance import Setting
from mpmtune.bench.observed import look_at_idle, observe
from mpmtune.bench.settings import debian, processes
from mpmtune.detect.fpm import held_by
from mpmtune.host.local import LocalHost
from mpmtune.model.quantity import Quantity, Unit, chosen, declared
from mpmtune.model.server import Child, Children, FpmPool, Server
from mpmtune.plan.load import load_of
from mpmtune.plan.planner import plan
from mpmtune.plan.policy import DEFAULT, MemoryPolicy
from mpmtune.render.snippet import render_snippet

if TYPE_CHECKING:
    from mpmtune.bench.measure import Stage
    from mpmtune.bench.observed import Observed
    from mpmtune.model.facts import Facts
    from mpmtune.model.load import MemorySample
    from mpmtune.model.plan import Plan
    from mpmtune.model.unknown import Unknown

PLAN = "plan"
_BECAUSE = "the workload is for it"
_ROUNDS = 3
_SECONDS = 4.0
# What a child costs shows the better the more of them there are, and the longer they work.
_BOUNDED_ROUNDS = 4
_BOUNDED_SECONDS = 6.0
_FEW = 12
_LEAST = 4
_NONE: tuple[MemorySample, ...] = ()
# A plan that differs by no more than this would teach nothing new.
_ALIKE = 0.03
_APART = 1.2
# A line through two that are nearer to each other shows chance more than children.
_FAR_APART = 2.0
_WORKED_MILLISECONDS = 40
_SEVERAL = 3
# The budget is for httpd alone: nothing of it is set aside for others.
_WHOLE = replace(
    DEFAULT,
    memory=replace(
        MemoryPolicy(),
        reserve_divisor=chosen(10**12, "the budget is for httpd alone"),
        least_reserve=chosen(0, "the budget is for httpd alone", Unit.BYTES),
    ),
)


@dataclass(frozen=True, slots=True)
class Learnt:
    """A plan and what it was made of.

    Attributes:
        setting: The plan as a setting.
        made: The plan.
        facts: What it was made of, workload and samples included.
        rounds: How often the workload was observed.
        writable_bytes: The largest child as ``pmap -d`` counts it.
    """

    setting: Setting
    made: Plan
    facts: Facts
    rounds: int
    writable_bytes: int = 0


def learn(stage: Stage, *, short: bool = False) -> Learnt:
    """Plan without a workload, observe under that plan, plan again, until it stays the same.

    Args:
        stage: Where.
        short: Observe for a second each time, for a first look; it may be too short for a plan.

    Raises:
        RefusedError: when httpd does not take a plan.
        InputError: when the memory of the machine is not known.
    """
    scenario = stage.scenario
    mpm, samples = scenario.mpm, _NONE
    bounded = scenario.budget_bytes is not None
    usual, most = (_BOUNDED_SECONDS, _BOUNDED_ROUNDS) if bounded else (_SECONDS, _ROUNDS)
    observing = stage.lasting(1.0 if short else usual)
    made = _plan(_as_meant(look_at_idle(stage, Setting(PLAN, mpm, debian(mpm))), stage), stage)
    first = processes(max(_LEAST, stage.place.scale.count(_FEW))).directives if bounded else ""
    if mpm.threaded or not bounded:
        first = render_snippet(made)
    told: Observed | None = None
    rounds, text = 0, first
    while True:
        rounds += 1
        seen = observe(observing, Setting(PLAN, mpm, text))
        # What a roomy server had to do is all; a tighter one may hide some of it.
        told = seen if told is None or made.load.open_ended else told
        samples = (*samples, seen.sample)
        # Where memory binds nothing, no sample shall: it says little of many more children.
        pair = _telling(samples) if bounded else _NONE
        facts = _with(replace(told, facts=seen.facts), pair, stage)
        before, made = made, _plan(facts, stage)
        text = render_snippet(made)
        if rounds >= most or _settled(before, made, rounds):
            break
    setting = Setting(PLAN, mpm, text, f"by mpmtune, {rounds} times observed")
    telling = _telling(samples) or samples[-1:]
    known = replace(facts, memory_samples=telling if bounded else _about(samples, made))
    return Learnt(setting, made, known, rounds, seen.writable_bytes)


def _settled(before: Plan, made: Plan, rounds: int) -> bool:
    """Tell whether another look would teach nothing; the plan itself is looked at once at least."""
    if rounds == 1:
        return False
    roomy = made.mpm.threaded and made.bound_by != "memory" and not made.load.open_ended
    return roomy or _alike(before, made)


def evidence(facts: Facts) -> tuple[tuple[str, float], ...]:
    """Give the parts of the demand as numbers."""
    load = load_of(facts)
    names = (
        *("arrivals", "service", "service_p95", "concurrency", "usual", "burst"),
        *("opened", "connections", "slow_readers", "streams", "cpu_seconds"),
    )
    known = ((name, getattr(load, name)) for name in names)
    return tuple((name, float(part.value)) for name, part in known if isinstance(part, Quantity))


def _plan(facts: Facts, stage: Stage) -> Plan:
    policy = DEFAULT if stage.scenario.budget_bytes is None else _WHOLE
    return plan(stage.scenario.mpm, _BECAUSE, facts, policy)


def _with(seen: Observed, samples: tuple[MemorySample, ...], stage: Stage) -> Facts:
    facts = _as_meant(seen.facts, stage, seen.workload.requests.read)
    return replace(facts, workload=seen.workload, load=seen.load, memory_samples=samples)


def _telling(samples: tuple[MemorySample, ...], apart: float = _APART) -> tuple[MemorySample, ...]:
    """Keep the one with most children, and of those with clearly fewer the one with most.

    What few children share is not what many share, those alike differ by chance, and one alone
    says less than its children themselves.
    """
    ascending = sorted(samples, key=lambda one: one.children)
    fewer = [one for one in ascending if one.children * apart <= ascending[-1].children]
    return (fewer[-1], ascending[-1]) if fewer else ()


def _about(samples: tuple[MemorySample, ...], made: Plan) -> tuple[MemorySample, ...]:
    """Keep two between which a plan lies; else the one nearest to it, the last of several.

    Where two have more children than it, what they differ by are children that hardly work.
    """
    each = made.setting("ThreadsPerChild").proposed.whole if made.mpm.threaded else 1
    children = made.setting("MaxRequestWorkers").proposed.whole // each
    pair = _telling(samples, _FAR_APART)
    if pair and pair[0].children <= children <= pair[1].children:
        return pair
    return (min(reversed(samples), key=lambda one: abs(one.children - children)),)


def _alike(before: Plan, after: Plan) -> bool:
    numbers = ((made.setting("MaxRequestWorkers").proposed.whole) for made in (before, after))
    fewer, more = sorted(numbers)
    same = {one.directive: one.text for one in before.settings} == {
        one.directive: one.text for one in after.settings
    }
    return same or (more - fewer <= _ALIKE * more and before.bound_by == after.bound_by == "memory")


def _as_meant(facts: Facts, stage: Stage, requests: int = 0) -> Facts:
    """Put the server's share of CPUs, the budget and our pools in the place of the machine's.

    Args:
        facts: As they were found.
        stage: Where.
        requests: How many it has answered.
    """
    server = facts.server
    if not isinstance(server, Server):
        return facts
    server = replace(server, children=_worked(server.children, requests), fpm_pools=_pools(stage))
    cpus = declared("CPUs of the server", len(stage.place.scale.server), "bench", Unit.CPUS)
    machine = replace(facts.machine, cpus=cpus)
    budget = stage.scenario.budget_bytes
    if budget is not None:
        held = server.httpd_pss.whole if server.httpd_pss is not None else 0
        if stage.scenario.budget_has_pools:
            held += sum(pool.pss or 0 for pool in server.fpm_pools)
        machine = replace(
            machine,
            memory_total=declared("budget", budget, "bench", Unit.BYTES),
            memory_available=declared("left of it", max(0, budget - held), "bench", Unit.BYTES),
            commit_left=None,
        )
    return replace(facts, machine=machine, server=server)


def _worked(children: Children | Unknown, requests: int) -> Children | Unknown:
    """Count the children that we know to have served: all of them, when each got several requests.

    Else those that used more CPU time than it takes to start.
    """
    if not isinstance(children, Children):
        return children
    everyone = requests >= _SEVERAL * children.count > 0
    samples = tuple(
        replace(one, worked=one.worked or everyone or _has_worked(one)) for one in children.samples
    )
    return replace(children, samples=samples, worked=any(one.worked for one in samples))


def _has_worked(child: Child) -> bool:
    return (child.cpu_milliseconds or 0) >= _WORKED_MILLISECONDS


def pools_at_peak(stage: Stage) -> int:
    """Add up what our pools hold when each of their children holds most, in bytes."""
    return sum(pool.peak or 0 for pool in _pools(stage))


def _pools(stage: Stage) -> tuple[FpmPool, ...]:
    """Describe our pools; those of the system have nothing to do with it."""
    if stage.pools is None:
        return ()
    from mpmtune.bench.processes import children_of
    from mpmtune.bench.site import socket_of

    pids = children_of(stage.pools)
    pss, peak = held_by(LocalHost(), pids)
    every = max(1, len(pids))
    root = stage.place.root
    return tuple(
        FpmPool(
            pool.name,
            str(root / "fpm.conf"),
            str(socket_of(pool, root)),
            pool.children,
            pool.children,
            (pss or 0) * pool.children // every,
            peak=(peak or 0) * pool.children // every,
        )
        for pool in stage.scenario.site.pools
    )
