"""The workload of a plan, as lines and as a document."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import jsonschema

from mpmtune.model.load import NOTHING_KNOWN, Load
from mpmtune.model.quantity import declared
from mpmtune.model.server import Mpm
from mpmtune.plan.planner import plan
from mpmtune.report.plan_load import load_lines
from mpmtune.report.plan_text import derivations, plan_lines
from mpmtune.report.plan_v1 import plan_document, plan_v1
from mpmtune.report.text import plain
from tests.builders import a_machine, a_server, a_workload, facts

SCHEMA = json.loads((Path(__file__).parents[2] / "mpmtune/schemas/plan_v1.json").read_text("utf-8"))
KNOWN = replace(
    facts(a_machine(8192, 4096, 2), a_server(settings={"MaxRequestWorkers": 100})),
    workload=a_workload(360, 250, keyed=2400, opening=600, slow=6, slow_microseconds=120_000_000),
    load=Load(connections=declared("connections kept open", 5000, "--keepalive-connections")),
)
MADE = plan(Mpm.EVENT, "a test", KNOWN)


def test_a_plan_for_a_workload_agrees_with_its_schema() -> None:
    for mpm in Mpm:
        document = json.loads(plan_v1(plan(mpm, "a test", KNOWN)))
        jsonschema.Draft202012Validator(SCHEMA).validate(document)


def test_the_document_says_what_the_load_is_and_what_it_rests_on() -> None:
    load = plan_document(MADE)["load"]
    assert (load["arrivals"]["value"], load["arrivals"]["unit"]) == (360, "per_second")
    assert load["arrivals"]["trust"] == "measured"
    assert (load["connections"]["value"], load["connections"]["trust"]) == (5000, "declared")
    assert load["streams"] is None
    assert len(load["open_ended"]) == 0


def test_without_a_workload_there_is_no_load() -> None:
    assert plan_document(plan(Mpm.EVENT, "a test", facts()))["load"] is None
    assert load_lines(NOTHING_KNOWN, 80) == []


def test_each_number_says_what_bound_it_and_what_would_next() -> None:
    document = plan_document(MADE)
    settings = {one["directive"]: one for one in document["settings"]}
    workers = settings["MaxRequestWorkers"]
    assert (workers["bound_by"], workers["next_bound"]) == (
        "demand",
        {"name": "memory", "value": 7475},
    )
    assert document["next_bound"] == workers["next_bound"]
    assert settings["AsyncRequestWorkerFactor"]["bound_by"] == "demand"
    assert settings["ServerLimit"]["bound_by"] == "demand"
    assert settings["Timeout"]["bound_by"] is None
    assert settings["Timeout"]["next_bound"] is None


def test_the_screen_shows_the_load_within_80_columns() -> None:
    lines = plain(plan_lines(MADE, 80)).splitlines()
    assert max(map(len, lines)) <= 80
    start = lines.index("Workload")
    assert lines[start + 1].split()[:4] == ["requests", "a", "second", "360/s"]
    assert any("connections kept open" in line and "5000" in line for line in lines)
    assert "the next bound is memory at 7,475" in " ".join(" ".join(lines).split())


def test_what_may_be_more_is_said_with_its_reason() -> None:
    load = replace(MADE.load, open_ended=("every worker was busy",))
    assert "There may be more: every worker was busy." in plain(load_lines(load, 80))


def test_the_derivation_names_all_bounds() -> None:
    text = plain(derivations(MADE))
    assert "held against: the demand 400, memory 7,475" in text
    assert "requests in work at once 89.7" in text


def test_a_plan_for_a_workload_says_what_it_comes_to() -> None:
    text = " ".join(plain(plan_lines(MADE, 80)).split())
    assert "8,000 connections before newcomers are refused." in text
    assert "At most 1,600 requests a second (workers). 22% of it are used" in text
    prediction = plan_document(MADE)["prediction"]
    assert (prediction["saturation_per_second"], prediction["limited_by"]) == (1600, "workers")
    assert prediction["overloaded"] is False


def test_a_plan_that_cannot_answer_all_says_so() -> None:
    small = replace(KNOWN, machine=a_machine(128, 96, 2))
    text = " ".join(plain(plan_lines(plan(Mpm.PREFORK, "a test", small), 80)).split())
    assert "More arrives than that." in text


def test_without_a_workload_nothing_is_predicted() -> None:
    made = plan(Mpm.EVENT, "a test", facts())
    assert plan_document(made)["prediction"] is None
    assert "Predicted" not in plain(plan_lines(made, 80))
