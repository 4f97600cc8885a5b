"""What a plan for a bench is made of, without a server."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from mpmtune.bench.instance import Place, Setting
from mpmtune.bench.learning import Learnt, _about, _alike, _as_meant, _telling, evidence
from mpmtune.bench.measure import Stage
from mpmtune.bench.observed import _load, usually_waiting
from mpmtune.bench.programs import Programs
from mpmtune.bench.registry import find
from mpmtune.bench.scale import Scale
from mpmtune.bench.session import Means, Wanted, _Bench, _rival, predicted, runs_of
from mpmtune.model.bench import Measured
from mpmtune.model.distribution import distribution_of
from mpmtune.model.load import Load, MemorySample
from mpmtune.model.quantity import Quantity, Unit, measured
from mpmtune.model.server import Child, Children, Mpm, Server, StatusSample
from mpmtune.model.unknown import Unknown
from mpmtune.model.workload import Requests, Workload
from mpmtune.plan.planner import plan
from tests.builders import MIB, a_machine, a_server
from tests.builders import facts as facts_of

SCALE = Scale(1.0, frozenset({0}), frozenset({1}))
PROGRAMS = Programs("/usr/sbin/httpd", Path("/modules"), {})


def a_stage(name: str) -> Stage:
    programs = Programs("/usr/sbin/httpd", Path("/modules"), {})
    return Stage(find(name).scenario(SCALE), Place(Path("/r"), programs, SCALE))


def a_sample(children: int, pss_bytes: int) -> MemorySample:
    return MemorySample(Mpm.PREFORK, children, 1, pss_bytes, "bench")


def children(*spent: int) -> Children:
    samples = tuple(
        Child(pid, 1, 9 * MIB, 9 * MIB, 2 * MIB, MIB, cpu_milliseconds=used)
        for pid, used in enumerate(spent, 1)
    )
    return Children(samples, None, worked=False, count=len(samples))


def test_the_budget_is_all_the_memory_that_there_is() -> None:
    server = a_server(
        Mpm.PREFORK, httpd_pss=measured("PSS", 100 * MIB, "test", Unit.BYTES), children=children(0)
    )
    meant = _as_meant(facts_of(a_machine(), server), a_stage("mem_heavy"))
    assert isinstance(meant.machine.memory_total, Quantity)
    assert isinstance(meant.machine.memory_available, Quantity)
    assert meant.machine.memory_total.value == 512 * MIB
    assert meant.machine.memory_available.value == 412 * MIB
    assert isinstance(meant.machine.cpus, Quantity)
    assert meant.machine.cpus.value == 1


def test_without_a_budget_the_machine_has_what_it_has() -> None:
    meant = _as_meant(facts_of(a_machine(2048), a_server()), a_stage("php_cpu"))
    assert isinstance(meant.machine.memory_total, Quantity)
    assert meant.machine.memory_total.value == 2048 * MIB


def test_children_that_used_more_than_a_start_have_worked() -> None:
    server = a_server(Mpm.PREFORK, children=children(20, 50))
    meant = _as_meant(facts_of(a_machine(), server), a_stage("php_cpu")).server
    assert isinstance(meant, Server)
    assert isinstance(meant.children, Children)
    assert [child.worked for child in meant.children.samples] == [False, True]
    assert meant.children.worked


def test_all_children_have_worked_where_each_got_several_requests() -> None:
    server = a_server(Mpm.PREFORK, children=children(20, 20))
    for requests, worked in ((5, False), (6, True)):
        meant = _as_meant(facts_of(a_machine(), server), a_stage("php_cpu"), requests).server
        assert isinstance(meant, Server)
        assert isinstance(meant.children, Children)
        assert meant.children.worked is worked


def test_where_there_is_no_server_nothing_is_changed() -> None:
    facts = replace(facts_of(a_machine()), server=Unknown("httpd", "not installed"))
    assert _as_meant(facts, a_stage("php_cpu")) is facts


@pytest.mark.parametrize(
    ("counts", "kept"),
    [((8, 21), [8, 21]), ((26, 32), [26]), ((5, 8), [8]), ((15, 18), [18]), ((16,), [16])],
)
def test_a_plan_is_spoken_for_by_samples_about_it(counts: tuple[int, ...], kept: list[int]) -> None:
    load = Load(concurrency=measured("at once", 320, "test"))  # 417 workers in 17 children of 25
    made = plan(Mpm.EVENT, "test", replace(facts_of(a_machine(16_384), a_server()), load=load))
    assert made.setting("MaxRequestWorkers").proposed.whole == 425
    samples = tuple(MemorySample(Mpm.EVENT, one, 25, one * MIB, "bench") for one in counts)
    assert [one.children for one in _about(samples, made)] == kept
    again = replace(samples[-1], pss_bytes=MIB)
    assert _about((samples[-1], again), made) == (again,)


@pytest.mark.parametrize(
    ("counts", "kept"),
    [((12, 75, 94), [75, 94]), ((12, 94, 97), [12, 97]), ((20, 21), []), ((9,), [])],
)
def test_samples_that_are_alike_say_nothing(counts: tuple[int, ...], kept: list[int]) -> None:
    samples = tuple(a_sample(count, count * MIB) for count in counts)
    assert [one.children for one in _telling(samples)] == kept


def test_a_plan_that_hardly_changes_is_final() -> None:
    facts = facts_of(a_machine(2048), a_server(Mpm.PREFORK))
    few, many = (
        plan(Mpm.PREFORK, "test", replace(facts, machine=a_machine(mib))) for mib in (600, 900)
    )
    assert _alike(few, few)
    assert not _alike(few, many)


def a_workload(requests: int, finish: tuple[tuple[str, int], ...]) -> Workload:
    return Workload(
        requests=Requests(read=requests, timed=requests),
        busy=distribution_of([35_500_000]),
        finish=finish,
    )


def an_answer(connections: int | None, busy: int) -> StatusSample:
    return StatusSample("url", 5, busy, 9, None, None, None, connections, None, None, None)


def test_connections_that_wait_only_while_clients_come_are_left_out() -> None:
    arriving = [an_answer(120, 20), an_answer(281, 109)]
    assert usually_waiting([*arriving, an_answer(240, 233), an_answer(235, 235)]) == 7
    assert usually_waiting([*arriving, an_answer(280, 5), an_answer(281, 9)]) == 272
    assert usually_waiting([an_answer(None, 4)]) == 0
    assert usually_waiting([]) == 0


def test_where_nothing_is_kept_alive_no_more_connections_are_open_than_requests_at_work() -> None:
    load = _load(Fraction(2), a_workload(1000, (("-", 1000),)))
    assert load.connections is not None
    assert load.cpu_seconds is not None
    assert load.connections.value == 36
    assert load.cpu_seconds.value == Fraction(1, 500)


def test_few_requests_say_nothing_of_their_cpu_time() -> None:
    load = _load(Fraction(2), a_workload(99, (("+", 1), ("-", 98))))
    assert load == Load()


def test_the_demand_is_given_as_numbers() -> None:
    facts = replace(
        facts_of(a_machine()), load=Load(arrivals=measured("r", 90, "test", Unit.PER_SECOND))
    )
    assert ("arrivals", 90.0) in evidence(facts)


def test_what_was_predicted_stands_beside_what_was_measured() -> None:
    facts = replace(
        facts_of(a_machine(2048), a_server(Mpm.PREFORK)),
        load=Load(
            service=measured("S", Fraction(1, 2), "test", Unit.SECONDS),
            concurrency=measured("L", 10, "test"),
        ),
    )
    made = plan(Mpm.PREFORK, "test", facts)
    learnt = Learnt(Setting("plan", Mpm.PREFORK, ""), made, facts, 1)
    debian = Measured(
        "debian", "named", Mpm.PREFORK, "MaxRequestWorkers 100\nKeepAlive On\n", "", ()
    )
    told = predicted(debian, learnt)
    assert told.predicted_per_second == 200.0
    assert told.predicted_bytes is not None
    refused = replace(debian, refused="AH00526")
    assert predicted(refused, learnt) is refused


def test_runs_are_counted_for_the_progress() -> None:
    wanted = Wanted([find("php_io"), find("php_cpu")], ("plan", "debian"), repeats=3)
    assert runs_of(wanted, SCALE) == 12
    assert runs_of(replace(wanted, grid=True), SCALE) == 12 + 12 + 6


def test_a_formula_without_a_word_for_threads_is_left_out_with_a_remark() -> None:
    facts = facts_of(a_machine(), a_server(Mpm.EVENT, children=children(50)))
    learnt = Learnt(Setting("plan", Mpm.EVENT, ""), plan(Mpm.EVENT, "test", facts), facts, 1)
    remarks: list[str] = []
    assert _rival("max-rss", learnt, remarks) is None
    assert remarks == ["max-rss is left out: its formula has no word for threads."]


def test_settings_that_follow_from_nothing_observed_need_no_learning() -> None:
    bench = _Bench(find("php_io"), Wanted([], ("debian",)), Means(PROGRAMS, SCALE), 60.0)
    remarks: list[str] = []
    stage = a_stage("php_io")
    assert bench._learn(stage, remarks) is None
    asked = [one.name for one in bench._settings(stage, None, remarks)]
    assert asked == ["debian"]
    assert (
        list(
            _Bench(find("php_io"), Wanted([], ("plan",)), Means(PROGRAMS, SCALE), 60.0)._settings(
                stage, None, remarks
            )
        )
        == []
    )
