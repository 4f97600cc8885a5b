"""check_config of the three MPMs, with the lines that httpd prints."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpmtune.httpd.corrections import DEFAULTS, Frozen, Reading, correct
from mpmtune.model.server import Mpm

THREADED = (Mpm.WORKER, Mpm.EVENT)


def lines(mpm: Mpm, written: dict[str, int], reading: Reading = Reading.CONSOLE) -> list[str]:
    return [f"{m.id}: {m.text}" for m in correct(mpm, written, reading=reading).messages]


@pytest.mark.parametrize("mpm", list(Mpm))
def test_the_built_in_values_are_left_alone_in_silence(mpm: Mpm) -> None:
    corrected = correct(mpm, {})
    assert corrected.messages == ()
    assert corrected.effective == DEFAULTS[mpm]


def test_what_the_built_in_values_are() -> None:
    assert dict(correct(Mpm.PREFORK, {}).effective) == {
        "ServerLimit": 256,
        "MaxRequestWorkers": 256,
        "StartServers": 5,
        "MinSpareServers": 5,
        "MaxSpareServers": 10,
    }
    assert dict(correct(Mpm.EVENT, {}).effective) == {
        "ServerLimit": 16,
        "ThreadLimit": 64,
        "ThreadsPerChild": 25,
        "MaxRequestWorkers": 400,
        "StartServers": 3,
        "MinSpareThreads": 75,
        "MaxSpareThreads": 250,
    }


@pytest.mark.parametrize(
    ("mpm", "written", "console", "log"),
    [
        (
            Mpm.PREFORK,
            {"ServerLimit": 200001, "MaxRequestWorkers": 10},
            (
                "AH00175: WARNING: ServerLimit of 200001 exceeds compile-time limit of 200000 servers,"
                " decreasing to 200000."
            ),
            (
                "AH00176: ServerLimit of 200001 exceeds compile-time limit of 200000, decreasing to"
                " match"
            ),
        ),
        (
            Mpm.PREFORK,
            {"MaxRequestWorkers": 0},
            "AH00182: WARNING: MaxRequestWorkers of 0 not allowed, increasing to 1.",
            "AH00183: MaxRequestWorkers of 0 not allowed, increasing to 1",
        ),
        (
            Mpm.PREFORK,
            {"MaxRequestWorkers": 300},
            (
                "AH00180: WARNING: MaxRequestWorkers of 300 exceeds ServerLimit value of 256 servers,"
                " decreasing MaxRequestWorkers to 256. To increase, please see the ServerLimit"
                " directive."
            ),
            (
                "AH00181: MaxRequestWorkers of 300 exceeds ServerLimit value of 256, decreasing to"
                " match"
            ),
        ),
        (
            Mpm.PREFORK,
            {"MinSpareServers": -1},
            (
                "AH00186: WARNING: MinSpareServers of -1 not allowed, increasing to 1 to avoid almost"
                " certain server failure. Please read the documentation."
            ),
            "AH00187: MinSpareServers of -1 not allowed, increasing to 1",
        ),
        (
            Mpm.WORKER,
            {"ThreadLimit": 20001},
            (
                "AH00305: WARNING: ThreadLimit of 20001 exceeds compile-time limit of 20000 threads,"
                " decreasing to 20000."
            ),
            (
                "AH00306: ThreadLimit of 20001 exceeds compile-time limit of 20000, decreasing to"
                " match"
            ),
        ),
        (
            Mpm.EVENT,
            {"ThreadLimit": 100001},
            (
                "AH00502: WARNING: ThreadLimit of 100001 exceeds compile-time limit of 100000 threads,"
                " decreasing to 100000."
            ),
            (
                "AH00503: ThreadLimit of 100001 exceeds compile-time limit of 100000, decreasing to"
                " match"
            ),
        ),
        (
            Mpm.EVENT,
            {"ThreadsPerChild": 0, "MaxRequestWorkers": 1},
            "AH00509: WARNING: ThreadsPerChild of 0 not allowed, increasing to 1.",
            "AH00510: ThreadsPerChild of 0 not allowed, increasing to 1",
        ),
        (
            Mpm.WORKER,
            {"MaxRequestWorkers": 10},
            (
                "AH00314: WARNING: MaxRequestWorkers of 10 is less than ThreadsPerChild of 25,"
                " increasing to 25. MaxRequestWorkers must be at least as large as the number of"
                " threads in a single server."
            ),
            (
                "AH00315: MaxRequestWorkers of 10 is less than ThreadsPerChild of 25, increasing to"
                " match"
            ),
        ),
        (
            Mpm.EVENT,
            {"ThreadsPerChild": 64},
            (
                "AH00513: WARNING: MaxRequestWorkers of 400 is not an integer multiple of"
                " ThreadsPerChild of 64, decreasing to nearest multiple 384, for a maximum of 6"
                " servers."
            ),
            (
                "AH00514: MaxRequestWorkers of 400 is not an integer multiple of ThreadsPerChild of"
                " 64, decreasing to nearest multiple 384"
            ),
        ),
        (
            Mpm.EVENT,
            {"ServerLimit": 4},
            (
                "AH00515: WARNING: MaxRequestWorkers of 400 would require 16 servers and would exceed"
                " ServerLimit of 4, decreasing to 100. To increase, please see the ServerLimit"
                " directive."
            ),
            (
                "AH00516: MaxRequestWorkers of 400 would require 16 servers and exceed ServerLimit of"
                " 4, decreasing to 100"
            ),
        ),
        (
            Mpm.WORKER,
            {"StartServers": 0},
            "AH00320: WARNING: StartServers of 0 not allowed, increasing to 1.",
            "AH00321: StartServers of 0 not allowed, increasing to 1",
        ),
    ],
)
def test_a_clamp_speaks_on_the_console_and_with_the_next_number_in_the_log(
    mpm: Mpm, written: dict[str, int], console: str, log: str
) -> None:
    assert lines(mpm, written) == [console]
    assert lines(mpm, written, Reading.LOG) == [log]


def test_one_bad_value_can_draw_three_lines_that_quote_clamped_values() -> None:
    corrected = correct(Mpm.EVENT, {"ThreadsPerChild": 7, "MaxRequestWorkers": 5, "ServerLimit": 0})
    assert [m.id for m in corrected.messages] == ["AH00499", "AH00511"]
    corrected = correct(Mpm.WORKER, {"ThreadsPerChild": 70, "MaxRequestWorkers": 1250})
    assert [m.id for m in corrected.messages] == ["AH00310", "AH00316", "AH00318"]
    assert "MaxRequestWorkers of 1216 would require 19 servers" in corrected.messages[2].text
    assert corrected.effective["MaxRequestWorkers"] == 1024


def test_the_order_of_all_lines_of_event() -> None:
    everything = dict.fromkeys(DEFAULTS[Mpm.EVENT], 0)
    ids = [message.id for message in correct(Mpm.EVENT, everything).messages]
    assert ids == ["AH00499", "AH00504", "AH00509", "AH00511", "AH00517", "AH00519"]


def test_a_message_names_its_directive() -> None:
    (message,) = correct(Mpm.EVENT, {"ServerLimit": 4}).messages
    assert (message.directive, message.level) == ("MaxRequestWorkers", "warn")


def test_names_that_the_mpm_does_not_check_are_ignored() -> None:
    assert "ThreadLimit" not in correct(Mpm.PREFORK, {"ThreadLimit": 0}).effective
    assert correct(Mpm.EVENT, {"MinSpareServers": 0}).messages == ()


def test_a_restart_keeps_the_limits_that_sized_the_scoreboard() -> None:
    frozen = Frozen(server_limit=16, thread_limit=64)
    corrected = correct(
        Mpm.EVENT,
        {"ServerLimit": 20001, "ThreadLimit": 100, "ThreadsPerChild": 100},
        reading=Reading.LOG,
        frozen=frozen,
    )
    assert [(m.id, m.text) for m in corrected.messages] == [
        (
            "AH00498",
            "ServerLimit of 20001 exceeds compile-time limit of 20000, decreasing to match",
        ),
        (
            "AH00501",
            "changing ServerLimit to 20000 from original value of 16 not allowed during restart",
        ),
        (
            "AH00506",
            "changing ThreadLimit to 100 from original value of 64 not allowed during restart",
        ),
        ("AH00508", "ThreadsPerChild of 100 exceeds ThreadLimit of 64, decreasing to match"),
        (
            "AH00514",
            (
                "MaxRequestWorkers of 400 is not an integer multiple of ThreadsPerChild of 64,"
                " decreasing to nearest multiple 384"
            ),
        ),
    ]
    assert corrected.effective["ServerLimit"] == 16


def test_prefork_freezes_its_server_limit_too() -> None:
    frozen = Frozen.by(correct(Mpm.PREFORK, {}).effective)
    assert frozen == Frozen(256, None)
    (message,) = correct(
        Mpm.PREFORK, {"ServerLimit": 300}, reading=Reading.LOG, frozen=frozen
    ).messages
    assert message.id == "AH00179"


NUMBERS = st.integers(min_value=-(2**31), max_value=2**31 - 1)


@settings(max_examples=200)
@given(st.sampled_from(Mpm), st.data())
def test_what_was_corrected_is_not_corrected_again(mpm: Mpm, data: st.DataObject) -> None:
    written = {name: data.draw(NUMBERS, name) for name in DEFAULTS[mpm]}
    once = correct(mpm, written)
    twice = correct(mpm, once.effective)
    assert twice.messages == ()
    assert twice.effective == once.effective


@settings(max_examples=200)
@given(st.sampled_from(THREADED), st.data())
def test_workers_are_whole_children_within_the_limit(mpm: Mpm, data: st.DataObject) -> None:
    written = {name: data.draw(NUMBERS, name) for name in DEFAULTS[mpm]}
    effective = correct(mpm, written).effective
    threads = effective["ThreadsPerChild"]
    assert effective["MaxRequestWorkers"] % threads == 0
    assert 1 <= effective["MaxRequestWorkers"] // threads <= effective["ServerLimit"] <= 20000
    assert 1 <= threads <= effective["ThreadLimit"]
    assert effective["MaxSpareThreads"] == written["MaxSpareThreads"]  # never looked at here
