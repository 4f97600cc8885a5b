"""A derivation as plain values, for a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mpmtune.report.derivation import json_number

if TYPE_CHECKING:
    from mpmtune.report.derivation import Step

Document = dict[str, Any]


def step_document(step: Step) -> Document:
    """Give a derivation as plain values: ``{label, value, unit, op, inputs}`` and its evidence."""
    quantity = step.quantity
    made: Document = {
        "label": quantity.label,
        "value": json_number(quantity.value),
        "unit": quantity.unit.value,
        "op": step.op,
        "inputs": [step_document(part) for part in step.inputs],
    }
    if quantity.because:
        made["because"] = quantity.because
    if quantity.evidence is not None:
        made["trust"] = quantity.evidence.trust.word
        made["source"] = quantity.evidence.source
    return made
