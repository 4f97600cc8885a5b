"""The published shape ``mpmtune/plan/v1``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from mpmtune.model.quantity import Trust
from mpmtune.render.snippet import render_snippet, render_system_limits
from mpmtune.report.derivation import Derivations, json_number
from mpmtune.report.prediction_v1 import prediction_document
from mpmtune.report.steps import step_document

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mpmtune.model.load import Load
    from mpmtune.model.plan import Bound, Budget, Plan, Setting, Switch
    from mpmtune.model.quantity import Quantity
    from mpmtune.model.server import EffectiveSetting

Document = dict[str, Any]


def plan_v1(plan: Plan) -> str:
    """Write a plan as JSON in plain ASCII, ended by a newline."""
    return json.dumps(plan_document(plan), indent=2) + "\n"


def plan_document(plan: Plan) -> Document:
    """Give the document as plain values."""
    settings = (*plan.settings, *plan.system_limits)
    trees = Derivations(frozenset(made.directive for made in settings))
    return {
        "schema": "mpmtune/plan/v1",
        "planned_for": plan.planned_for or None,
        "mpm": plan.mpm.value,
        "chosen_because": plan.chosen_because,
        "bound_by": plan.bound_by,
        "next_bound": _bound(plan.next_bound),
        "settings": [_setting(made, trees) for made in plan.settings],
        "system_limits": [_setting(made, trees) for made in plan.system_limits],
        "budget": _budget(plan.budget, trees),
        "load": load_document(plan.load, trees),
        "prediction": None
        if plan.prediction is None
        else prediction_document(plan.prediction, trees),
        "assumptions": [
            {
                "label": leaf.label,
                "value": json_number(leaf.value),
                "unit": leaf.unit.value,
                "why": leaf.evidence.source,
                "measure": leaf.evidence.measure,
            }
            for leaf in assumptions(plan)
            if leaf.evidence is not None
        ],
        "switch": _switch(plan.switch),
        "warnings": list(plan.warnings),
        "snippet": render_snippet(plan),
        "system_limits_drop_in": render_system_limits(plan) or None,
        "unknown": [{"what": one.what, "why": one.why} for one in plan.unknown],
    }


def assumptions(plan: Plan) -> tuple[Quantity, ...]:
    """Give the assumed leaves that decided a value of the plan, each once."""
    values = [made.proposed for made in (*plan.settings, *plan.system_limits)]
    found: dict[str, Quantity] = {}
    for leaf in _deciding((*values, plan.budget.expected_peak, plan.budget.for_httpd)):
        if leaf.evidence is not None and leaf.evidence.trust is Trust.ASSUMED:
            found.setdefault(leaf.label, leaf)
    return tuple(found.values())


def _deciding(values: Iterable[Quantity]) -> Iterable[Quantity]:
    for value in values:
        yield from value.deciding_leaves()


def _setting(made: Setting, trees: Derivations) -> Document:
    return {
        "directive": made.directive,
        "current": _current(made.current),
        "current_file": made.current.file if made.current else None,
        "current_line": made.current.line if made.current else None,
        "proposed": made.text if made.flag else made.proposed.whole,
        "effect": made.effect.value,
        "bound_by": made.bound_by,
        "next_bound": _bound(made.next_bound),
        "trust": made.proposed.trust.word,
        "why": made.because,
        "derivation": step_document(trees.of(made.proposed)),
    }


def _bound(bound: Bound | None) -> Document | None:
    return None if bound is None else {"name": bound.name, "value": bound.value.whole}


def load_document(load: Load, trees: Derivations) -> Document | None:
    """Give a load as plain values, each part with its derivation; None where nothing is known."""
    if not load.known:
        return None
    made: Document = {}
    for name, part in load.parts():
        made[name] = part and {
            "value": json_number(part.value),
            "unit": part.unit.value,
            "trust": part.trust.word,
            "derivation": step_document(trees.of(part)),
        }
    return {**made, "open_ended": list(load.open_ended)}


def _current(current: EffectiveSetting | None) -> int | float | str | None:
    return current.value if current is not None else None


def _budget(budget: Budget, trees: Derivations) -> Document:
    return {
        "memory_bytes": budget.for_httpd.whole,
        "expected_peak_bytes": budget.expected_peak.whole,
        "total_bytes": budget.total.whole,
        "others_bytes": budget.others.whole,
        "reserve_bytes": budget.reserve.whole,
        "fits": budget.expected_peak.value <= budget.for_httpd.value,
        "trust": budget.for_httpd.trust.word,
        "derivations": {
            "memory": step_document(trees.of(budget.for_httpd)),
            "expected_peak": step_document(trees.of(budget.expected_peak)),
        },
    }


def _switch(switch: Switch | None) -> Document | None:
    if switch is None:
        return None
    return {
        "from": switch.source.value,
        "to": switch.target.value,
        "blockers": [
            {"what": one.what, "why": one.why, "way_out": one.way_out} for one in switch.blockers
        ],
    }
