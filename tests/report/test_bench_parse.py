from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest

from mpmtune.errors import InputError
from mpmtune.model.load import MemorySample
from mpmtune.model.quantity import Trust, Unit
from mpmtune.model.server import Mpm
from mpmtune.report.bench_parse import parse_bench

SAMPLE = {"mpm": "prefork", "children": 12, "threads": 1, "pss_bytes": 9_000_000, "source": "run 1"}


def document(*loads: dict[str, object], **more: object) -> str:
    workloads = [
        {
            "budget_bytes": 536_870_912,
            "evidence": {"memory_samples": [SAMPLE], "load": load, "workload": None},
        }
        for load in loads
    ]
    made = {"schema": "mpmtune/bench/v1", "made": "2026-11-24", "workloads": workloads}
    return json.dumps(made | more)


def test_what_a_bench_measured_is_measured() -> None:
    found = parse_bench("r.json", document({"service": 0.25, "arrivals": 90, "streams": 7}))
    service = found.load.service
    assert service is not None
    assert (service.value, service.unit, service.trust) == (
        Fraction(1, 4),
        Unit.SECONDS,
        Trust.MEASURED,
    )
    assert found.load.arrivals is not None
    assert found.load.arrivals.unit is Unit.PER_SECOND
    assert found.load.connections is None
    assert found.memory_samples == (MemorySample(Mpm.PREFORK, 12, 1, 9_000_000, "run 1"),)
    assert found.workload is None


def test_memory_that_nothing_held_down_binds_no_plan() -> None:
    text = document({"service": 1}).replace("536870912", "null")
    assert parse_bench("r.json", text).memory_samples == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        document({"service": "soon"}),
        document({"service": -1}),
        document({"service": True}),
        document({"service": 1}, schema="mpmtune/plan/v1"),
        document({"service": 1}).replace('"children": 12', '"children": 1.5'),
        document({"service": 1}).replace('"prefork"', '"itk"'),
    ],
)
def test_what_is_no_result_of_a_bench_is_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"r\.json is no result of a bench"):
        parse_bench("r.json", text)


@pytest.mark.parametrize("loads", [(), ({},), ({"service": 1}, {"service": 2})])
def test_exactly_one_workload_must_have_been_planned_for(loads: tuple[dict[str, Any], ...]) -> None:
    with pytest.raises(InputError, match="workloads that were planned for"):
        parse_bench("r.json", document(*loads))
