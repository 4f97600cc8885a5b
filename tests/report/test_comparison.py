"""The comparison as a table and as a document."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import jsonschema
import pytest

from mpmtune.httpd.compatibility import verdicts
from mpmtune.model.load import Load
from mpmtune.model.quantity import Unit, declared
from mpmtune.model.server import FpmPool, Mpm
from mpmtune.model.unknown import Unknown
from mpmtune.plan.comparison import compare
from mpmtune.report.comparison_text import comparison_lines
from mpmtune.report.comparison_v1 import comparison_v1
from mpmtune.report.text import plain
from tests.builders import a_machine, a_server, facts

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "mpmtune/schemas/comparison_v1.json").read_text("utf-8")
)


def stated(rate: int, service: Fraction | int, connections: int | None = None) -> Load:
    return Load(
        arrivals=declared("requests a second", rate, "--rps", Unit.PER_SECOND),
        service=declared("time of a request", service, "--service-time", Unit.SECONDS),
        connections=None
        if connections is None
        else declared("open connections", connections, "--keepalive-connections"),
    )


NOTHING = facts(a_machine(8192, 4096, 2), a_server(settings={"MaxRequestWorkers": 100}))
BUSY = replace(NOTHING, load=stated(600, Fraction(3, 10), 420))
SLOW = replace(NOTHING, load=stated(5, 12, 80))
SMALL = replace(facts(a_machine(256, 128, 2), a_server()), load=stated(100, 1))
BLOCKED = replace(
    facts(a_machine(8192, 4096, 2), a_server(Mpm.PREFORK, ("php_module",))),
    compatibility=verdicts(("php_module",), (2, 4, 71)),
)
POOL = replace(
    NOTHING,
    server=a_server(
        fpm_pools=(FpmPool("www", "www.conf", "/run/php.sock", 50, 0, None),),
        php_handlers=("proxy:unix:/run/php.sock|fcgi://localhost",),
    ),
    load=stated(40, 1),
)
ALL = [NOTHING, BUSY, SLOW, SMALL, BLOCKED, POOL]


def table(known: object, width: int = 80) -> list[str]:
    return plain(comparison_lines(compare(known), width)).splitlines()  # type: ignore[arg-type]  # facts


@pytest.mark.parametrize("known", ALL)
def test_the_document_agrees_with_its_schema(known: object) -> None:
    comparison = compare(known)  # type: ignore[arg-type]  # facts
    document = json.loads(comparison_v1(comparison, (Unknown("host.distro", "a test"),)))
    jsonschema.Draft202012Validator(SCHEMA).validate(document)


@pytest.mark.parametrize("known", ALL)
@pytest.mark.parametrize("width", [80, 100])
def test_no_line_is_wider_than_the_terminal(known: object, width: int) -> None:
    assert max(map(len, table(known, width))) <= width


def test_the_table_shows_who_can_answer_what_arrives() -> None:
    rows = {line[2:17].strip(): line[17:].split() for line in table(BUSY) if line.startswith("  ")}
    assert rows["plan event"][:2] == ["400", "3,600"]
    assert rows["plan event"][3:] == ["1,333", "workers", "45%", "0ms", "899ms"]
    assert rows["now event"][:2] == ["100", "300"]
    assert rows["now event"][3:] == ["333", "workers", "180%", "∞", "∞"]


def test_trouble_is_said_with_the_names_of_those_that_have_it() -> None:
    text = " ".join(" ".join(table(BUSY)).split())
    assert "More arrives than can be answered: now event." in text
    assert "newcomers wait unanswered: now event" in text
    assert "Throughput and waiting are declared, the memory is assumed." in text


def test_times_of_seconds_are_written_so() -> None:
    rows = {line[2:17].strip(): line.split() for line in table(SLOW)}
    assert rows["plan event"][-2:] == ["0ms", "36s"]
    assert rows["now event"][-3:] == ["60%", "0ms", "36s"]


def test_memory_beyond_the_budget_is_said() -> None:
    assert "for httpd, at the worst: httpd's own event" in " ".join(" ".join(table(SMALL)).split())


def test_what_blocks_an_mpm_is_said() -> None:
    assert any("plan event is blocked by php_module" in line for line in table(BLOCKED))


def test_a_backend_that_limits_is_assumed_to_be_needed_by_all() -> None:
    text = " ".join(" ".join(table(POOL)).split())
    assert "As if each request needed a backend: plan event" in text


def test_without_a_load_the_table_says_how_to_tell_it() -> None:
    lines = table(NOTHING)
    assert lines[0] == "Predicted, not measured"
    assert "--rps and --service-time" in " ".join(" ".join(lines).split())
    row = next(line for line in lines if "plan event" in line).split()
    assert row[-5:] == ["–", "–", "–", "–", "–"]
