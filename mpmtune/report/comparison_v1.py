"""The published shape ``mpmtune/comparison/v1``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from mpmtune.report.derivation import Derivations
from mpmtune.report.plan_v1 import load_document
from mpmtune.report.prediction_v1 import prediction_document

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mpmtune.model.unknown import Unknown
    from mpmtune.plan.comparison import Candidate, Comparison

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
        "prediction": prediction_document(candidate.prediction, trees),
    }
