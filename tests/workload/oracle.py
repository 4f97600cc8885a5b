"""The same numbers, worked out the simple way from what apachelogs reads."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mpmtune.model.distribution import Distribution
    from mpmtune.model.workload import Workload

SECOND = 1_000_000
_DURATIONS = {"%D": 1, "%{us}T": 1, "%{ms}T": 1000, "%T": SECOND}
_SIZES = ("%O", "%B", "%b")


@dataclass
class Oracle:
    """What a log holds: lists and dictionaries of everything, as long as the log."""

    read: int = 0
    bad: int = 0
    durations: list[int] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    arrivals: Counter[int] = field(default_factory=Counter)
    work: Counter[int] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    http2: int = 0
    numbers: list[int] = field(default_factory=list)
    finish: Counter[str] = field(default_factory=Counter)


def oracle(lines: Iterable[bytes], text: str) -> Oracle:
    """Read lines with apachelogs."""
    from apachelogs import InvalidEntryError, LogParser

    parser = LogParser(text)
    made = Oracle()
    for line in lines:
        try:
            entry = parser.parse(line.decode("latin-1"))
        except InvalidEntryError:
            made.bad += 1
            continue
        _take(made, entry, entry.directives)
    return made


def _take(made: Oracle, entry: Any, fields: dict[str, Any]) -> None:
    made.read += 1
    second = int(entry.request_time.timestamp())
    made.arrivals[second] += 1
    made.statuses[str(fields["%>s"])[:1]] += 1
    protocol = fields["%H"] if "%H" in fields else (fields["%r"] or "").rpartition(" ")[2]
    made.http2 += protocol == "HTTP/2.0"
    if "%k" in fields and protocol != "HTTP/2.0":
        made.numbers.append(fields["%k"])
    if "%X" in fields:
        made.finish[fields["%X"]] += 1
    size = next((name for name in _SIZES if name in fields), None)
    if size:
        made.sizes.append(fields[size] or 0)
    unit = next((name for name in _DURATIONS if name in fields), None)
    if unit:
        duration = int(fields[unit]) * _DURATIONS[unit]
        made.durations.append(duration)
        while duration > 0:
            made.work[second] += min(duration, SECOND)
            duration -= SECOND
            second += 1


def agree(found: Workload, wanted: Oracle) -> None:
    """See that a workload says what the oracle says.

    Raises:
        AssertionError: where it does not.
    """
    counts = found.requests
    assert (counts.read, counts.bad) == (wanted.read, wanted.bad)
    seconds = range(min(wanted.arrivals), max(wanted.arrivals) + 1)
    _agree(found.arrivals, [wanted.arrivals[second] for second in seconds])
    assert dict(found.status_classes) == dict(wanted.statuses)
    assert counts.http2 == wanted.http2
    assert (counts.keyed, counts.opening) == (len(wanted.numbers), wanted.numbers.count(0))
    assert dict(found.finish) == dict(wanted.finish)
    assert (counts.sized, counts.bytes_sent) == (len(wanted.sizes), sum(wanted.sizes))
    assert found.largest_bytes == max(wanted.sizes, default=0)
    if wanted.durations:
        _agree(found.service, wanted.durations)
        _agree(found.busy, [wanted.work[second] for second in seconds])
        assert counts.long == sum(one >= 10 * SECOND for one in wanted.durations)


def _agree(found: Distribution, values: list[int]) -> None:
    assert (found.count, found.total, found.largest) == (len(values), sum(values), max(values))
    ranked = sorted(values)
    for per_mille in (1, 100, 250, 500, 900, 950, 990, 999, 1000):
        exact = ranked[-(-len(values) * per_mille // 1000) - 1]
        assert abs(found.at(per_mille) - exact) * 128 <= max(exact, 1)
