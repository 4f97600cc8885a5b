"""Settings in turn."""

from __future__ import annotations

from mpmtune.bench.comparison import Allowance, Comparison
from mpmtune.bench.instance import RefusedError, Setting
from mpmtune.model.bench import GRID, Run
from mpmtune.model.httpd import Mpm


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class MadeUpStage:
    """Gives scores instead of measuring, two seconds each."""

    def __init__(self, clock: Clock, scores: dict[str, float]) -> None:
        self.clock = clock
        self.scores = scores
        self.order: list[str] = []

    def run(self, setting: Setting) -> Run:
        self.clock.now += 2.0
        self.order.append(setting.name)
        if setting.name not in self.scores:
            raise RefusedError("AH00526: Syntax error")
        return Run(self.scores[setting.name], (), 1, 1, 1.0)


def a_setting(name: str, role: str = "named") -> Setting:
    return Setting(name, Mpm.EVENT, "", "", role)


def comparison(scores: dict[str, float], seconds: float = 100.0) -> tuple[Comparison, MadeUpStage]:
    clock = Clock()
    stage = MadeUpStage(clock, scores)
    return Comparison(stage, 2, Allowance(seconds, clock)), stage  # type: ignore[arg-type]  # made up


def test_settings_are_measured_in_turn_so_that_drift_hits_all_alike() -> None:
    one, stage = comparison({"a": 1.0, "b": 2.0})
    measured = one.measure([a_setting("a"), a_setting("b")])
    assert stage.order == ["a", "b", "a", "b"]
    assert [(made.name, made.score, len(made.runs)) for made in measured] == [
        ("a", 1, 2),
        ("b", 2, 2),
    ]
    assert not one.cut_short


def test_of_a_grid_the_best_is_measured_as_often_and_the_first_look_is_forgotten() -> None:
    one, stage = comparison({"plan": 5.0, "100": 1.0, "200": 4.0, "300": 3.0})
    grid = [a_setting(name, GRID) for name in ("100", "200", "300")]
    measured = one.measure([a_setting("plan")], grid)
    assert stage.order == ["100", "200", "300", "plan", "200", "plan", "200"]
    assert [(made.name, len(made.runs)) for made in measured] == [
        ("plan", 2),
        ("100", 1),
        ("200", 2),
        ("300", 1),
    ]


def test_one_that_httpd_refuses_is_tried_once() -> None:
    one, stage = comparison({"a": 1.0})
    measured = one.measure([a_setting("a"), a_setting("bad")])
    assert stage.order == ["a", "bad", "a"]
    assert measured[1].refused == "AH00526: Syntax error"


def test_no_run_is_begun_that_would_end_too_late() -> None:
    one, stage = comparison({"a": 1.0, "b": 2.0}, seconds=5.0)
    measured = one.measure([a_setting("a"), a_setting("b")])
    assert stage.order == ["a", "b"]
    assert one.cut_short
    assert [len(made.runs) for made in measured] == [1, 1]


def test_each_run_is_told() -> None:
    told: list[int] = []
    one, _ = comparison({"a": 1.0})
    one.seen = told.append
    one.measure([a_setting("a")])
    assert told == [1, 1]


def test_time_counts_from_the_beginning() -> None:
    clock = Clock()
    clock.now = 7.0
    allowance = Allowance(10.0, clock)
    clock.now = 9.0
    assert allowance.spent == 2.0
    assert allowance.another()
