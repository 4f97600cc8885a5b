"""Settings as text."""

from __future__ import annotations

from mpmtune.bench.settings import debian, processes, read, threads
from mpmtune.model.httpd import Mpm


def test_debian_ships_150_workers() -> None:
    assert "MaxRequestWorkers 150\n" in debian(Mpm.EVENT)
    assert debian(Mpm.WORKER) == debian(Mpm.EVENT)
    assert debian(Mpm.PREFORK).splitlines()[:3] == [
        "StartServers 5",
        "MinSpareServers 5",
        "MaxSpareServers 10",
    ]


def test_a_point_of_event_starts_all_its_threads() -> None:
    point = threads(410, factor=16, also={"H2MaxWorkers": 200})
    assert point.label == "event 400, factor 16, H2MaxWorkers 200"
    assert point.directives.splitlines() == [
        "ServerLimit 32",
        "ThreadsPerChild 25",
        "MaxRequestWorkers 400",
        "StartServers 16",
        "MinSpareThreads 25",
        "MaxSpareThreads 400",
        "AsyncRequestWorkerFactor 16",
        "H2MaxWorkers 200",
    ]


def test_worker_has_no_factor_and_the_least_is_one_child() -> None:
    point = threads(10, Mpm.WORKER)
    assert point.label == "worker 25"
    assert "Async" not in point.directives
    assert "MaxSpareThreads 51\n" in point.directives


def test_a_point_of_prefork_starts_all_or_some() -> None:
    assert "StartServers 36\n" in processes(36).directives
    some = processes(36, start=5)
    assert some.label == "prefork 36, start 5"
    assert "StartServers 5\n" in some.directives


def test_numbers_are_read_from_directives_and_other_lines_are_left_out() -> None:
    text = "# 5 workers\n<IfModule x>\n  MaxRequestWorkers 100\n  KeepAlive On\nAlias /a /b\nX y\n"
    assert read(text) == {"MaxRequestWorkers": 100, "KeepAlive": 1}
