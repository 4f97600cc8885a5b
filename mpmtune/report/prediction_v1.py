"""A prediction as plain values, for the documents that hold one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mpmtune.report.steps import step_document

if TYPE_CHECKING:
    from mpmtune.model.prediction import Prediction
    from mpmtune.model.quantity import Quantity
    from mpmtune.report.derivation import Derivations


def prediction_document(found: Prediction, trees: Derivations) -> dict[str, Any]:
    """Give a prediction with the derivation of each number that has one."""
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
