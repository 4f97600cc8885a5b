"""The published shape mpmtune/bench/v1."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema

import mpmtune
from mpmtune.report.bench_v1 import bench_v1
from tests.report.bench_example import BENCH

SCHEMA = json.loads(
    (Path(mpmtune.__file__).parent / "schemas" / "bench_v1.json").read_text("utf-8")
)


def test_a_bench_is_as_its_schema_says() -> None:
    text = bench_v1(BENCH)
    assert text.endswith("}\n")
    jsonschema.validate(json.loads(text), SCHEMA)


def test_the_numbers_stand_where_they_are_promised() -> None:
    heavy = json.loads(bench_v1(BENCH))["workloads"][0]
    plan = heavy["settings"][0]
    assert (heavy["name"], heavy["best"], heavy["budget_bytes"]) == (
        "mem_heavy",
        "prefork 36",
        536870912,
    )
    assert (plan["score"], plan["predicted_saturation_per_second"]) == (90, 90.0)
    assert plan["predicted_pss_bytes"] == 513802240
    assert plan["runs"][1]["pss_bytes"] == 507510784
    assert heavy["evidence"]["memory_samples"][0]["children"] == 10
    assert heavy["evidence"]["load"] == {"arrivals": 90.0}
    assert heavy["evidence"]["workload"] == {"schema": "mpmtune/workload/v1"}
