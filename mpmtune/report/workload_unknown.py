"""What a log cannot tell, and the LogFormat with which it could."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mpmtune.model.unknown import Unknown

if TYPE_CHECKING:
    from mpmtune.model.workload import Workload

_FIELD = re.compile(r"%[<>!,\d]*(?:\{[^}]*\})?([A-Za-z])")
_COMBINED = '%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i"'
_ADDED = ("D", "k", "X")
_WHOLE_SECOND = 1_000_000


def unknown_of(workload: Workload) -> tuple[Unknown, ...]:
    """Name what the logs do not say, and why; nothing of it is guessed."""
    counts = workload.requests
    if not counts.read:
        return (Unknown("requests", "no log holds a request"),) if workload.formats else ()
    missing = (
        (counts.timed, "service_time, concurrency", "its format has no %D"),
        (counts.opening, "connections", "its format has no %k, or all requests are of HTTP/2"),
        (counts.protocol_known, "http2", "its format has neither %r nor %H"),
        (counts.sized, "bytes", "its format has neither %b, %B nor %O"),
    )
    found = [Unknown(what, f"no log tells: {why}") for known, what, why in missing if not known]
    if 0 < counts.timed < counts.read:
        why = f"{counts.read - counts.timed} of {counts.read} requests have no duration"
        found.append(Unknown("concurrency.complete", why))
    if workload.resolution_microseconds >= _WHOLE_SECOND:
        why = "%T counts whole seconds, the rest is cut off: the numbers are lower bounds"
        found.append(Unknown("service_time.below_a_second", why))
    return tuple(found)


def better_format(workload: Workload) -> str | None:
    """Give a LogFormat directive with what is missing; None when nothing is."""
    text = workload.formats[0] if workload.formats else _COMBINED
    letters = set(_FIELD.findall(text))
    added = [f"%{letter}" for letter in _ADDED if letter not in letters]
    if not added:
        return None
    quoted = " ".join((text, *added)).replace("\\", "\\\\").replace('"', '\\"')
    return f'LogFormat "{quoted}" mpmtune'
