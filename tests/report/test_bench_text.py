"""A bench for a terminal."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mpmtune.model.bench import Claim
from mpmtune.report.bench_text import bench_lines, score_text
from mpmtune.report.text import Span, Style, plain
from tests.report.bench_example import BENCH


def spans() -> list[Span]:
    return [span for line in bench_lines(BENCH, 80) for span in line]


def test_each_setting_has_its_row() -> None:
    text = plain(bench_lines(BENCH, 80))
    row = next(line.split() for line in text.splitlines() if line.startswith("  plan"))
    assert row == ["plan", "prefork", "90", "±2%", "0.98", "484", "MiB", "95%", "3"]
    assert "870 MiB  170% !" in text
    assert "grid prefork" in text


def test_a_setting_that_httpd_refuses_shows_its_words_made_safe() -> None:
    text = plain(bench_lines(BENCH, 80))
    assert "refused" in text
    assert "AH00526: Syntax" in text
    assert "\x1b" not in text


def test_a_setting_for_which_no_time_was_left_shows_a_dash() -> None:
    text = plain(bench_lines(BENCH, 80))
    assert any(line.split()[:3] == ["builtin", "prefork", "–"] for line in text.splitlines())


@pytest.mark.parametrize("width", [80, 100])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    text = plain(bench_lines(BENCH, width))
    assert max(len(line) for line in text.splitlines()) <= width


def test_a_broken_budget_is_bad_and_the_best_is_strong() -> None:
    styles = {span.text.strip(): span.style for span in spans()}
    assert styles["170% !"] is Style.BAD
    assert styles["prefork 36"] is Style.STRONG
    assert styles["0.98"] is Style.GOOD
    assert styles["0.00"] is Style.BAD


def test_a_guard_says_that_it_does_not_rank() -> None:
    assert "it does not rank" in plain(bench_lines(BENCH, 80))


def test_a_claim_shows_its_verdict_and_its_cases() -> None:
    text = plain(bench_lines(BENCH, 80))
    assert (
        "worker uses less memory than prefork\n  true\n  3.1 times less.\n    prefork: pss 96\n"
        in text
    )


def test_the_figures_of_a_claim_carry_their_units() -> None:
    figures = (
        ("p99_seconds", 3.98123),
        ("pss_bytes", 97_040_384.0),
        ("few_visitors_share", 0.325),
        ("event_per_second", 2778.4),
    )
    claim = Claim("c", "true", "f.", (("event", figures),))
    text = plain(bench_lines(replace(BENCH, claims=(claim,)), 100))
    assert "event: p99 3.98 s, pss 92.5 MiB, few visitors 32%, event per second 2,778\n" in text


@pytest.mark.parametrize(
    ("score", "text"), [(1250.4, "1,250"), (99.94, "99.9"), (0.3333, "0.333"), (1.0, "1")]
)
def test_a_score_has_three_digits_that_count(score: float, text: str) -> None:
    assert score_text(score) == text
