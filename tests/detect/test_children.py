from __future__ import annotations

import pytest

from mpmtune.detect.children import (
    detect_children,
    detect_process,
    evenly,
    threads_per_child,
    total_pss,
)
from mpmtune.model.server import Child, Children, Instance, Mpm, StartOptions
from mpmtune.model.unknown import Unknown
from tests.detect.a_host import ROLLUP, SERVING, AHost


def _stat(ticks: int) -> str:
    return f"1 (apache2) S 10 11 11 0 -1 4194624 100 0 0 0 {ticks} 0 0 0 20 0 27 0 100 1 1"


def _host(*pids: int, ticks: int = 0) -> AHost:
    files: dict[str, str | bytes] = {}
    for pid in pids:
        files[f"/proc/{pid}/status"] = SERVING
        files[f"/proc/{pid}/smaps_rollup"] = ROLLUP
        files[f"/proc/{pid}/stat"] = _stat(ticks)
    return AHost(files)


def _instance(*children: int, helpers: tuple[int, ...] = ()) -> Instance:
    return Instance(10, "/usr/sbin/apache2", StartOptions(), children, helpers, 60)


def test_a_process_is_read_in_bytes() -> None:
    assert detect_process(_host(11, ticks=12), 11) == Child(
        pid=11,
        tasks=27,
        rss=5_120_000,
        peak_rss=6_144_000,
        pss=2_048_000,
        uss=1_024_000,
        cpu_milliseconds=120,
        worked=True,
    )


def test_without_root_only_rss_is_seen() -> None:
    host = _host(11)
    del host.files["/proc/11/smaps_rollup"]
    child = detect_process(host, 11)
    assert child is not None
    assert (child.rss, child.pss, child.uss) == (5_120_000, None, None)


def test_a_process_that_is_gone_or_a_zombie_is_nothing() -> None:
    assert detect_process(AHost(), 11) is None
    assert detect_process(AHost({"/proc/11/status": "Threads:\t1\n"}), 11) is None


@pytest.mark.parametrize(("ticks", "worked"), [(0, False), (9, False), (10, True), (5000, True)])
def test_a_child_has_worked_when_it_used_a_tenth_of_a_second(ticks: int, worked: bool) -> None:
    found = detect_children(_host(10, 11, ticks=ticks), _instance(11))
    assert isinstance(found, Children)
    assert (found.worked, found.samples[0].worked) == (worked, worked)


def test_the_parent_stands_apart() -> None:
    found = detect_children(_host(10, 11, 12), _instance(11, 12))
    assert isinstance(found, Children)
    assert found.parent is not None
    assert (found.parent.pid, [child.pid for child in found.samples]) == (10, [11, 12])


def test_of_many_children_64_are_looked_at() -> None:
    pids = tuple(range(100, 300))
    found = detect_children(_host(10, *pids), _instance(*pids))
    assert isinstance(found, Children)
    assert (len(found.samples), found.count) == (64, 200)
    assert [child.pid for child in found.samples][:3] == [100, 103, 106]


def test_samples_spread_over_all_children() -> None:
    assert evenly([1, 2, 3], 5) == (1, 2, 3)
    assert evenly([1, 2, 3, 4, 5, 6], 3) == (1, 3, 5)


def test_no_children_is_unknown() -> None:
    assert detect_children(_host(10), _instance()) == Unknown("httpd.children", "it has none")
    gone = detect_children(_host(10), _instance(11))
    assert gone == Unknown("httpd.children", "their /proc entries cannot be read")


def _tasks(*tasks: int) -> list[Child]:
    return [Child(pid, count, 1, 1, None, None) for pid, count in enumerate(tasks)]


@pytest.mark.parametrize(
    ("mpm", "tasks", "configured", "expected"),
    [
        (Mpm.PREFORK, (1, 1), None, 1),
        (Mpm.EVENT, (27, 27), None, 25),
        (Mpm.WORKER, (27, 3), 25, 25),
        (Mpm.EVENT, (52,), 25, 25),
        (Mpm.EVENT, (12,), 25, 10),
        (Mpm.EVENT, (1,), None, None),
    ],
)
def test_threads_follow_from_tasks_and_configuration(
    mpm: Mpm, tasks: tuple[int, ...], configured: int | None, expected: int | None
) -> None:
    assert threads_per_child(_tasks(*tasks), mpm, configured) == expected


def test_the_pss_of_all_processes_is_added_up() -> None:
    host = _host(10, 11, 12, 13)
    instance = _instance(11, 12, helpers=(13, 14))
    children = detect_children(host, instance)
    assert isinstance(children, Children)
    total = total_pss(host, instance, children)
    assert total is not None
    assert total.value == 8_192_000
    assert total.evidence is not None
    assert total.evidence.source == "smaps_rollup of 2 of 2 children, parent and helpers"


def test_children_that_were_not_looked_at_count_with_the_mean() -> None:
    pids = tuple(range(100, 228))
    host = _host(10, *pids)
    children = detect_children(host, _instance(*pids))
    assert isinstance(children, Children)
    total = total_pss(host, _instance(*pids), children)
    assert total is not None
    assert total.value == 129 * 2_048_000


@pytest.mark.parametrize("hidden", [10, 11, 12])
def test_one_process_that_may_not_be_read_hides_the_sum(hidden: int) -> None:
    host = _host(10, 11, 12)
    del host.files[f"/proc/{hidden}/smaps_rollup"]
    instance = _instance(11, helpers=(12,))
    children = detect_children(host, instance)
    assert isinstance(children, Children)
    assert total_pss(host, instance, children) is None


def test_without_the_parent_there_is_no_sum() -> None:
    host = _host(11)
    children = detect_children(host, _instance(11))
    assert isinstance(children, Children)
    assert children.parent is None
    assert total_pss(host, _instance(11), children) is None
