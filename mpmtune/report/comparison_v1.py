"""The published shape ``mpmtune/comparison/v1``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from mpmtune.report.derivation import Derivations
from mpmtune.report.plan_v1 import load_document, step_document

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mpmtune.model.quantity import Quantity
    from mpmtune.model.unknown import Unknown
    from mpmtune.plan.comparison import Candidate, Comparison
    from mpmtune.plan.prediction import Prediction

Document = dict[str, Any]

MODEL = (
    "M/M/c: arrivals at random, times spread as exponentially, one queue for all workers; "
    "p95 is the sum of both percentiles"
)


def comparison_v1(comparison: Comparison, unknown: Iterable[Unknown]) -> str:
    """Write a comparison as JSON in plain ASCII, ended by a newline."""
    trees = Derivations(frozenset())
    document = {
        "schema": "mpmtune/comparison/v1",
        "model": MODEL,
        "load": load_document(comparison.load, trees),
        "memory_bytes": comparison.memory.whole,
        "candidates": [_candidate(one, trees) for one in comparison.candidates],
        "unknown": [{"what": one.what, "why": one.why} for one in unknown],
    }
    return json.dumps(document, indent=2) + "\n"


def _candidate(candidate: Candidate, trees: Derivations) -> Document:
    return {
        "name": candidate.name,
        "mpm": candidate.mpm.value,
        "settings": dict(candidate.settings),
        "blockers": [{"what": what, "why": why} for what, why in candidate.blockers],
        "prediction": _prediction(candidate.prediction, trees),
    }


def _prediction(found: Prediction, trees: Derivations) -> Document:
    numbers: dict[str, Quantity | None] = {
        "workers": found.workers,
        "connections": found.connections,
        "memory_peak_bytes": found.memory,
        "memory_worst_bytes": found.memory_worst,
        "saturation_per_second": found.saturation,
    }
    known = {name: number for name, number in numbers.items() if number is not None}
    return {
        **{name: None if number is None else number.whole for name, number in numbers.items()},
        "limited_by": found.limited_by,
        "utilisation": _rounded(found.utilisation),
        "wait_seconds": _rounded(found.wait_seconds),
        "p95_seconds": _rounded(found.p95_seconds),
        "overloaded": found.overloaded,
        "refuses_connections": found.refuses,
        "trust": found.trust.word,
        "memory_trust": found.memory.trust.word,
        "derivations": {name: step_document(trees.of(number)) for name, number in known.items()},
    }


def _rounded(value: object) -> float | None:
    return None if value is None else round(float(value), 6)  # type: ignore[arg-type]  # a number
