"""Plans for workloads are put to the real httpd: it takes each without a word."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING

import pytest

from mpmtune.model.load import Load
from mpmtune.model.quantity import Unit, declared
from mpmtune.model.server import Mpm
from mpmtune.plan.planner import plan
from mpmtune.render.snippet import render_snippet
from tests.builders import a_machine, a_server, facts
from tests.live.private_httpd import PrivateHttpd

if TYPE_CHECKING:
    from mpmtune.model.quantity import Quantity

pytestmark = pytest.mark.httpd


def known(label: str, value: int | Fraction, unit: Unit = Unit.COUNT) -> Quantity:
    return declared(label, value, "a test", unit)


TIME = known("time", Fraction(3, 10), Unit.SECONDS)
LOADS = {
    "busy": Load(arrivals=known("rate", 1500, Unit.PER_SECOND), service=TIME),
    "kept": Load(connections=known("open", 12_000), service=TIME),
    "slow": Load(slow_readers=known("slow", 300)),
    "burst": Load(burst=known("burst", 700), service=TIME, concurrency=known("at once", 9)),
    "streams": Load(concurrency=known("at once", 900), streams=known("streams", 900)),
}
MEMORY_MIB = (128, 1024, 65_536)


@pytest.mark.parametrize("mpm", list(Mpm))
def test_httpd_takes_every_plan_for_a_workload_without_a_word(mpm: Mpm) -> None:
    refused = {}
    server = a_server(mpm, ("http2_module",))
    for (name, load), memory in product(LOADS.items(), MEMORY_MIB):
        host = facts(a_machine(memory, memory * 3 // 4, 2), server)
        snippet = render_snippet(plan(mpm, "a test", replace(host, load=load)))
        with PrivateHttpd(mpm, snippet) as httpd:
            checked = httpd.check()
        if checked.exit != 0 or checked.stderr.strip() != "Syntax OK":
            refused[name, memory] = checked.stderr
    assert refused == {}


def test_a_started_httpd_works_with_the_values_of_a_burst_and_kept_connections() -> None:
    load = replace(LOADS["burst"], connections=known("open", 3000))
    host = facts(a_machine(4096, 3072, 2), a_server(Mpm.EVENT))
    made = plan(Mpm.EVENT, "a test", replace(host, load=load))
    with PrivateHttpd(Mpm.EVENT, render_snippet(made)) as httpd:
        httpd.start()
        values = dict(httpd.values())
        log = httpd.error_log()
    assert values["children"] * values["ThreadsPerChild"] == 925
    assert values["MinSpareThreads"] == made.setting("MinSpareThreads").proposed.whole == 900
    assert "AH10159" not in log
