from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from mpmtune.cli.group_by_group import decided, groups, require_somebody
from mpmtune.errors import UsageError
from mpmtune.model.plan import Plan, Switch
from mpmtune.model.server import EffectiveSetting, Mpm
from mpmtune.plan.planner import plan
from tests.builders import a_machine, facts

if TYPE_CHECKING:
    from collections.abc import Callable

SNIPPET = "/etc/apache2/conf-available/zz-mpmtune.conf"


def a_plan() -> Plan:
    return plan(Mpm.EVENT, "", facts(a_machine()))


def answering(*answers: str) -> Callable[[str], str]:
    left = iter(answers)
    return lambda _question: next(left)


def names(made: Plan | None) -> set[str]:
    assert made is not None
    return {one.directive for one in made.settings}


def test_what_depends_on_each_other_is_one_group() -> None:
    found = {group.title: {one.directive for one in group.settings} for group in groups(a_plan())}
    assert found["Workers of event"] >= {"ServerLimit", "MaxRequestWorkers", "ThreadsPerChild"}
    assert found["Connections"] >= {"KeepAlive", "KeepAliveTimeout", "ListenBacklog"}
    assert set(found) == {"Workers of event", "Connections"}


def test_a_group_that_is_skipped_is_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    made = decided(a_plan(), SNIPPET, answering("y", "what?", "s"))
    assert "MaxRequestWorkers" in names(made)
    assert "KeepAlive" not in names(made)
    said = capsys.readouterr().err
    assert "Workers of event" in said
    assert "ThreadsPerChild            →  25" in said


def test_what_our_own_file_sets_stays_when_its_group_is_skipped() -> None:
    before = a_plan()
    settings = tuple(
        replace(one, current=EffectiveSetting(one.directive, 9, SNIPPET, 3))
        if one.directive == "KeepAliveTimeout"
        else replace(one, current=EffectiveSetting(one.directive, "Off", SNIPPET, 2))
        if one.directive == "KeepAlive"
        else one
        for one in before.settings
    )
    made = decided(replace(before, settings=settings), SNIPPET, answering("y", "s"))
    assert made is not None
    assert made.setting("KeepAliveTimeout").text == "9"
    assert made.setting("KeepAlive").text == "Off"


def test_quitting_and_skipping_everything_do_nothing() -> None:
    assert decided(a_plan(), SNIPPET, answering("q")) is None
    assert decided(a_plan(), SNIPPET, answering("s", "s")) is None


def test_a_change_of_mpm_is_named_first(capsys: pytest.CaptureFixture[str]) -> None:
    switching = replace(a_plan(), switch=Switch(Mpm.PREFORK, Mpm.EVENT, ()), chosen_because="so")
    assert decided(switching, SNIPPET, answering("quit")) is None
    assert capsys.readouterr().err.startswith("MPM prefork → event: so. httpd is stopped and ")


def test_an_answer_is_a_word_or_its_beginning() -> None:
    made = decided(a_plan(), SNIPPET, answering("", "yikes", "sudo", "Ye", " skip\n"))
    assert "MaxRequestWorkers" in names(made)
    assert "KeepAlive" not in names(made)


def test_a_change_of_mpm_is_not_made_without_its_workers() -> None:
    switching = replace(a_plan(), switch=Switch(Mpm.PREFORK, Mpm.EVENT, ()))
    assert decided(switching, SNIPPET, answering("s")) is None
    assert decided(switching, SNIPPET, answering("y", "s")) is not None


def test_where_nobody_sits_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with open("/dev/null") as nothing:
        monkeypatch.setattr("sys.stdin", nothing)
        with pytest.raises(UsageError, match="Nobody can be asked here"):
            require_somebody()
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(UsageError, match="Nobody can be asked here"):
        require_somebody()
