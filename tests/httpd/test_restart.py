"""What a restart can change."""

from mpmtune.httpd.corrections import correct
from mpmtune.httpd.restart import effect_of, read_again
from mpmtune.model.plan import Effect
from mpmtune.model.server import Mpm


def test_what_sized_the_scoreboard_needs_a_start() -> None:
    assert effect_of("ServerLimit") is Effect.RESTART
    assert effect_of("ThreadLimit") is Effect.RESTART
    assert effect_of("ListenCoresBucketsRatio") is Effect.RESTART
    assert effect_of("MaxRequestWorkers") is Effect.GRACEFUL


def test_a_restart_changes_workers_within_the_first_server_limit() -> None:
    running = correct(Mpm.EVENT, {"ServerLimit": 4, "MaxRequestWorkers": 100}).effective
    again = read_again(Mpm.EVENT, {"ServerLimit": 8, "MaxRequestWorkers": 200}, running)
    assert [message.id for message in again.messages] == ["AH00501", "AH00516"]
    assert again.effective["MaxRequestWorkers"] == 100


def test_a_restart_with_the_same_values_says_nothing() -> None:
    running = correct(Mpm.WORKER, {"ServerLimit": 4, "MaxRequestWorkers": 100}).effective
    again = read_again(Mpm.WORKER, {"ServerLimit": 4, "MaxRequestWorkers": 75}, running)
    assert again.messages == ()
    assert again.effective["MaxRequestWorkers"] == 75
