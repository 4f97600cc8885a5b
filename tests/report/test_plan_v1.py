"""The published plan."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from mpmtune.model.plan import Blocker, Switch
from mpmtune.model.server import Mpm
from mpmtune.model.unknown import Unknown
from mpmtune.plan.planner import plan
from mpmtune.report.plan_v1 import plan_document, plan_v1
from tests.builders import a_machine, a_server, facts

SCHEMA = json.loads((Path(__file__).parents[2] / "mpmtune/schemas/plan_v1.json").read_text("utf-8"))


@pytest.mark.parametrize("mpm", list(Mpm))
@pytest.mark.parametrize("modules", [(), ("http2_module", "php_module", "ssl_module")])
def test_a_plan_agrees_with_its_schema(mpm: Mpm, modules: tuple[str, ...]) -> None:
    known = facts(a_machine(8192, 4096, "1.5", 512, 256), a_server(mpm, modules))
    made = replace(
        plan(mpm, "a test", known),
        switch=Switch(Mpm.PREFORK, Mpm.EVENT, (Blocker("php_module", "why", "way out"),)),
        unknown=(Unknown("host.distro", "no os-release"),),
    )
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(plan_v1(made)))


def test_the_keys_of_the_contract_hold_the_numbers() -> None:
    server = a_server(settings={"MaxRequestWorkers": 150, "KeepAlive": "Off"})
    document = plan_document(plan(Mpm.EVENT, "a test", facts(a_machine(2048, 1024, 2), server)))
    settings = {one["directive"]: one for one in document["settings"]}
    workers = settings["MaxRequestWorkers"]
    assert (workers["current"], workers["proposed"], workers["effect"]) == (150, 400, "graceful")
    assert (workers["current_file"], workers["current_line"]) == ("httpd.conf", 1)
    assert (settings["KeepAlive"]["current"], settings["KeepAlive"]["proposed"]) == ("Off", "On")
    assert settings["ServerLimit"]["current"] is None
    assert settings["Timeout"]["trust"] == "documented"
    assert workers["trust"] == "assumed"
    assert document["budget"]["memory_bytes"] == 858_993_460
    assert document["switch"] is None
    assert document["snippet"].startswith("# MPM event")


def test_a_derivation_ends_in_leaves_with_evidence() -> None:
    document = plan_document(plan(Mpm.EVENT, "a test", facts(a_machine(2048, 1024, 2))))

    def check(step: dict[str, object]) -> int:
        inputs = step["inputs"]
        assert isinstance(inputs, list)
        if step["op"] == "leaf":
            assert step["source"]
            assert step["trust"] in {"assumed", "documented", "declared", "measured"}
        if not inputs:
            assert step["op"] in {"leaf", "see"}
            return 1
        return 1 + sum(check(part) for part in inputs)

    sizes = {one["directive"]: check(one["derivation"]) for one in document["settings"]}
    assert sizes["KeepAlive"] == 2
    assert 40 < sizes["ThreadsPerChild"] < 150
    assert max(sizes.values()) < 200


def test_each_assumption_says_how_to_measure_it() -> None:
    document = plan_document(plan(Mpm.EVENT, "a test", facts(a_machine(2048, 1024, 2))))
    labels = [one["label"] for one in document["assumptions"]]
    assert "workers per CPU" in labels
    assert len(labels) == len(set(labels))
    assert all(one["measure"] for one in document["assumptions"])
