"""``mpmtune/bench/v1`` back to what a plan can rest on: load, memory, and the workload observed."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from mpmtune.errors import InputError
from mpmtune.model.load import NOTHING_KNOWN, MemorySample
from mpmtune.model.quantity import Unit, measured
from mpmtune.model.server import Mpm
from mpmtune.report.safe_text import printable
from mpmtune.report.workload_parse import parse_workload

if TYPE_CHECKING:
    from mpmtune.model.load import Load
    from mpmtune.model.workload import Workload

SCHEMA = "mpmtune/bench/v1"
_UNITS = {
    "arrivals": Unit.PER_SECOND,
    "service": Unit.SECONDS,
    "service_p95": Unit.SECONDS,
    "concurrency": Unit.COUNT,
    "usual": Unit.COUNT,
    "burst": Unit.COUNT,
    "opened": Unit.PER_SECOND,
    "connections": Unit.COUNT,
    "slow_readers": Unit.COUNT,
    "streams": Unit.COUNT,
    "cpu_seconds": Unit.SECONDS,
}
_MOST = 1 << 50
_MOST_SAMPLES = 10


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a bench has measured.

    Attributes:
        load: What its workload asks for.
        memory_samples: Memory of httpds of known size under it, where memory was held to a budget.
        workload: What its log said; None where it kept none.
    """

    load: Load
    memory_samples: tuple[MemorySample, ...]
    workload: Workload | None


def parse_bench(name: str, text: str) -> Evidence:
    """Read the evidence of a bench of one workload.

    Args:
        name: Where it comes from, for messages.
        text: A JSON document.

    Raises:
        InputError: when it is none, or holds no or several workloads with evidence.
    """
    try:
        found = _all_evidence(json.loads(text), name)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise InputError(
            f"{printable(name)} is no result of a bench.", "Give what mpmtune bench -f json wrote."
        ) from None
    if len(found) != 1:
        raise InputError(
            f"{printable(name)} tells of {len(found)} workloads that were planned for.",
            "Run mpmtune bench with one workload, and with plan among its settings.",
        )
    return found[0]


def _all_evidence(document: dict[str, Any], name: str) -> list[Evidence]:
    if document["schema"] != SCHEMA:
        raise ValueError
    source = f"bench of {printable(str(document['made'])[:40])}"
    planned = [one for one in document["workloads"] if one["evidence"]["load"]]
    return [_evidence(one, source, name) for one in planned]


def _evidence(measured_one: dict[str, Any], source: str, name: str) -> Evidence:
    part = measured_one["evidence"]
    # Samples are followed upwards for a little only: without a budget they would bind for nothing.
    held = measured_one["budget_bytes"] is not None
    samples = part["memory_samples"][:_MOST_SAMPLES] if held else []
    workload = part["workload"]
    known: dict[str, Any] = {
        key: measured(key.replace("_", " "), _number(part["load"][key]), source, unit)
        for key, unit in _UNITS.items()
        if key in part["load"]
    }
    return Evidence(
        load=replace(NOTHING_KNOWN, **known),
        memory_samples=tuple(
            MemorySample(
                Mpm(one["mpm"]),
                _count(one["children"]),
                _count(one["threads"]),
                _count(one["pss_bytes"]),
                printable(str(one["source"])[:100]),
                _count(one["connections"]) if one.get("connections") else 0,
            )
            for one in samples
        ),
        workload=None if workload is None else parse_workload(name, json.dumps(workload)),
    )


def _number(value: object) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < _MOST:
        raise ValueError
    return Fraction(str(value))


def _count(value: object) -> int:
    number = _number(value)
    if number.denominator != 1 or not number:
        raise ValueError
    return int(number)
