"""Whatever a log says, a plan for it is made, fits its schema and 80 columns."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
from hypothesis import given, settings
from hypothesis import strategies as st

from mpmtune.model.distribution import distribution_of
from mpmtune.model.server import Mpm
from mpmtune.model.workload import LogEvent, Requests, StatusSamples, Workload
from mpmtune.plan.comparison import compare
from mpmtune.plan.planner import plan
from mpmtune.report.comparison_text import comparison_lines
from mpmtune.report.comparison_v1 import comparison_v1
from mpmtune.report.plan_text import derivations, plan_lines
from mpmtune.report.plan_v1 import plan_v1
from mpmtune.report.text import plain
from tests.builders import a_machine, a_server, facts

if TYPE_CHECKING:
    from mpmtune.model.facts import Facts

SCHEMAS = Path(__file__).parents[2] / "mpmtune" / "schemas"
PLAN, COMPARISON = (
    jsonschema.Draft202012Validator(json.loads((SCHEMAS / name).read_text("utf-8")))
    for name in ("plan_v1.json", "comparison_v1.json")
)
COUNT = st.integers(0, 100_000)
VALUES = st.lists(COUNT, max_size=5).map(distribution_of)
BUSY = st.lists(st.integers(0, 3_000_000_000), max_size=5).map(distribution_of)


@st.composite
def any_workload(draw: st.DrawFn) -> Workload:
    read = draw(st.integers(0, 1_000_000))

    def part(most: int = read) -> int:
        return draw(st.integers(0, most))

    keyed, known = part(), part()
    requests = Requests(
        read=read,
        timed=part(),
        protocol_known=known,
        http2=part(known),
        keyed=keyed,
        opening=part(keyed),
        slow=part(),
        slow_microseconds=draw(st.integers(0, 10_000_000_000)),
    )
    return Workload(
        requests=requests,
        arrivals=draw(VALUES),
        busy=draw(BUSY),
        service=draw(BUSY),
        resolution_microseconds=draw(st.sampled_from([0, 1, 1000, 1_000_000])),
        rise=draw(COUNT),
        events=draw(st.sampled_from([(), (LogEvent("AH00484", 1),)])),
        status=StatusSamples(busy=draw(VALUES), connections=draw(VALUES)),
    )


@st.composite
def any_facts(draw: st.DrawFn) -> Facts:
    modules = draw(st.lists(st.sampled_from(["http2_module", "php_module"]), unique=True))
    mpm = draw(st.sampled_from(Mpm))
    server = a_server(mpm, tuple(modules), {"MaxRequestWorkers": draw(st.integers(1, 500))})
    memory = draw(st.integers(64, 65_536))
    machine = a_machine(memory, draw(st.integers(0, memory)), draw(st.integers(1, 64)))
    return replace(facts(machine, server), workload=draw(any_workload()))


@given(st.sampled_from(Mpm), any_facts())
@settings(max_examples=60, deadline=None)
def test_any_workload_gives_a_plan_that_can_be_shown(mpm: Mpm, known: Facts) -> None:
    made = plan(mpm, "a test", known)
    PLAN.validate(json.loads(plan_v1(made)))
    lines = plain(plan_lines(made, 80)).splitlines()
    assert max(map(len, lines)) <= 80
    assert plain(derivations(made))


@given(any_facts())
@settings(max_examples=30, deadline=None)
def test_any_workload_gives_a_comparison_that_can_be_shown(known: Facts) -> None:
    made = compare(known)
    COMPARISON.validate(json.loads(comparison_v1(made, ())))
    assert max(map(len, plain(comparison_lines(made, 80)).splitlines())) <= 80
