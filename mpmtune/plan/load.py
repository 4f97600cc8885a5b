"""What a workload, a server and stated numbers say of the demand, as one load."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from mpmtune.model.load import NOTHING_KNOWN, Load
from mpmtune.model.quantity import ZERO, Quantity, Unit, declared, documented, measured
from mpmtune.model.server import Children, Mpm, Server, StatusSample
from mpmtune.model.workload import MICROSECONDS
from mpmtune.plan.policy import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mpmtune.model.distribution import Distribution
    from mpmtune.model.facts import Facts
    from mpmtune.model.workload import Workload
    from mpmtune.plan.policy import DemandPolicy, Policy

# prefork.c AH00161, worker.c AH00286, event.c AH00484: MaxRequestWorkers was reached;
# worker.c AH00287, event.c AH10159: all but the spare threads were busy.
_FULL = frozenset({"AH00161", "AH00286", "AH00287", "AH00484", "AH10159"})
STREAMS_WERE_FULL = "every HTTP/2 worker was busy: what had to wait is in no log"
_TOO_COARSE = MICROSECONDS
_FEW_ACCESSES = 1000
_A_FEW_SECONDS = 5
_PEAK = 999
# http_core.h, DEFAULT_KEEPALIVE_TIMEOUT
_KEEPALIVE_TIMEOUT = documented("KeepAliveTimeout by default", 5, "http_core.h", Unit.SECONDS)


def load_of(facts: Facts, policy: Policy = DEFAULT) -> Load:
    """Bring together what is known of the demand; what ``facts.load`` states goes first.

    Arrivals and service times that are stated give the concurrency by Little's law.
    """
    workload = facts.workload
    server = facts.server if isinstance(facts.server, Server) else None
    seen = NOTHING_KNOWN if workload is None else _seen(workload, server, policy.demand)
    load = facts.load.over(seen)
    if not load.known:
        return load
    load = _slow_readers(_little(load, facts.load), facts.load)
    if load.streams is None and load.concurrency is not None and workload is not None:
        load = replace(load, streams=_streams(load.concurrency, workload))
    return replace(load, cpu_seconds=load.cpu_seconds or _cpu_seconds(server))


def keepalive_timeout(server: Server | None) -> Quantity:
    """Seconds for which connections are kept open now."""
    found = server.setting("KeepAliveTimeout") if server is not None else None
    if found is None or isinstance(found.value, str) or found.file is None:
        return _KEEPALIVE_TIMEOUT
    seconds = Fraction(found.value).limit_denominator(1000)
    return declared(
        "KeepAliveTimeout now", seconds, f"{found.file}:{found.line}", unit=Unit.SECONDS
    )


def open_connections(load: Load, timeout: Quantity) -> Quantity | None:
    """Connections open at once, by count or by Little's law; None where nothing tells.

    Args:
        load: The demand.
        timeout: Seconds for which an idle connection is kept open.
    """
    if load.connections is not None or load.opened is None:
        return load.connections
    kept = (load.opened * timeout).named(
        "connections that wait", "Little's law: opened a second × KeepAliveTimeout"
    )
    return kept if load.concurrency is None else (kept + load.concurrency).named("open connections")


def _little(load: Load, stated: Load) -> Load:
    """Work the concurrency out anew where its factors are stated and it is not."""
    factors = (stated.arrivals, stated.service)
    if stated.concurrency is not None or factors == (None, None):
        return load
    if load.arrivals is None or load.service is None:
        return load
    busy = (load.arrivals * load.service).named(
        "requests in work at once", "Little's law: arrivals × their time"
    )
    return replace(load, concurrency=busy, usual=None, open_ended=stated.open_ended)


def _slow_readers(load: Load, stated: Load) -> Load:
    """Count slow readers that are stated among the requests in work."""
    if stated.slow_readers is None:
        return load
    busy = load.concurrency or ZERO
    return replace(
        load, concurrency=(busy + stated.slow_readers).named("requests in work, slow readers too")
    )


def _streams(concurrency: Quantity, workload: Workload) -> Quantity | None:
    share = workload.http2_share
    if not share:
        return None
    part = measured("share of HTTP/2", share, "access log")
    return (concurrency * part).named("HTTP/2 streams in work at once")


def _seen(workload: Workload, server: Server | None, policy: DemandPolicy) -> Load:
    """Read the numbers off the logs and the samples of mod_status."""
    return Load(
        arrivals=_at_peak(workload.arrivals, "requests a second at the peak", Unit.PER_SECOND),
        service=_service(workload, "time of a request", workload.service.mean),
        service_p95=_service(workload, "time of 95 % of requests", workload.service.at(950)),
        concurrency=_concurrency(workload, server),
        usual=_usual(workload),
        burst=_burst(workload),
        opened=_opened(workload, server, policy),
        connections=_connections(workload, server),
        slow_readers=_held_by_slow(workload, policy),
        open_ended=tuple(_open_ends(workload, server, policy)),
    )


def _at_peak(values: Distribution, label: str, unit: Unit = Unit.COUNT) -> Quantity | None:
    if not values.counts:
        return None
    source = f"not exceeded in 99.9 % of {values.count} seconds of access logs"
    return measured(label, values.at(_PEAK), source, unit)


def _service(workload: Workload, label: str, microseconds: Fraction | int) -> Quantity | None:
    if not workload.service.counts or workload.resolution_microseconds >= _TOO_COARSE:
        return None
    source = f"access log, {workload.requests.timed} requests"
    return measured(label, Fraction(microseconds, MICROSECONDS), source, Unit.SECONDS)


def _concurrency(workload: Workload, server: Server | None) -> Quantity | None:
    """Take what was in work by the log; what mod_status counted as busy where that is more.

    A log begins with the request: a worker that waits for a TLS handshake or for a request's head
    is in mod_status alone. Outside of event one that waits on a kept-alive connection is too, and
    of HTTP/2 both count something else.
    """
    by_status = _busy(workload)
    by_log = _at_peak(workload.busy, "requests in work at once")
    if by_log is None:
        return by_status
    by_log = replace(by_log, value=Fraction(by_log.value, MICROSECONDS))
    if by_status is None or server is None or server.mpm is not Mpm.EVENT or workload.http2_share:
        return by_log
    return by_log.at_least(by_status)


def _busy(workload: Workload) -> Quantity | None:
    busy = workload.status.busy
    if not busy.counts:
        return None
    source = f"mod_status, not exceeded in 99.9 % of {busy.count} samples"
    return measured("busy workers", busy.at(_PEAK), source)


def _usual(workload: Workload) -> Quantity | None:
    if not workload.busy.counts:
        return None
    mean = workload.busy.mean / MICROSECONDS
    return measured("requests in work on the mean", mean, "access log")


def _burst(workload: Workload) -> Quantity | None:
    """Take the steepest rise; a log of a few seconds is a burst itself, with nothing before it."""
    seconds = workload.observed_seconds
    rise = max(workload.rise, workload.arrivals.largest if seconds < _A_FEW_SECONDS else 0)
    if not rise:
        return None
    found = measured("requests more than a second before", rise, "access log")
    if not workload.http2_share:
        return found
    share = measured("share of HTTP/1", 1 - workload.http2_share, "access log")
    return (found * share).named("requests of HTTP/1 more than a second before")


def _opened(workload: Workload, server: Server | None, policy: DemandPolicy) -> Quantity | None:
    """Connections opened a second: the share of first requests, at the peak of all.

    A full event keeps no connection, so that nearly each request opens one (event.c,
    listener_thread): that says nothing of how many there would be.
    """
    if server is not None and server.mpm is Mpm.EVENT and _was_full(workload, server, policy):
        return None
    arrivals = _at_peak(workload.arrivals, "requests a second at the peak", Unit.PER_SECOND)
    counts = workload.requests
    if arrivals is None or not counts.opening:
        return None
    source = f"access log: %k is 0 in {counts.opening} of {counts.keyed}"
    of_http1 = 1 - (workload.http2_share or 0)
    first = Fraction(counts.opening, counts.keyed) * of_http1
    share = measured("share of first requests of HTTP/1", first, source)
    return (arrivals * share).named(
        "connections opened a second", "as many as are the first of theirs"
    )


def _connections(workload: Workload, server: Server | None) -> Quantity | None:
    """Count open connections by mod_status; outside of event a kept one is a busy worker."""
    status = workload.status
    if status.connections.counts:
        source = f"mod_status, {status.connections.count} samples"
        return measured("open connections", status.connections.at(_PEAK), source)
    if not status.busy.counts or server is None or server.mpm is Mpm.EVENT:
        return None
    return measured(
        "open connections", status.busy.at(_PEAK), f"mod_status, {status.busy.count} samples"
    )


def _held_by_slow(workload: Workload, policy: DemandPolicy) -> Quantity | None:
    """Slow readers at once, on the mean; None where there are too few to matter."""
    if not workload.busy.count:
        return None
    at_once = Fraction(workload.requests.slow_microseconds, workload.busy.count * MICROSECONDS)
    source = "access log: 1 MiB or more, at less than 1 MiB/s"
    return (
        measured("slow readers at once", at_once, source)
        if at_once >= policy.slow_readers.value
        else None
    )


def _open_ends(workload: Workload, server: Server | None, policy: DemandPolicy) -> Iterator[str]:
    """Say why more may have been wanted than the logs show."""
    counts = workload.requests
    if _was_full(workload, server, policy):
        yield "every worker was busy: what had to wait is in no log"
    if _streams_were_full(workload, server, policy):
        yield STREAMS_WERE_FULL
    if workload.service.counts and workload.resolution_microseconds >= _TOO_COARSE:
        yield "%T counts whole seconds and cuts off the rest"
    if 0 < counts.timed < counts.read:
        yield f"{counts.read - counts.timed} of {counts.read} requests have no duration"


def _was_full(workload: Workload, server: Server | None, policy: DemandPolicy) -> bool:
    """Tell whether workers were short; HTTP/2 streams have threads of their own."""
    if any(event.id in _FULL for event in workload.events):
        return True
    limit = _number(server, "MaxRequestWorkers")
    share = 1 - (workload.http2_share or 0)
    by_log = Fraction(workload.busy.at(_PEAK), MICROSECONDS) * share
    busy = max(by_log, Fraction(workload.status.busy.at(_PEAK)))
    return limit is not None and busy * 100 >= limit * policy.full.value


def _streams_were_full(workload: Workload, server: Server | None, policy: DemandPolicy) -> bool:
    each = _number(server, "H2MaxWorkers")
    if server is None or each is None or not isinstance(server.children, Children):
        return False
    streams = Fraction(workload.busy.at(_PEAK), MICROSECONDS) * (workload.http2_share or 0)
    return 0 < each * server.children.count * policy.full.value <= streams * 100


def _number(server: Server | None, directive: str) -> int | None:
    found = server.setting(directive) if server is not None else None
    return found.value if found is not None and isinstance(found.value, int) else None


def _cpu_seconds(server: Server | None) -> Quantity | None:
    """CPU time of a request: what the children have used, by the requests they have served."""
    if server is None or not isinstance(server.status, StatusSample):
        return None
    served, children = server.status.total_accesses, server.children
    if served is None or served < _FEW_ACCESSES or not isinstance(children, Children):
        return None
    used = [one.cpu_milliseconds for one in children.samples]
    if not used or None in used:
        return None
    total = Fraction(sum(one or 0 for one in used) * children.count, len(used))
    source = f"/proc/PID/stat of {len(used)} children, {served} accesses by mod_status"
    return measured("CPU time of a request", total / served / 1000, source, Unit.SECONDS)
