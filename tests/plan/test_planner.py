"""Whole plans: literal numbers, and what holds for every host."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpmtune.errors import InputError
from mpmtune.httpd.compatibility import verdicts
from mpmtune.httpd.corrections import correct
from mpmtune.model.compatibility import Fallback
from mpmtune.model.load import NOTHING_KNOWN, Load
from mpmtune.model.plan import Effect
from mpmtune.model.quantity import Quantity, Trust, Unit, declared, measured
from mpmtune.model.server import Child, Children, FpmPool, Mpm, ProxyBackend
from mpmtune.model.unknown import Unknown
from mpmtune.plan.planner import plan
from tests.builders import MIB, a_machine, a_server, facts

if TYPE_CHECKING:
    from collections.abc import Callable

    from mpmtune.model.facts import Facts
    from mpmtune.model.machine import Machine
    from mpmtune.model.plan import Plan


def planned(mpm: Mpm, known: Facts) -> dict[str, str]:
    return {made.directive: made.text for made in plan(mpm, "a test", known).settings}


EVENT_2_GIB = {
    "ServerLimit": "32",
    "ThreadLimit": "64",
    "ThreadsPerChild": "25",
    "MaxRequestWorkers": "400",
    "StartServers": "5",
    "MinSpareThreads": "100",
    "MaxSpareThreads": "400",
    "MaxConnectionsPerChild": "0",
    "AsyncRequestWorkerFactor": "8",
    "KeepAlive": "On",
    "KeepAliveTimeout": "5",
    "MaxKeepAliveRequests": "500",
    "Timeout": "60",
    "ListenBacklog": "511",
}
WORKER_2_GIB = {
    "ServerLimit": "20",
    "ThreadLimit": "64",
    "ThreadsPerChild": "25",
    "MaxRequestWorkers": "400",
    "StartServers": "5",
    "MinSpareThreads": "100",
    "MaxSpareThreads": "400",
    "MaxConnectionsPerChild": "0",
    "KeepAlive": "On",
    "KeepAliveTimeout": "2",
    "MaxKeepAliveRequests": "500",
    "Timeout": "60",
    "ListenBacklog": "511",
}
PREFORK_2_GIB = {
    "ServerLimit": "471",
    "MaxRequestWorkers": "377",
    "StartServers": "32",
    "MinSpareServers": "32",
    "MaxSpareServers": "64",
    "MaxConnectionsPerChild": "0",
    "KeepAlive": "On",
    "KeepAliveTimeout": "2",
    "MaxKeepAliveRequests": "500",
    "Timeout": "60",
    "ListenBacklog": "511",
}


@pytest.mark.parametrize(
    ("mpm", "expected"),
    [(Mpm.EVENT, EVENT_2_GIB), (Mpm.WORKER, WORKER_2_GIB), (Mpm.PREFORK, PREFORK_2_GIB)],
)
def test_a_host_of_2_gib_half_free_with_two_cpus(mpm: Mpm, expected: dict[str, str]) -> None:
    assert planned(mpm, facts(a_machine(2048, 1024, 2))) == expected


@pytest.mark.parametrize(
    (
        "memory",
        "available",
        "cpus",
        "pids",
        "nofile",
        "mpm",
        "workers",
        "threads",
        "children",
        "bound",
    ),
    [
        (64, 32, "0.05", None, 8192, Mpm.EVENT, "10", "5", "4", "memory"),
        (64, 32, "0.05", None, 8192, Mpm.WORKER, "28", "14", "3", "memory"),
        (64, 32, "0.05", None, 8192, Mpm.PREFORK, "4", None, "5", "memory"),
        (512, 256, 2, None, 8192, Mpm.EVENT, "400", "25", "32", "demand"),
        (8192, 4096, 64, None, 8192, Mpm.EVENT, "10500", "100", "210", "memory"),
        (2_097_152, 1_048_576, 256, None, 8192, Mpm.EVENT, "16000", "100", "320", "demand"),
        (2_097_152, 1_048_576, 256, None, 8192, Mpm.PREFORK, "4000", None, "5000", "demand"),
        (16_384, 8192, 8, 512, 8192, Mpm.EVENT, "200", "25", "16", "pids"),
        (16_384, 8192, 8, 100, 256, Mpm.PREFORK, "85", None, "106", "pids"),
        (16_384, 8192, 8, None, 64, Mpm.EVENT, "1600", "2", "1600", "demand"),
    ],
)
def test_each_resource_can_bind(
    memory: int,
    available: int,
    cpus: str | int,
    pids: int | None,
    nofile: int,
    mpm: Mpm,
    workers: str,
    threads: str | None,
    children: str,
    bound: str,
) -> None:
    made = plan(mpm, "a test", facts(a_machine(memory, available, cpus, pids, nofile)))
    texts = {one.directive: one.text for one in made.settings}
    assert (texts["MaxRequestWorkers"], texts.get("ThreadsPerChild"), texts["ServerLimit"]) == (
        workers,
        threads,
        children,
    )
    assert made.bound_by == bound


def test_php_in_httpd_is_priced_at_its_memory_limit() -> None:
    server = a_server(Mpm.PREFORK, modules=("php_module",))
    made = plan(Mpm.PREFORK, "a test", facts(a_machine(8192, 4096), server))
    assert made.setting("MaxRequestWorkers").text == "24"
    assert made.setting("MaxConnectionsPerChild").text == "10000"
    assert made.bound_by == "memory"


def _child(pid: int, uss: int, pss: int, rss: int, peak: int, *, worked: bool = True) -> Child:
    return Child(pid, 1, rss * MIB, peak * MIB, pss * MIB, uss * MIB, 100, worked)


def test_children_that_have_worked_are_measured_at_their_peak() -> None:
    samples = (
        _child(11, 20, 25, 40, 60),
        _child(12, 30, 35, 50, 50),
        _child(13, 1, 2, 9, 9, worked=False),
    )
    server = a_server(Mpm.PREFORK, children=Children(samples, None, worked=True, count=3))
    made = plan(Mpm.PREFORK, "a test", facts(a_machine(8192, 4096), server))
    workers = made.setting("MaxRequestWorkers")
    # (95 % of 3276.8 MiB − 6 MiB parent − 10 MiB shared) ÷ ((20 + 20 + 30) ÷ 2 MiB and a connection)
    assert workers.text == "88"
    leaves = {leaf.label: leaf.value for leaf in workers.proposed.leaves()}
    assert leaves["own memory of a child"] == 35 * MIB
    assert leaves["shared pages"] == 10 * MIB


def test_children_have_no_more_in_common_than_one_of_them_has() -> None:
    samples = tuple(_child(pid, 8, 10, 14, 14) for pid in range(11, 31))
    children = Children(samples, None, worked=True, count=20)
    made = plan(Mpm.PREFORK, "a test", facts(server=a_server(Mpm.PREFORK, children=children)))
    leaves = {leaf.label: leaf.value for leaf in made.budget.expected_peak.leaves()}
    assert leaves["shared pages"] == 6 * MIB


def test_mapped_files_are_no_memory_of_a_child_s_own() -> None:
    samples = (Child(11, 27, 10 * MIB, 110 * MIB, 5 * MIB, 4 * MIB, 900, worked=True),)
    children = Children(samples, None, worked=True, count=1, threads_per_child=25)
    made = plan(Mpm.EVENT, "a test", facts(a_machine(2048, 1024, 2), a_server(children=children)))
    leaves = {leaf.label: leaf.value for leaf in made.budget.expected_peak.leaves()}
    assert leaves["own memory of a child"] == 8 * MIB


def test_one_light_script_does_not_speak_for_all() -> None:
    samples = (_child(11, 3, 4, 9, 9),)
    children = Children(samples, None, worked=True, count=1)
    server = a_server(Mpm.PREFORK, modules=("php_module",), children=children)
    made = plan(Mpm.PREFORK, "a test", facts(a_machine(2048, 1024, 4), server))
    # (95 % of 819.2 MiB − 6 MiB parent − 1 MiB shared) ÷ 16 MiB and a connection
    assert made.setting("MaxRequestWorkers").text == "48"
    assert made.setting("MaxRequestWorkers").proposed.trust is Trust.ASSUMED


def test_idle_children_are_never_learned_from() -> None:
    idle = Children((_child(11, 1, 2, 9, 9, worked=False),), None, worked=False, count=1)
    with_idle = planned(Mpm.PREFORK, facts(a_machine(), a_server(Mpm.PREFORK, children=idle)))
    assert with_idle == planned(Mpm.PREFORK, facts(a_machine(), a_server(Mpm.PREFORK)))


def test_a_threaded_child_that_has_worked_is_priced_by_its_threads() -> None:
    samples = (Child(11, 27, 90 * MIB, 90 * MIB, 80 * MIB, 75 * MIB, 100, worked=True),)
    children = Children(samples, None, worked=True, count=1, threads_per_child=25)
    made = plan(Mpm.EVENT, "a test", facts(a_machine(2048, 1024, 2), a_server(children=children)))
    assert made.setting("MaxRequestWorkers").text == "100"
    assert made.bound_by == "memory"


def test_the_parent_is_measured_when_it_can_be_seen() -> None:
    samples = (_child(11, 1, 2, 9, 9, worked=False),)
    children = Children(samples, _child(10, 18, 20, 30, 30), worked=False, count=1)
    made = plan(Mpm.PREFORK, "a test", facts(server=a_server(Mpm.PREFORK, children=children)))
    without = plan(Mpm.PREFORK, "a test", facts(server=a_server(Mpm.PREFORK)))
    fewer = without.setting("MaxRequestWorkers").proposed.whole
    # 14 MiB more than the 6 that are assumed, at 2.05 MiB for a child: 7 children less
    assert (fewer, made.setting("MaxRequestWorkers").text) == (377, "370")


@pytest.mark.parametrize(
    ("machine", "because"),
    [
        (a_machine(65_536, 32_768), "16 × 25 threads: more would only wait for the CPUs"),
        (a_machine(64, 40), "2 × 20 threads: more do not fit into memory"),
        (a_machine(65_536, 32_768, pids=100), "2 × 19 threads: the task limit carries no more"),
    ],
)
def test_the_number_of_workers_is_explained_by_what_bounds_it(
    machine: Machine, because: str
) -> None:
    assert plan(Mpm.EVENT, "a test", facts(machine)).setting("MaxRequestWorkers").because == because


def test_measurements_under_another_mpm_say_nothing() -> None:
    samples = (_child(11, 500, 500, 500, 500),)
    server = a_server(Mpm.PREFORK, children=Children(samples, None, worked=True, count=1))
    assert planned(Mpm.EVENT, facts(a_machine(2048, 1024, 2), server)) == EVENT_2_GIB


def test_bounded_backends_set_the_demand() -> None:
    pools = (FpmPool("www", "/etc/php/8.2/fpm/pool.d/www.conf", "/run/php.sock", 450, 0, None),)
    asked = a_server(fpm_pools=pools, php_handlers=("proxy:unix:/run/php.sock|fcgi://localhost",))
    made = plan(Mpm.EVENT, "a test", facts(a_machine(65_536, 32_768, 1), asked))
    # 110 % of 450, and 100 for what the pool does not answer: 595, in whole children of 25
    assert made.setting("MaxRequestWorkers").text == "600"
    assert made.bound_by == "backend"


def test_a_pool_that_httpd_does_not_ask_sets_no_demand() -> None:
    pools = (FpmPool("www", "www.conf", "/run/php.sock", 450, 0, None),)
    made = plan(Mpm.EVENT, "a test", facts(a_machine(65_536, 32_768, 1), a_server(fpm_pools=pools)))
    assert (made.bound_by, made.setting("MaxRequestWorkers").text) == ("demand", "200")


def test_of_several_pools_only_those_that_httpd_asks_count() -> None:
    pools = (
        FpmPool("www", "www.conf", "/run/php.sock", 450, 0, None),
        FpmPool("old", "old.conf", "/run/old.sock", 900, 0, None, asked=False),
    )
    asks = a_server(fpm_pools=pools, php_handlers=("proxy:unix:/run/php.sock|fcgi://localhost",))
    made = plan(Mpm.EVENT, "a test", facts(a_machine(65_536, 32_768, 1), asks))
    assert made.setting("MaxRequestWorkers").text == "600"
    assert made.budget.others.value == (32_768 + 450 * 48) * MIB


def test_what_an_mpm_does_worse_is_said_with_the_plan() -> None:
    server = a_server(Mpm.EVENT, ("http2_module", "cgi_module"))
    known = replace(
        facts(server=server),
        compatibility=verdicts(("http2_module", "cgi_module"), (2, 4, 71)),
        fallback=(Fallback("proxy_http_module", "ws://a/ holds a worker."),),
    )
    assert [text.partition(":")[0] for text in plan(Mpm.PREFORK, "a test", known).warnings] == [
        "http2_module under prefork"
    ]
    assert [text.partition(":")[0] for text in plan(Mpm.EVENT, "a test", known).warnings] == [
        "cgi_module under event",
        "proxy_http_module under event",
    ]


def test_connections_under_prefork_cost_no_http2() -> None:
    with_h2 = plan(Mpm.PREFORK, "a test", facts(server=a_server(modules=("http2_module",))))
    without = plan(Mpm.PREFORK, "a test", facts(server=a_server()))
    assert with_h2.budget.expected_peak.value == without.budget.expected_peak.value


def test_the_growth_of_fpm_is_kept_out_of_the_budget() -> None:
    pools = (FpmPool("www", "www.conf", "/run/php.sock", 20, 10, 600 * MIB),)
    made = plan(Mpm.EVENT, "a test", facts(a_machine(8192, 4096), a_server(fpm_pools=pools)))
    # 4096 MiB are held now; ten more children of 60 MiB may come
    assert made.budget.others.value == (4096 + 600) * MIB


def test_fpm_children_that_idle_now_are_priced_at_their_peak() -> None:
    pools = (FpmPool("www", "www.conf", "/run/php.sock", 20, 10, 100 * MIB, peak=600 * MIB),)
    made = plan(Mpm.EVENT, "a test", facts(a_machine(8192, 4096), a_server(fpm_pools=pools)))
    # ten more of 60 MiB, and the ten that run may grow by 50 MiB each
    assert made.budget.others.value == (4096 + 600 + 500) * MIB


def test_a_pool_that_nobody_asks_and_that_does_not_run_reserves_nothing() -> None:
    pools = (FpmPool("www", "www.conf", "/run/php.sock", 20, 0, None),)
    made = plan(Mpm.EVENT, "a test", facts(a_machine(8192, 4096), a_server(fpm_pools=pools)))
    assert made.budget.others.value == 4096 * MIB


def test_a_proxy_bound_counts_in_each_child_of_a_threaded_mpm_only() -> None:
    backends = (ProxyBackend("http://127.0.0.1:8080/", 50, "app.conf", 3),)
    big = a_machine(65_536, 32_768, 1)
    event = plan(Mpm.EVENT, "a test", facts(big, a_server(backends=backends)))
    prefork = plan(Mpm.PREFORK, "a test", facts(big, a_server(Mpm.PREFORK, backends=backends)))
    assert (event.bound_by, event.setting("MaxRequestWorkers").text) == ("backend", "1000")
    assert (prefork.bound_by, prefork.setting("MaxRequestWorkers").text) == ("demand", "200")


def test_a_kernel_that_promises_no_more_than_it_has_bounds_the_threads() -> None:
    left = measured("may still be promised", 2048 * MIB, "/proc/meminfo", Unit.BYTES)
    machine = replace(a_machine(8192, 4096, 2), commit_left=left)
    made = plan(Mpm.EVENT, "a test", facts(machine))
    # 256 stacks of 8 MiB, a tenth and 5 left to others, (25 + 2) × 2 for each child
    assert (made.bound_by, made.setting("MaxRequestWorkers").text) == ("pids", "100")
    limited = plan(
        Mpm.EVENT, "a test", facts(replace(machine, pids_limit=a_machine(pids=100).pids_limit))
    )
    assert limited.setting("MaxRequestWorkers").text == "38"


def test_http2_gets_workers_and_they_are_counted() -> None:
    server = a_server(modules=("http2_module",))
    made = plan(Mpm.EVENT, "a test", facts(a_machine(8192, 4096, 2, pids=1000), server))
    assert (made.setting("H2MinWorkers").text, made.setting("H2MaxWorkers").text) == ("25", "50")
    # 895 tasks ÷ (25 + 2 + 50) ÷ 2
    assert made.setting("MaxRequestWorkers").text == "125"
    assert made.bound_by == "pids"


def test_prefork_gets_no_http2_workers() -> None:
    server = a_server(Mpm.PREFORK, modules=("http2_module",))
    assert "H2MaxWorkers" not in planned(Mpm.PREFORK, facts(a_machine(), server))


def test_limits_of_systemd_are_named_when_they_bind() -> None:
    made = plan(Mpm.EVENT, "a test", facts(a_machine(16_384, 8192, 8, pids=512, nofile=256)))
    limits = {
        one.directive: (one.current.value if one.current else None, one.text)
        for one in made.system_limits
    }
    assert limits == {"LimitNOFILE": (256, "8192"), "TasksMax": (512, "3921")}


def test_no_limit_is_named_when_none_binds() -> None:
    assert plan(Mpm.EVENT, "a test", facts(a_machine(2048, 1024, 2, 32_768))).system_limits == ()


def test_listener_buckets_raise_the_least_values() -> None:
    server = a_server(settings={"ListenCoresBucketsRatio": 1})
    made = plan(Mpm.EVENT, "a test", facts(a_machine(64, 32, 8), server))
    texts = {one.directive: one.text for one in made.settings}
    assert texts["StartServers"] == "8"
    assert texts["MinSpareThreads"] == "43"


@pytest.mark.parametrize("ratio", [0, -1, "off"])
def test_a_ratio_that_is_no_ratio_leaves_one_bucket(ratio: int | str) -> None:
    server = a_server(settings={"ListenCoresBucketsRatio": ratio})
    assert planned(Mpm.EVENT, facts(a_machine(2048, 1024, 2), server)) == EVENT_2_GIB


def test_a_setting_that_the_plan_has_not_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        plan(Mpm.PREFORK, "a test", facts()).setting("ThreadLimit")


def test_what_is_declared_replaces_what_others_hold() -> None:
    machine = replace(
        a_machine(4096), memory_available=Unknown("host.mem_available_bytes", "--memory")
    )
    made = plan(Mpm.EVENT, "a test", facts(machine))
    assert made.budget.others.value == 256 * MIB
    assert made.budget.others.trust is Trust.ASSUMED


def test_a_host_without_known_memory_is_a_sentence() -> None:
    with pytest.raises(InputError, match="memory of this host is not known"):
        plan(Mpm.EVENT, "a test", facts(a_machine(None)))


def test_a_host_whose_memory_is_taken_gets_the_smallest_plan_and_a_warning() -> None:
    made = plan(Mpm.EVENT, "a test", facts(a_machine(1024, 0)))
    assert made.budget.for_httpd.value == 0
    assert made.setting("MaxRequestWorkers").text == "1"
    assert any("no setting of httpd helps" in warning for warning in made.warnings)


def test_limits_and_queue_need_a_stop_and_a_start() -> None:
    made = plan(Mpm.EVENT, "a test", facts())
    assert {one.directive for one in made.settings if one.effect is Effect.RESTART} == {
        "ServerLimit",
        "ThreadLimit",
        "ListenBacklog",
    }


@st.composite
def any_facts(draw: st.DrawFn) -> tuple[Mpm, Facts]:
    mpm = draw(st.sampled_from(Mpm))
    memory = draw(st.integers(64, 2_097_152))
    machine = a_machine(
        memory,
        draw(st.integers(0, memory)),
        draw(st.fractions(Fraction(1, 20), 256, max_denominator=100)),
        draw(st.none() | st.integers(64, 4_000_000)),
        draw(st.none() | st.integers(64, 1_048_576)),
    )
    modules = draw(
        st.lists(st.sampled_from(["http2_module", "ssl_module", "php_module"]), unique=True)
    )
    known = facts(machine, a_server(mpm, tuple(modules)))
    return mpm, replace(known, load=draw(st.just(NOTHING_KNOWN) | any_load()))


def _known(label: str, unit: Unit = Unit.COUNT) -> Callable[[int], Quantity]:
    return lambda value: declared(label, value, "a test", unit)


@st.composite
def any_load(draw: st.DrawFn) -> Load:
    def maybe(label: str, most: int, unit: Unit = Unit.COUNT) -> Quantity | None:
        return draw(st.none() | st.integers(0, most).map(_known(label, unit)))

    time = st.fractions(Fraction(1, 10_000), 60, max_denominator=10_000)
    return Load(
        arrivals=maybe("rate", 20_000, Unit.PER_SECOND),
        service=draw(st.none() | time.map(lambda it: declared("time", it, "a test", Unit.SECONDS))),
        burst=maybe("burst", 5_000),
        opened=maybe("opened", 2_000, Unit.PER_SECOND),
        connections=maybe("connections", 50_000),
        slow_readers=maybe("slow readers", 2_000),
        streams=maybe("streams", 20_000),
        cpu_seconds=draw(
            st.none() | time.map(lambda it: declared("cpu", it, "a test", Unit.SECONDS))
        ),
        open_ended=draw(st.sampled_from([(), ("every worker was busy",)])),
    )


def numbers(made: Plan) -> dict[str, int]:
    return {one.directive: one.proposed.whole for one in made.settings}


@given(any_facts())
@settings(max_examples=100, deadline=None)
def test_httpd_runs_every_plan_as_it_is_written(case: tuple[Mpm, Facts]) -> None:
    mpm, known = case
    values = numbers(plan(mpm, "a test", known))
    corrected = correct(mpm, values)
    assert corrected.messages == ()
    assert {name: values[name] for name in corrected.effective} == dict(corrected.effective)


@given(any_facts())
@settings(max_examples=100, deadline=None)
def test_every_plan_keeps_the_clean_contract(case: tuple[Mpm, Facts]) -> None:
    mpm, known = case
    v = numbers(plan(mpm, "a test", known))
    if mpm is Mpm.PREFORK:
        assert 1 <= v["MaxRequestWorkers"] < v["ServerLimit"] <= 200_000
        assert 1 <= v["StartServers"] <= min(v["MaxRequestWorkers"], v["MaxSpareServers"])
        assert 1 <= v["MinSpareServers"] < max(2, v["MaxRequestWorkers"])
        assert v["MaxSpareServers"] > v["MinSpareServers"]
        return
    threads, workers = v["ThreadsPerChild"], v["MaxRequestWorkers"]
    children = workers // threads
    assert workers == children * threads
    assert 1 <= threads <= v["ThreadLimit"] <= 20_000
    assert children < v["ServerLimit"] <= 20_000
    assert 1 <= v["StartServers"] <= min(children, v["MaxSpareThreads"] // threads)
    assert 1 <= v["MinSpareThreads"] <= max(1, workers - threads)
    assert v["MaxSpareThreads"] >= v["MinSpareThreads"] + threads + 1
    if mpm is Mpm.EVENT:
        assert v["AsyncRequestWorkerFactor"] >= 1


@given(any_facts())
@settings(max_examples=100, deadline=None)
def test_the_worst_case_stays_within_the_budget_unless_said_otherwise(
    case: tuple[Mpm, Facts],
) -> None:
    mpm, known = case
    made = plan(mpm, "a test", known)
    fits = made.budget.expected_peak.value <= made.budget.for_httpd.value
    said = any(text.startswith(("Other programs", "Even the smallest")) for text in made.warnings)
    assert fits is not said or not made.budget.for_httpd.value
    # what does not fit is the least that httpd can run: a child for each listener bucket
    assert fits or made.setting("MaxRequestWorkers").proposed.whole <= 4


@given(any_facts())
@settings(max_examples=100, deadline=None)
def test_a_plan_lower_than_its_demand_says_what_held_it(case: tuple[Mpm, Facts]) -> None:
    mpm, known = case
    made = plan(mpm, "a test", known)
    busy = made.load.concurrency
    if busy is not None and made.load.streams is None:
        workers = made.setting("MaxRequestWorkers").proposed.value
        assert workers >= busy.value or any("asks for" in text for text in made.warnings)


@given(any_facts())
@settings(max_examples=100, deadline=None)
def test_what_bounds_a_number_is_the_smallest_of_its_bounds(case: tuple[Mpm, Facts]) -> None:
    mpm, known = case
    for made in plan(mpm, "a test", known).settings:
        values = [bound.value.value for bound in made.bounds]
        assert values == sorted(values)


@given(any_facts())
@settings(max_examples=100, deadline=None)
def test_the_account_adds_up(case: tuple[Mpm, Facts]) -> None:
    mpm, known = case
    budget = plan(mpm, "a test", known).budget
    left = budget.total.value - budget.others.value - budget.reserve.value
    assert budget.for_httpd.value == max(0, left)


@given(any_facts(), st.integers(1, 1_000_000))
@settings(max_examples=100, deadline=None)
def test_more_memory_never_lowers_the_workers(case: tuple[Mpm, Facts], more_mib: int) -> None:
    mpm, known = case
    machine = known.machine
    assert not isinstance(machine.memory_total, Unknown)
    assert not isinstance(machine.memory_available, Unknown)
    larger = replace(
        machine,
        memory_total=replace(
            machine.memory_total, value=machine.memory_total.whole + more_mib * MIB
        ),
        memory_available=replace(
            machine.memory_available, value=machine.memory_available.whole + more_mib * MIB
        ),
    )
    before = numbers(plan(mpm, "a test", known))["MaxRequestWorkers"]
    after = numbers(plan(mpm, "a test", replace(known, machine=larger)))["MaxRequestWorkers"]
    assert after >= before


@given(any_facts())
@settings(max_examples=100, deadline=None)
def test_tasks_and_descriptors_of_a_plan_fit_their_limits(case: tuple[Mpm, Facts]) -> None:
    mpm, known = case
    made = plan(mpm, "a test", known)
    v = numbers(made)
    machine: Machine = known.machine
    if (
        mpm is Mpm.EVENT
        and not isinstance(machine.pids_limit, Unknown)
        and v["ThreadsPerChild"] > 1
    ):
        tasks = v["ServerLimit"] * (v["ThreadsPerChild"] + 2 + v.get("H2MaxWorkers", 0)) + 5
        assert tasks <= machine.pids_limit.value
    if (
        mpm is Mpm.EVENT
        and not isinstance(machine.nofile_limit, Unknown)
        and v["ThreadsPerChild"] > 1
    ):
        connections = v["ThreadsPerChild"] * (1 + v["AsyncRequestWorkerFactor"])
        assert 2 * connections + 48 <= machine.nofile_limit.value
