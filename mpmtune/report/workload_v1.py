"""The published shape ``mpmtune/workload/v1``: numbers to read, and the counts that add up."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from mpmtune.model.workload import MICROSECONDS, SLOT_SECONDS, Requests
from mpmtune.report.derivation import json_number
from mpmtune.report.differences import written
from mpmtune.report.workload_unknown import better_format, unknown_of

if TYPE_CHECKING:
    from fractions import Fraction

    from mpmtune.model.distribution import Distribution
    from mpmtune.model.workload import StatusSamples, Workload

Document = dict[str, Any]

_PER_MILLE = {"p50": 500, "p90": 900, "p95": 950, "p99": 990, "p99_9": 999}
# Buckets that hold nothing are written when there are few of them in a row.
_GAP = 8


def workload_v1(workload: Workload) -> str:
    """Write a workload as JSON, one key on a line, ended by a newline."""
    lines = (
        f'"{key}":{json.dumps(value, separators=(",", ":"))}'
        for key, value in workload_document(workload).items()
    )
    return "{\n" + ",\n".join(lines).replace("\x7f", "\\u007f") + "\n}\n"


def workload_document(workload: Workload) -> Document:
    """Give the document as plain values."""
    counts = workload.requests
    return {
        "schema": "mpmtune/workload/v1",
        "parts": workload.parts,
        "log_formats": list(workload.formats),
        "period": {
            "first": utc(workload.first),
            "last": utc(workload.last),
            "observed_seconds": workload.observed_seconds,
        },
        "lines": {"read": counts.read, "bad": counts.bad, "samples": list(workload.samples)},
        "requests": {
            "per_second": _spread(workload.arrivals, 1),
            "largest_rise": workload.rise,
            "status_classes": dict(workload.status_classes),
        },
        "concurrency": _concurrency(workload),
        "service_time_seconds": _service_time(workload),
        "long_requests": _held(workload, 10, counts.long, counts.long_microseconds),
        "slow_readers": _held(workload, 1, counts.slow, counts.slow_microseconds),
        "bytes": _bytes(workload),
        "connections": _connections(workload),
        "http2_share": _optional(workload.http2_share),
        "day": {
            "slot_seconds": SLOT_SECONDS,
            "requests": list(workload.day_requests),
            "busy_microseconds": list(workload.day_microseconds),
        },
        "events": [
            {"id": event.id, "count": event.count, "first": event.first, "last": event.last}
            for event in workload.events
        ],
        "status": _status(workload.status),
        "troubles": {trouble.value: count for trouble, count in workload.troubles},
        "unknown": [{"what": one.what, "why": one.why} for one in unknown_of(workload)],
        "log_format_to_add": better_format(workload),
        "counts": _counts(workload),
    }


def utc(second: int | None) -> str | None:
    """Write a second since 1970 as ISO 8601."""
    if second is None:
        return None
    return datetime.fromtimestamp(second, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _spread(values: Distribution, unit: int) -> Document:
    spread = {name: _scaled(values.at(rank), unit) for name, rank in _PER_MILLE.items()}
    return {
        "mean": json_number(values.mean / unit),
        **spread,
        "peak": _scaled(values.largest, unit),
    }


def _scaled(value: int, unit: int) -> int | float:
    return value if unit == 1 else round(value / unit, 6)


def _optional(value: Fraction | None) -> int | float | None:
    return None if value is None else json_number(value)


def _concurrency(workload: Workload) -> Document | None:
    if not workload.busy.counts:
        return None
    return {
        **_spread(workload.busy, MICROSECONDS),
        "largest_rise": _scaled(workload.rise_microseconds, MICROSECONDS),
    }


def _service_time(workload: Workload) -> Document | None:
    if not workload.service.counts:
        return None
    spread = _spread(workload.service, MICROSECONDS)
    spread["max"] = spread.pop("peak")
    resolution = _scaled(workload.resolution_microseconds, MICROSECONDS)
    return {**spread, "resolution": resolution}


def _held(workload: Workload, seconds: int, count: int, microseconds: int) -> Document | None:
    """Describe requests that take long, and the workers that they hold on the mean."""
    if not workload.busy.counts:
        return None
    workers = microseconds / workload.busy.count / MICROSECONDS
    return {"at_least_seconds": seconds, "count": count, "busy_workers": round(workers, 6)}


def _bytes(workload: Workload) -> Document | None:
    counts = workload.requests
    if not counts.sized:
        return None
    return {
        "sent_bytes": counts.bytes_sent,
        "mean_bytes": round(counts.bytes_sent / counts.sized, 1),
        "largest_bytes": workload.largest_bytes,
        "sent_bytes_per_second": round(counts.bytes_sent / workload.observed_seconds, 1),
    }


def _connections(workload: Workload) -> Document | None:
    counts = workload.requests
    if not counts.opening:
        return None
    return {
        "opened": counts.opening,
        "opened_per_second": _optional(workload.connections_per_second),
        "requests_per_connection": _optional(workload.requests_per_connection),
        "finish": dict(workload.finish),
    }


def _status(samples: StatusSamples) -> Document | None:
    if not samples.busy.counts:
        return None
    return {
        "samples": samples.busy.count,
        "busy_workers": _spread(samples.busy, 1),
        "idle_workers": _spread(samples.idle, 1),
        "connections": _spread(samples.connections, 1) if samples.connections.counts else None,
        "keepalive": _spread(samples.keepalive, 1) if samples.keepalive.counts else None,
    }


def _counts(workload: Workload) -> Document:
    """Give what is needed to add this workload to others."""
    status = workload.status
    return {
        "requests": {one.name: getattr(workload.requests, one.name) for one in fields(Requests)},
        "first": workload.first,
        "last": workload.last,
        "resolution_microseconds": workload.resolution_microseconds,
        "rise": workload.rise,
        "rise_microseconds": workload.rise_microseconds,
        "largest_bytes": workload.largest_bytes,
        "finish": dict(workload.finish),
        "arrivals": _runs(workload.arrivals),
        "busy_microseconds": _runs(workload.busy),
        "service_microseconds": _runs(workload.service),
        "status_busy": _runs(status.busy),
        "status_idle": _runs(status.idle),
        "status_connections": _runs(status.connections),
        "status_keepalive": _runs(status.keepalive),
    }


def _runs(values: Distribution) -> Document:
    """Write buckets as runs: the number of the first one, and its count and those that follow."""
    runs: list[tuple[int, list[int]]] = []
    last = None
    for bucket, count in values.counts:
        if last is None or bucket - last > _GAP:
            runs.append((bucket, [count]))
        else:
            runs[-1][1].extend([0] * (bucket - last - 1) + [count])
        last = bucket
    return {
        "total": values.total,
        "largest": values.largest,
        "runs": [[first, written(counts)] for first, counts in runs],
    }
