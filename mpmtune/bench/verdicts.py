"""What figures say about common claims."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from mpmtune.model.bench import Claim
from mpmtune.model.sizes import show_size

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Rows = Mapping[str, Mapping[str, float]]

_CLEARLY = 2.0
_LESS = 1.2
_MOST = 0.9
_FEW = 0.5


def queueing(workers: int, clients: int, seen: Rows) -> Claim:
    """Judge by the 99th percentile: ``prefork``, ``worker``, ``event``, and ``prefork, enough``."""
    p99 = {name: figures["p99_seconds"] for name, figures in seen.items()}
    queues = p99["prefork"] > _CLEARLY * p99["event"]
    cured = p99["prefork, enough"] * _CLEARLY < p99["prefork"]
    verdict = "false" if not queues else "partly" if cured else "true"
    finding = (
        f"{workers} workers, {clients} clients: of 100 answers one took longer than "
        f"{p99['prefork']:.2g} s under prefork, {p99['worker']:.2g} s under worker, "
        f"{p99['event']:.2g} s under event. With a child for each client prefork took "
        f"{p99['prefork, enough']:.2g} s"
    )
    why = ": the number of workers makes the queue, not the MPM alone." if cured else "."
    return _claim("prefork queues under high concurrency", verdict, finding + why, seen)


def memory(workers: int, seen: Rows) -> Claim:
    """Judge by the sum of PSS; RSS counts shared pages once for each process."""
    pss = {name: figures["pss_bytes"] for name, figures in seen.items()}
    rss = {name: figures["rss_bytes"] for name, figures in seen.items()}
    ratio = pss["prefork"] / pss["worker"]
    verdict = "true" if ratio > _LESS else "false"
    sizes = ", ".join(f"{show_size(int(size))} under {name}" for name, size in pss.items())
    finding = (
        f"{workers} workers after work: {sizes}; by PSS prefork takes {ratio:.1f} times what worker "
        f"does. RSS would say {rss['prefork'] / rss['worker']:.0f} times."
    )
    return _claim("worker uses less memory than prefork", verdict, finding, seen)


def keeping(workers: int, few: int, many: int, seen: Rows) -> Claim:
    """Judge by the newcomers answered, while few and while many connections are kept open."""
    shares = {
        name: (figures["few_visitors_share"], figures["many_visitors_share"])
        for name, figures in seen.items()
    }
    others = max(shares["prefork"][0], shares["worker"][0])
    better = shares["event"][0] > _MOST and others < _FEW
    verdict = "false" if not better else "true" if shares["event"][1] > _MOST else "partly"
    told = "; ".join(f"{name} {share[0]:.0%} and {share[1]:.0%}" for name, share in shares.items())
    finding = (
        f"Newcomers answered while {few} and while {many} connections are kept open, "
        f"{workers} workers: {told}."
    )
    more = (
        " Event has a ceiling too: (AsyncRequestWorkerFactor + 1) × MaxRequestWorkers."
        if verdict == "partly"
        else ""
    )
    return _claim(
        "event is better when many keep-alive connections are open", verdict, finding + more, seen
    )


def plain(rounds: Sequence[tuple[float, float]]) -> Claim:
    """Judge by answers a second without keep-alive, worker and event in each round."""
    slower = sum(event < worker for worker, event in rounds)
    ratio = median(event / worker for worker, event in rounds)
    verdict = "true" if slower == len(rounds) else "false" if not slower else "unknown"
    finding = (
        f"Without keep-alive event answered {ratio:.2f} times as many requests as worker (median); "
        f"fewer in {slower} of {len(rounds)} rounds."
    )
    rows = {
        f"round {number}": {"worker_per_second": worker, "event_per_second": event}
        for number, (worker, event) in enumerate(rounds, 1)
    }
    text = "under plain load without keep-alive event is slightly slower than worker"
    return _claim(text, verdict, finding, rows)


def _claim(text: str, verdict: str, finding: str, seen: Rows) -> Claim:
    return Claim(
        text, verdict, finding, tuple((name, tuple(row.items())) for name, row in seen.items())
    )
