"""What an MPM changes without a word when it starts to run, after check_config.

``httpd -t`` ends before, so it never shows these. Sources: event.c and worker.c: *_run and
*_open_logs, prefork.c: prefork_run, listen.c: ap_duplicate_listeners.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from mpmtune.model.httpd import Mpm

if TYPE_CHECKING:
    from collections.abc import Mapping

LATEST = (2, 4, 71)
_BUCKETS_SINCE = (2, 4, 17)
_LOWER_MIN_SPARE_SINCE = (2, 4, 21)
_HIGHER_MAX_SPARE_SINCE = (2, 4, 23)

# scoreboard.h, compiled for 2.4.71 on a 64-bit Linux.
_GLOBAL_SCORE_BYTES = 56
_PROCESS_SCORE_BYTES = 40
_WORKER_SCORE_BYTES = 336


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One silent change."""

    directive: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Started:
    """The values a running MPM works with.

    Attributes:
        effective: Directive in the manual's spelling → number.
        changes: What differs from the values that check_config left.
        children: How many children may serve at once.
        initial_children: How many the parent starts with.
        overruns_scoreboard: More children than ServerLimit has slots for, because every listener
            bucket wants one: the parents of prefork and worker die of a segmentation fault,
            event leaves buckets without a child, and their connections without an answer.
    """

    effective: Mapping[str, int]
    changes: tuple[Adjustment, ...]
    children: int
    initial_children: int
    overruns_scoreboard: bool


def listener_buckets(ratio: int, online_cpus: int) -> int:
    """Give the number of listener buckets for a ListenCoresBucketsRatio; 0 stands for unset."""
    return max(1, online_cpus // ratio) if ratio > 0 else 1


def start(
    mpm: Mpm,
    corrected: Mapping[str, int],
    *,
    buckets: int = 1,
    version: tuple[int, ...] = LATEST,
) -> Started:
    """Adjust the values that ``corrections.correct`` left, as the starting MPM does.

    Args:
        mpm: The MPM that starts.
        corrected: Its values after check_config.
        buckets: Listener buckets; see ``listener_buckets``.
        version: httpd's version; the floors of the spare limits moved in 2.4.17, 2.4.21, 2.4.23.
    """
    if version < _BUCKETS_SINCE:
        buckets = 1
    values = dict(corrected)
    if mpm is Mpm.PREFORK:
        children = _start_prefork(values, buckets)
    else:
        children = _start_threaded(values, buckets, version)
    values["StartServers"] = max(values["StartServers"], buckets)
    slots = values["ServerLimit"]
    most = min(children, slots) if mpm is Mpm.EVENT else children
    changes = tuple(
        Adjustment(name, before, values[name])
        for name, before in corrected.items()
        if values[name] != before
    )
    return Started(
        MappingProxyType(values),
        changes,
        children,
        min(values["StartServers"], most),
        overruns_scoreboard=children > slots,
    )


def scoreboard_bytes(server_limit: int, thread_limit: int) -> int:
    """Give the size of the shared memory that httpd allocates at start; prefork has 1 thread."""
    per_child = _PROCESS_SCORE_BYTES + thread_limit * _WORKER_SCORE_BYTES
    return _GLOBAL_SCORE_BYTES + server_limit * per_child


def _start_prefork(values: dict[str, int], buckets: int) -> int:
    values["MaxRequestWorkers"] = max(values["MaxRequestWorkers"], buckets)
    values["MinSpareServers"] = max(values["MinSpareServers"], buckets)
    values["MaxSpareServers"] = max(values["MaxSpareServers"], values["MinSpareServers"] + buckets)
    return values["MaxRequestWorkers"]


def _start_threaded(values: dict[str, int], buckets: int, version: tuple[int, ...]) -> int:
    threads = values["ThreadsPerChild"]
    children = max(values["MaxRequestWorkers"] // threads, buckets)
    values["MaxRequestWorkers"] = children * threads
    lowest = _min_spare_floor(threads, buckets, version)
    values["MinSpareThreads"] = max(values["MinSpareThreads"], lowest)
    per_bucket = threads + 1 if version >= _HIGHER_MAX_SPARE_SINCE else threads
    values["MaxSpareThreads"] = max(
        values["MaxSpareThreads"], values["MinSpareThreads"] + per_bucket * buckets
    )
    return children


def _min_spare_floor(threads: int, buckets: int, version: tuple[int, ...]) -> int:
    if version >= _LOWER_MIN_SPARE_SINCE:
        return threads * (buckets - 1) + buckets
    return threads * buckets if version >= _BUCKETS_SINCE else 1
