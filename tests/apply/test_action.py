from __future__ import annotations

import pytest

from mpmtune.apply.action import Action, action_for
from mpmtune.model.server import Mpm

NOW: dict[str, int | str] = {"ServerLimit": 16, "ThreadLimit": 64, "KeepAliveTimeout": 5}


@pytest.mark.parametrize(
    ("after", "action"),
    [
        ({}, Action.GRACEFUL),
        ({"KeepAliveTimeout": 3}, Action.GRACEFUL),
        ({"KeepAlive": "Off"}, Action.GRACEFUL),
        ({"ServerLimit": 32}, Action.STOP_AND_START),
        ({"ThreadLimit": 100}, Action.STOP_AND_START),
        ({"ListenBacklog": 1024}, Action.STOP_AND_START),
        ({"ListenCoresBucketsRatio": 4}, Action.STOP_AND_START),
    ],
)
def test_what_sized_something_at_the_start_needs_a_start(
    after: dict[str, int | str], action: Action
) -> None:
    assert action_for(Mpm.EVENT, Mpm.EVENT, NOW, NOW | after) is action


def test_another_mpm_needs_a_start_for_a_reload_would_end_httpd() -> None:
    assert action_for(Mpm.PREFORK, Mpm.EVENT, NOW, NOW) is Action.STOP_AND_START


def test_nothing_is_done_to_an_httpd_that_does_not_run() -> None:
    assert action_for(None, Mpm.EVENT, NOW, NOW | {"ServerLimit": 1}) is Action.NOTHING
