"""What every workload must be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mpmtune.bench.comparison import points_of
from mpmtune.bench.load.outcome import Outcome
from mpmtune.bench.registry import choose, find, names
from mpmtune.bench.scale import Scale
from mpmtune.errors import UsageError
from mpmtune.model.bench import GRID
from mpmtune.model.distribution import distribution_of

if TYPE_CHECKING:
    from mpmtune.bench.scenario import Scenario

SCALES = [0.05, 1.0, 4.0]
GOOD = Outcome(2.0, 100, 100, latencies=distribution_of([10_000] * 100))
NONE = Outcome(2.0, 100, 0, failed=100)


def scenario(name: str, by: float) -> Scenario:
    return find(name).scenario(Scale(by, frozenset({0}), frozenset({1})))


@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize("by", SCALES)
def test_it_can_be_made_at_every_scale(name: str, by: float) -> None:
    made = scenario(name, by)
    parts = [part.name for part in made.parts]
    assert len(set(parts)) == len(parts)
    assert 1 <= made.seconds <= 5
    assert 4 <= len(made.grid) <= 8
    assert all(point.directives for point in made.grid)


@pytest.mark.parametrize("name", names())
def test_it_says_what_it_is(name: str) -> None:
    workload = find(name)
    assert workload.name == name
    assert workload.about.endswith(".")
    assert len(workload.about) < 130
    assert workload.scored


@pytest.mark.parametrize("name", names())
def test_answers_in_time_score_and_none_do_not(name: str) -> None:
    made = scenario(name, 1.0)
    good = made.score({part.name: GOOD for part in made.parts})
    assert good > 0
    assert made.score({part.name: NONE for part in made.parts}) == 0


@pytest.mark.parametrize("name", names())
def test_the_points_of_its_grid_have_different_names(name: str) -> None:
    points = points_of(scenario(name, 1.0))
    assert len({point.name for point in points}) == len(points)
    assert {point.role for point in points} == {GRID}


def test_workloads_are_found_by_name_each_once() -> None:
    assert [one.name for one in choose(["php_io", "php_io"])] == ["php_io"]
    assert [one.name for one in choose([])] == names()


def test_one_that_is_not_there_is_an_error_that_lists_those_that_are() -> None:
    with pytest.raises(UsageError) as caught:
        find("x\x1b")
    assert "\x1b" not in caught.value.sentence
    assert "php_io" in caught.value.hint
