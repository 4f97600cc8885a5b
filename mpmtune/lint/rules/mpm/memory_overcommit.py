"""The children that may run need more memory than there is.

## What it does
Multiplies the children that ``MaxRequestWorkers`` allows with the memory of one, and compares
with what the machine has, and with what is left of it for httpd. The memory of a child is
measured where one has worked; where it is assumed, this is a warning at most.

## Why it matters
It is the one limit that httpd never checks. Under load the machine swaps, or the kernel kills
processes, and a slow server becomes one that does not answer at all.

## When to ignore it
Where something in front of httpd bounds the number of requests at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mpmtune.lint.mpm_limits import Limits
from mpmtune.lint.rule import Example, ExampleHost, Hits, HostRule
from mpmtune.model.finding import Severity, Violation
from mpmtune.model.httpd import Mpm
from mpmtune.model.quantity import ZERO_BYTES, Quantity, Trust, declared
from mpmtune.model.server import Server
from mpmtune.model.sizes import show_size
from mpmtune.plan.child_cost import recommend_cost
from mpmtune.plan.memory_budget import recommend_account
from mpmtune.plan.memory_needed import all_children, one_child
from mpmtune.plan.policy import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.config import Tree
    from mpmtune.model.facts import Facts
    from mpmtune.model.finding import Fix
    from mpmtune.plan.memory_budget import Account


class _Need(NamedTuple):
    """The memory that the settings ask for; ``fitting`` children would do with what there is."""

    child: Quantity
    peak: Quantity
    fitting: int
    measured: bool


def check(tree: Tree, hits: Hits, facts: Facts) -> Iterator[Violation]:
    """Yield the MaxRequestWorkers that memory does not carry."""
    limits = Limits.of(tree, hits)
    if limits is None or not isinstance(facts.machine.memory_total, Quantity):
        return
    account = recommend_account(facts, DEFAULT.memory)
    need = _need(limits, facts, account)
    severity, room = _verdict(need, account)
    if severity is None:
        return
    yield Violation(
        limits.line("MaxRequestWorkers"),
        f"{limits.named('MaxRequestWorkers')} may come to need {_size(need.peak)}:"
        f" {limits.children} children of {_size(need.child)}"
        f" ({'measured' if need.measured else 'assumed'}), and {room}",
        _fix(limits, need),
        severity=severity,
        related=limits.lines("ThreadsPerChild"),
    )


def _need(limits: Limits, facts: Facts, account: Account) -> _Need:
    server = facts.server if isinstance(facts.server, Server) else None
    cost = recommend_cost(limits.mpm, server, DEFAULT.child)
    children = declared("children", limits.children, "MaxRequestWorkers ÷ ThreadsPerChild")
    threads = declared("ThreadsPerChild", limits.threads, "configuration")
    child = one_child(limits.mpm, threads, cost)
    room = (account.usable - cost.fixed).at_least(ZERO_BYTES)
    decisive = cost.worker if limits.mpm.threaded else cost.child
    return _Need(
        child,
        all_children(children, child, cost),
        (room // child).whole,
        decisive.trust is Trust.MEASURED,
    )


def _verdict(need: _Need, account: Account) -> tuple[Severity | None, str]:
    """Say how bad it is; what is only assumed is never an error."""
    if need.peak.value > account.total.value:
        severity = Severity.ERROR if need.measured else Severity.WARNING
        return severity, f"the machine has {_size(account.total)}"
    if need.measured and need.peak.value > account.for_httpd.value:
        return Severity.WARNING, f"{_size(account.for_httpd)} are left for httpd"
    return None, ""


def _fix(limits: Limits, need: _Need) -> Fix | None:
    line = limits.line("MaxRequestWorkers")
    if line is None or not need.fitting:
        return None
    return limits.setting("MaxRequestWorkers", need.fitting * limits.threads, line)


def _size(quantity: Quantity) -> str:
    return show_size(quantity.whole)


RULE = HostRule(
    code="MPM026",
    name="memory-overcommit",
    severity=Severity.ERROR,
    on=("maxrequestworkers", "serverlimit", "threadsperchild", "threadlimit"),
    when_absent=True,
    whole_tree=True,
    jointly=True,
    references=("misc/security_tips.html#dos", "misc/perf-tuning.html"),
    since="0.1.0",
    examples=(
        Example(
            bad="ServerLimit 4000\nMaxRequestWorkers 4000\n",
            fixed_unsafely="ServerLimit 4000\nMaxRequestWorkers 34\n",
            lines=(2,),
            mpm=Mpm.PREFORK,
            host=ExampleHost(memory_mib=2048, child_mib=50),
        ),
        Example(
            bad="ThreadsPerChild 25\nMaxRequestWorkers 400\n",
            fixed_unsafely="ThreadsPerChild 25\nMaxRequestWorkers 125\n",
            lines=(2,),
            host=ExampleHost(memory_mib=1024, child_mib=150),
        ),
        Example(
            bad="Timeout 60\n",
            lines=(0,),
            mpm=Mpm.PREFORK,
            host=ExampleHost(memory_mib=2048, child_mib=50),
        ),
        Example(
            good="MaxRequestWorkers 30\n",
            mpm=Mpm.PREFORK,
            host=ExampleHost(memory_mib=2048, child_mib=50),
        ),
        Example(
            good="MaxRequestWorkers 400\n",
            host=ExampleHost(memory_mib=2048, child_mib=None),
        ),
    ),
    check=check,
)
