"""The ten workloads on which settings were measured: a plan reaches what won there."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from mpmtune.model.load import Load, MemorySample
from mpmtune.model.quantity import Trust, Unit, declared, measured
from mpmtune.model.server import Child, Children, FpmPool, Mpm, Server
from mpmtune.plan.planner import plan
from tests.builders import MIB, a_machine, a_server, a_workload, facts

ONE_CPU = a_machine(16_384, 8192, 1)
ASKS_FPM = ("proxy:unix:/run/php.sock|fcgi://localhost",)
# 64 MiB are the reserve, 32 MiB of the smaller one are held by others.
BUDGET_512 = a_machine(576, 576, 1)
BUDGET_160 = a_machine(256, 224, 1)


def with_pool(limit: int, *modules: str) -> Server:
    pools = (FpmPool("www", "www.conf", "/run/php.sock", 450, 450, 4500 * MIB),)
    return a_server(
        modules=modules,
        fpm_pools=pools,
        php_handlers=ASKS_FPM,
        settings={"MaxRequestWorkers": limit},
    )


def scripts(private_kib: int, limit: int) -> Server:
    """Ten children of mod_php that have worked."""
    private = private_kib * 1024
    samples = tuple(
        Child(pid, 1, 25 * MIB, 25 * MIB, private + MIB // 2, private, 900, worked=True)
        for pid in range(10, 20)
    )
    return a_server(
        Mpm.PREFORK,
        ("php_module",),
        {"MaxRequestWorkers": limit},
        children=Children(samples, None, worked=True, count=10),
    )


@pytest.mark.parametrize(("rate", "limit"), [(1500, 600), (500, 150)])
def test_php_io_gets_a_worker_for_each_child_of_fpm_even_by_the_log_of_a_full_server(
    rate: int, limit: int
) -> None:
    known = replace(
        facts(ONE_CPU, with_pool(limit)),
        workload=a_workload(rate, 300, keyed=30_000, opening=450),
    )
    made = plan(Mpm.EVENT, "a test", known)
    assert made.setting("MaxRequestWorkers").text == "600"
    assert made.bound_by == "backend"


def test_h2_io_gets_threads_for_384_streams_in_few_children() -> None:
    server = with_pool(400, "http2_module", "ssl_module")
    known = replace(facts(ONE_CPU, server), workload=a_workload(1920, 200, http2=115_200))
    made = plan(Mpm.EVENT, "a test", known)
    texts = {one.directive: one.text for one in made.settings}
    assert texts["ThreadsPerChild"] == "100"
    assert texts["MaxRequestWorkers"] == "300"
    assert texts["StartServers"] == "3"
    assert texts["H2MaxWorkers"] == "249"
    assert made.setting("H2MaxWorkers").bound_by == "demand"
    assert made.warnings == ()


@pytest.mark.parametrize("stated", [Load(), Load(connections=declared("open", 1200, "an option"))])
def test_idle_ka_admits_1200_connections_with_room(stated: Load) -> None:
    workload = a_workload(750, 1, rise=700, keyed=45_000, opening=12_600)
    server = a_server(settings={"MaxRequestWorkers": 400})
    known = replace(facts(ONE_CPU, server), workload=workload, load=stated)
    made = plan(Mpm.EVENT, "a test", known)
    workers = made.setting("MaxRequestWorkers").proposed.whole
    factor = made.setting("AsyncRequestWorkerFactor").proposed.whole
    # half a second of arrivals, in children of 25, and all of them from the start
    assert (workers, factor) == (375, 8)
    assert workers * (1 + factor) >= 1500
    assert made.setting("StartServers").text == "15"


def test_many_more_connections_get_a_larger_factor_as_far_as_memory_carries() -> None:
    stated = Load(connections=declared("open", 12_000, "an option"))
    made = plan(Mpm.EVENT, "a test", replace(facts(ONE_CPU, a_server()), load=stated))
    # (125 % of 12,000 − 200) ÷ 200
    assert made.setting("AsyncRequestWorkerFactor").text == "74"
    small = plan(Mpm.EVENT, "a test", replace(facts(a_machine(512, 256, 1)), load=stated))
    assert small.setting("AsyncRequestWorkerFactor").bound_by == "memory"
    assert small.budget.expected_peak.value <= small.budget.for_httpd.value
    assert any("12000 connections open" in text for text in small.warnings)


def test_slow_dl_gets_400_workers_and_sendfile() -> None:
    stated = Load(slow_readers=declared("slow readers", 300, "an option"))
    made = plan(Mpm.EVENT, "a test", replace(facts(ONE_CPU, a_server()), load=stated))
    assert made.setting("MaxRequestWorkers").text == "400"
    assert made.setting("EnableSendfile").text == "On"


def test_slow_dl_is_seen_in_the_log_of_a_full_server() -> None:
    workload = a_workload(
        70, 2000, busy=150, keyed=4200, opening=4200, slow=300, slow_microseconds=8_000_000_000
    )
    server = a_server(settings={"MaxRequestWorkers": 150})
    made = plan(Mpm.EVENT, "a test", replace(facts(ONE_CPU, server), workload=workload))
    assert made.setting("MaxRequestWorkers").text == "400"
    assert made.setting("EnableSendfile").text == "On"


def test_burst_event_has_all_threads_at_the_start() -> None:
    workload = a_workload(10, 200, busy=60, rise=300, keyed=600, opening=600)
    server = a_server(settings={"MaxRequestWorkers": 400})
    made = plan(Mpm.EVENT, "a test", replace(facts(ONE_CPU, server), workload=workload))
    texts = {one.directive: one.text for one in made.settings}
    # 60 on the mean and 1.3 × 300 more; all of 18 × 25 threads at the start
    assert (texts["MaxRequestWorkers"], texts["MinSpareThreads"]) == ("450", "390")
    assert (texts["StartServers"], texts["ThreadsPerChild"]) == ("18", "25")


def test_burst_prefork_starts_a_child_for_each() -> None:
    workload = a_workload(4, 400, busy=48, rise=120, keyed=240, opening=240)
    known = replace(facts(ONE_CPU, scripts(2048, 200)), workload=workload)
    made = plan(Mpm.PREFORK, "a test", known)
    assert made.setting("StartServers").text == "156"
    assert made.setting("MinSpareServers").text == "156"


def test_mem_heavy_fills_512_mib_and_no_more() -> None:
    workload = a_workload(90, 400, keyed=5400, opening=5400)
    known = replace(facts(BUDGET_512, scripts(12_900, 40)), workload=workload)
    made = plan(Mpm.PREFORK, "a test", known)
    assert made.budget.for_httpd.value == 512 * MIB
    assert made.setting("MaxRequestWorkers").text == "37"
    assert made.bound_by == "memory"
    assert made.warnings == ("The workload asks for 227 workers, the memory carries 37.",)


def test_mem_opcache_goes_by_the_mean_and_then_by_the_slope() -> None:
    workload = a_workload(900, 100, keyed=54_000, opening=540)
    known = replace(facts(BUDGET_160, scripts(1413, 90)), workload=workload)
    made = plan(Mpm.PREFORK, "a test", known)
    assert made.budget.for_httpd.value == 160 * MIB
    assert made.setting("MaxRequestWorkers").text == "102"
    samples = (
        MemorySample(Mpm.PREFORK, 40, 1, 89_400 * 1024, "a bench"),
        MemorySample(Mpm.PREFORK, 100, 1, 139_200 * 1024, "a bench"),
    )
    again = plan(Mpm.PREFORK, "a test", replace(known, memory_samples=samples))
    assert again.setting("MaxRequestWorkers").text == "119"
    assert again.setting("MaxRequestWorkers").proposed.trust is Trust.DOCUMENTED


def test_static_ka_gets_a_child_for_each_of_256_connections() -> None:
    workload = a_workload(20_000, 1, busy=5, seconds=6, rise=20_000, keyed=120_000, opening=240)
    server = a_server(Mpm.PREFORK, settings={"MaxRequestWorkers": 300})
    made = plan(Mpm.PREFORK, "a test", replace(facts(ONE_CPU, server), workload=workload))
    assert made.setting("MaxRequestWorkers").text == "345"


def test_php_cpu_gets_no_more_than_keep_the_cpu_busy() -> None:
    cpu = measured("CPU time of a request", Fraction(17, 10_000), "a bench", Unit.SECONDS)
    known = replace(
        facts(ONE_CPU, scripts(1413, 200)),
        workload=a_workload(570, 110, keyed=34_200, opening=34),
        load=Load(cpu_seconds=cpu),
    )
    made = plan(Mpm.PREFORK, "a test", known)
    assert (made.bound_by, made.setting("MaxRequestWorkers").text) == ("cpu", "50")
    assert made.next_bound is not None
    assert (made.next_bound.name, made.next_bound.value.whole) == ("demand", 83)


def test_streams_leave_the_workers_idle_that_admit_connections() -> None:
    server = with_pool(400, "http2_module", "ssl_module")
    workload = a_workload(1920, 200, http2=115_000, keyed=200, opening=200)
    known = replace(facts(ONE_CPU, server), workload=workload)
    # 384 streams are more than the 300 workers, and keep none of them busy for long
    assert plan(Mpm.EVENT, "a test", known).setting("AsyncRequestWorkerFactor").text == "8"
