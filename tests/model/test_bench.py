"""What follows from measured runs."""

from __future__ import annotations

from mpmtune.model.bench import GRID, Compared, Measured, Run
from mpmtune.model.httpd import Mpm


def a_run(score: float, pss_bytes: int = 100, *, over: bool = False, **figures: float) -> Run:
    return Run(score, tuple(figures.items()), pss_bytes, 4, 3.0, over)


def a_setting(name: str, *runs: Run, role: str = "named") -> Measured:
    return Measured(name, role, Mpm.EVENT, "", "", runs)


def compared(*settings: Measured) -> Compared:
    return Compared("php_io", "", "", guard=False, budget_bytes=None, scale=1.0, settings=settings)


def test_a_setting_is_as_good_as_the_median_of_its_runs() -> None:
    setting = a_setting("plan", a_run(80), a_run(100), a_run(90))
    assert setting.score == 90
    assert setting.spread == 20 / 90


def test_one_run_has_no_spread_and_none_has_no_score() -> None:
    assert a_setting("plan", a_run(80)).spread is None
    assert a_setting("plan").score == 0
    assert a_setting("plan").pss_bytes == 0
    assert a_setting("plan", a_run(0), a_run(0)).spread is None


def test_the_largest_peak_counts_and_each_broken_budget() -> None:
    setting = a_setting("plan", a_run(0, 300, over=True), a_run(5, 200))
    assert setting.pss_bytes == 300
    assert setting.over_budget == 1


def test_a_figure_is_the_median_of_the_runs_that_have_it() -> None:
    setting = a_setting("plan", a_run(1, share=0.5), a_run(1, share=0.9), a_run(1))
    assert setting.figure("share") == 0.7
    assert setting.figure("other") is None


def test_ratios_are_to_the_best_point_of_the_grid() -> None:
    plan, point = a_setting("plan", a_run(120)), a_setting("event 400", a_run(100), role=GRID)
    both = compared(plan, point, a_setting("event 100", a_run(50), role=GRID))
    assert both.best is point
    assert both.ratio(plan) == 1.2


def test_without_a_grid_ratios_are_to_the_best_of_all() -> None:
    plan, debian = a_setting("plan", a_run(50)), a_setting("debian", a_run(100))
    assert compared(plan, debian).best is debian
    assert compared(plan, debian).ratio(plan) == 0.5


def test_of_equal_scores_the_smaller_memory_is_best() -> None:
    large, small = a_setting("a", a_run(5, 900)), a_setting("b", a_run(5, 100))
    assert compared(large, small).best is small


def test_where_nothing_ran_there_is_no_ratio() -> None:
    assert compared(a_setting("plan")).best is None
    assert compared(a_setting("plan")).ratio(a_setting("plan")) is None
    assert compared(a_setting("plan", a_run(0))).ratio(a_setting("plan", a_run(0))) is None
