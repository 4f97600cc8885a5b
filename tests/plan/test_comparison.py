"""Settings side by side."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from mpmtune.httpd.compatibility import verdicts
from mpmtune.model.load import Load
from mpmtune.model.machine import Distro
from mpmtune.model.quantity import declared
from mpmtune.model.server import EffectiveSetting, Mpm
from mpmtune.plan.comparison import compare
from tests.builders import MIB, a_machine, a_server, facts

DEBIAN = replace(a_machine(8192, 4096, 2), distro=Distro("debian", "12", (), "Debian"))


def test_three_plans_the_current_and_the_shipped_settings() -> None:
    server = a_server(Mpm.WORKER, settings={"MaxRequestWorkers": 200, "KeepAlive": "Off"})
    found = compare(facts(DEBIAN, server))
    assert [(one.name, one.mpm) for one in found.candidates] == [
        ("plan event", Mpm.EVENT),
        ("plan worker", Mpm.WORKER),
        ("plan prefork", Mpm.PREFORK),
        ("now worker", Mpm.WORKER),
        ("Debian's worker", Mpm.WORKER),
    ]
    assert [one.prediction.workers.value for one in found.candidates] == [400, 400, 400, 200, 150]
    assert dict(found.candidates[3].settings) == {"MaxRequestWorkers": 200, "KeepAlive": 0}
    assert found.memory.value == 3276 * MIB + 838_861


def test_without_an_httpd_there_is_nothing_current() -> None:
    assert [one.name for one in compare(facts()).candidates] == [
        "plan event",
        "plan worker",
        "plan prefork",
        "httpd's own event",
    ]


def test_text_and_parts_of_a_second_become_numbers_or_are_left_out() -> None:
    server = replace(
        a_server(),
        settings=(
            EffectiveSetting("KeepAliveTimeout", 0.5),
            EffectiveSetting("ScoreBoardFile", "logs/board"),
            EffectiveSetting("Timeout", 60),
        ),
    )
    current = next(one for one in compare(facts(DEBIAN, server)).candidates if "now" in one.name)
    assert dict(current.settings) == {"KeepAliveTimeout": 1, "Timeout": 60}


def test_what_blocks_an_mpm_stands_with_its_plan() -> None:
    server = a_server(Mpm.PREFORK, ("php_module",))
    known = replace(facts(DEBIAN, server), compatibility=verdicts(("php_module",), (2, 4, 71)))
    blocked = {one.name: [what for what, _ in one.blockers] for one in compare(known).candidates}
    assert "php_module" in blocked["plan event"]
    assert blocked["plan prefork"] == []


def test_all_are_held_against_the_same_load() -> None:
    load = Load(connections=declared("open", 1200, "an option"))
    found = compare(replace(facts(DEBIAN, a_server()), load=load))
    assert found.load.connections is not None
    assert {one.name: one.prediction.refuses for one in found.candidates} == {
        "plan event": False,
        "plan worker": True,
        "plan prefork": True,
        "Debian's event": True,
    }
    assert isinstance(found.load.connections.value, int | Fraction)
