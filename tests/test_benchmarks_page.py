"""The page of benchmarks, from results."""

from __future__ import annotations

from mpmtune.report.bench_v1 import bench_document
from tests.benchmarks.plans_page import page
from tests.report.bench_example import BENCH


def test_the_page_shows_each_plan_beside_the_best_and_the_usual() -> None:
    text = page([bench_document(BENCH)])
    assert (
        "| `mem_heavy` | **0.98** ± 2% | prefork 36: 92 | 0.00 (over the budget) | – | – | – |"
        in text
    )


def test_guards_have_a_table_of_their_own() -> None:
    text = page([bench_document(BENCH)])
    assert "| `php_cpu` | plan | 1.00 | – |" in text
    assert "| `php_cpu` | **" not in text


def test_predictions_stand_beside_what_was_measured() -> None:
    text = page([bench_document(BENCH)])
    assert "| `mem_heavy`, plan | 490 | 484 | 1.01 | 90 | 90 | 1.00 |" in text


def test_it_says_when_where_and_how() -> None:
    text = page([bench_document(BENCH)])
    assert "Measured on 2026-11-24: httpd 2.4.71; cpus 1 for the server, 1 for clients." in text
    assert "`mpmtune bench mem_heavy`" in text


def test_claims_come_last_and_nothing_gives_the_head_alone() -> None:
    assert "| worker uses less memory than prefork | true | 3.1 times less. |" in page(
        [bench_document(BENCH)]
    )
    assert "##" not in page([]).replace("# Benchmarks", "")
