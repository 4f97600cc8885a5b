"""What a child, a worker and a connection cost in memory."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mpmtune.model.quantity import ZERO_BYTES, Quantity, Unit, measured
from mpmtune.model.server import Children, Mpm, Server
from mpmtune.plan.slope import Line, slope_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mpmtune.model.load import MemorySample
    from mpmtune.model.server import Child
    from mpmtune.plan.policy import ChildPolicy
    from mpmtune.plan.slope import Slope

# Modules that run an interpreter inside httpd: a worker holds the memory of a script.
_PHP = frozenset({"php_module", "php5_module", "php7_module"})
_OTHER_INTERPRETERS = frozenset({"perl_module", "python_module", "wsgi_module"})


@dataclass(frozen=True, slots=True)
class Cost:
    """Bytes each.

    Attributes:
        fixed: Once: the parent, and the pages that all children share.
        child: Each child, before its workers.
        worker: Each worker thread; nothing under prefork, where the child is the worker.
        connection: Each open connection.
        most_children: Up to so many children these costs are known; None without an end.
        seen: Children of the largest httpd that was seen at work; None where none was.
        ready: Each child beyond those and beyond what is in work: its workers are hardly busy.
    """

    fixed: Quantity
    child: Quantity
    worker: Quantity
    connection: Quantity
    most_children: Quantity | None = None
    seen: Quantity | None = None
    ready: Quantity = ZERO_BYTES

    def children_in(self, room: Quantity, child: Quantity) -> Quantity:
        """Count the children of a size that fit, as far as their cost is known."""
        fit = room // child
        return fit if self.most_children is None else fit.at_most(self.most_children)


def embeds_interpreter(server: Server | None) -> bool:
    """Tell whether scripts run inside httpd."""
    return server is not None and any(
        server.has_module(name) for name in _PHP | _OTHER_INTERPRETERS
    )


@dataclass(frozen=True, slots=True)
class Observed:
    """What was seen of httpd under its load.

    Attributes:
        samples: Memory of whole httpds.
        requests: Requests that the children answered, as a workload counts them.
    """

    samples: tuple[MemorySample, ...] = ()
    requests: int = 0


_NOTHING = Observed()


def recommend_cost(
    mpm: Mpm, server: Server | None, policy: ChildPolicy, observed: Observed = _NOTHING
) -> Cost:
    """Measure the costs: by two whole httpds, else on children that have worked; or assume them."""
    connection = _connection(mpm, server, policy)
    children = _samples(mpm, server)
    found = _measured(mpm, server, children, connection, policy) if server and children else None
    once = None if found is None else found.fixed
    apart = connection - policy.socket if mpm.threaded else ZERO_BYTES
    slope = slope_of(mpm, observed.samples, once, Line(apart, policy.slope_reach))
    if slope is not None:
        return _by_slope(mpm, slope, connection, policy)
    if found is not None and server is not None:
        well_known = observed.requests >= len(children) * policy.well_known.value
        return found if well_known else _at_least_usual(found, server, policy)
    fixed = _parent(server, policy).named("parent and shared pages")
    if not mpm.threaded:
        return Cost(fixed, _assumed_child(server, policy), ZERO_BYTES, connection)
    worker = policy.interpreter_thread if embeds_interpreter(server) else policy.thread
    return Cost(fixed, policy.threaded_base, worker, connection)


def _by_slope(mpm: Mpm, slope: Slope, connection: Quantity, policy: ChildPolicy) -> Cost:
    """Split a child into base and threads; what it keeps for its connection is in it already."""
    if not mpm.threaded:
        return Cost(slope.fixed, slope.child, ZERO_BYTES, ZERO_BYTES, slope.most)
    worker = policy.thread.at_most(slope.child // slope.threads)
    child = (slope.child - slope.threads * worker).named("a child without its threads")
    return Cost(
        slope.fixed,
        child,
        worker.named("a worker thread"),
        connection,
        slope.most,
        slope.seen,
        policy.ready_child.at_most(slope.child),
    )


def _assumed_child(server: Server | None, policy: ChildPolicy) -> Quantity:
    if server is not None and any(server.has_module(name) for name in _PHP):
        return policy.php
    return policy.interpreter if embeds_interpreter(server) else policy.plain


def _connection(mpm: Mpm, server: Server | None, policy: ChildPolicy) -> Quantity:
    # Under prefork mod_http2 switches itself off (AH10034).
    if mpm.threaded and server is not None and server.has_module("http2_module"):
        return policy.connection_h2
    if server is not None and server.has_module("ssl_module"):
        return policy.connection_tls
    return policy.connection_plain


def _parent(server: Server | None, policy: ChildPolicy) -> Quantity:
    """Take what the parent holds now; its share of the pages that all have in common is in it."""
    children = server.children if server is not None else None
    parent = children.parent if isinstance(children, Children) else None
    if parent is None or parent.pss is None:
        return policy.parent
    source = f"/proc/{parent.pid}/smaps_rollup: PSS"
    return measured("parent process", parent.pss, source, Unit.BYTES)


def _samples(mpm: Mpm, server: Server | None) -> tuple[Child, ...]:
    """Give the children that can speak for a loaded server under this MPM."""
    if server is None or server.mpm is not mpm or not isinstance(server.children, Children):
        return ()
    return tuple(
        one
        for one in server.children.samples
        if one.worked and one.pss is not None and one.uss is not None
    )


def _threads_now(server: Server) -> Quantity:
    threads = server.children.threads_per_child if isinstance(server.children, Children) else None
    return measured("ThreadsPerChild now", threads or 1, "/proc/PID/status of the children")


def _measured(
    mpm: Mpm, server: Server, samples: Sequence[Child], connection: Quantity, policy: ChildPolicy
) -> Cost:
    count = len(samples)
    source = f"USS + VmHWM − VmRSS, mean of {count} children that have worked"
    scripts = embeds_interpreter(server)
    private = sum(_at_peak(one, scripts=scripts) for one in samples)
    own = measured("own memory of a child", -(-private // count), source, Unit.BYTES)
    shared = measured(
        "shared pages", _shared(samples), f"PSS − USS, sum of {count} children", Unit.BYTES
    )
    fixed = (_parent(server, policy) + shared).named("parent and shared pages")
    if not mpm.threaded:
        return Cost(fixed, own, ZERO_BYTES, ZERO_BYTES)
    base = policy.threaded_base.at_most(own)
    worker = ((own - base) // _threads_now(server)).named(
        "memory of a worker", "a child's, by its threads"
    )
    return Cost(fixed, base, worker, connection)


def _at_least_usual(cost: Cost, server: Server, policy: ChildPolicy) -> Cost:
    """Take no less than is usual where few requests were seen: light ones say little of others."""
    if cost.worker is not ZERO_BYTES:
        base = cost.child.at_least(policy.threaded_base)
        return replace(cost, child=base, worker=cost.worker.at_least(policy.thread))
    if not embeds_interpreter(server):
        return cost
    child = cost.child.at_least(policy.least_interpreter)
    return replace(cost, child=child.named("own memory of a child with scripts"))


def _shared(samples: Sequence[Child]) -> int:
    """Bytes that the children have in common: the same pages, so no more than one of them has."""
    together = sum((one.pss or 0) - (one.uss or 0) for one in samples)
    of_one = max(one.rss - (one.uss or 0) for one in samples)
    return max(0, min(together, of_one))


def _at_peak(child: Child, *, scripts: bool) -> int:
    """Bytes of its own that a child held when it held most.

    Scripts give their memory back. Without them a peak is mostly files that were mapped while
    they were sent, which are nobody's own: it counts for no more than what is held now.
    """
    own = child.uss or 0
    more = max(0, child.peak_rss - child.rss)
    return own + (more if scripts else min(more, own))
