"""The published shape ``mpmtune/bench/v1``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mpmtune.model.bench import Bench, Claim, Compared, Measured, Run

Document = dict[str, Any]


def bench_v1(bench: Bench) -> str:
    """Write a bench as JSON, ended by a newline."""
    return json.dumps(bench_document(bench), indent=2) + "\n"


def bench_document(bench: Bench) -> Document:
    """Give the document as plain values."""
    return {
        "schema": "mpmtune/bench/v1",
        "made": bench.made,
        "command": bench.command,
        "machine": dict(bench.machine),
        "seconds": round(bench.seconds, 1),
        "workloads": [_compared(one) for one in bench.compared],
        "claims": [_claim(one) for one in bench.claims],
        "remarks": list(bench.remarks),
        "unknown": [],
    }


def _compared(compared: Compared) -> Document:
    best = compared.best
    return {
        "name": compared.workload,
        "about": compared.about,
        "scored": compared.scored,
        "guard": compared.guard,
        "budget_bytes": compared.budget_bytes,
        "scale": compared.scale,
        "best": None if best is None else best.name,
        "settings": [_setting(compared, one) for one in compared.settings],
        "evidence": {
            "memory_samples": [
                {
                    "mpm": one.mpm.value,
                    "children": one.children,
                    "threads": one.threads,
                    "pss_bytes": one.pss_bytes,
                    "source": one.source,
                    "connections": one.connections,
                }
                for one in compared.samples
            ],
            "load": dict(compared.load),
            "workload": json.loads(compared.summary) if compared.summary else None,
        },
        "remarks": list(compared.remarks),
    }


def _setting(compared: Compared, one: Measured) -> Document:
    return {
        "name": one.name,
        "role": one.role,
        "mpm": one.mpm.value,
        "origin": one.origin,
        "directives": one.directives,
        "refused": one.refused or None,
        "score": one.score,
        "spread": one.spread,
        "ratio": compared.ratio(one),
        "pss_bytes": one.pss_bytes,
        "over_budget": one.over_budget,
        "predicted_pss_bytes": one.predicted_bytes,
        "predicted_saturation_per_second": one.predicted_per_second,
        "runs": [_run(run) for run in one.runs],
    }


def _run(run: Run) -> Document:
    return {
        "score": run.score,
        "seconds": round(run.seconds, 3),
        "pss_bytes": run.pss_bytes,
        "children": run.children,
        "over_budget": run.over_budget,
        "events": list(run.events),
        "figures": dict(run.figures),
    }


def _claim(claim: Claim) -> Document:
    return {
        "claim": claim.text,
        "verdict": claim.verdict,
        "finding": claim.finding,
        "cases": [{"name": name, "figures": dict(figures)} for name, figures in claim.rows],
    }
