"""From a configuration to the values in force, the messages and the errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mpmtune.httpd import effective
from mpmtune.httpd.directives import by_name
from mpmtune.httpd.handlers import PathKind
from mpmtune.model.config import Fault, Level
from mpmtune.model.server import EffectiveSetting, Mpm
from tests.httpd.trees import CONF, a_tree

if TYPE_CHECKING:
    from mpmtune.httpd.effective import EffectiveValues


def of(text: str, mpm: Mpm | None = Mpm.EVENT, **how: object) -> EffectiveValues:
    return effective.of(a_tree(text, mpm, **how))  # type: ignore[arg-type]  # as a_tree takes it


def test_without_a_line_every_value_is_built_in() -> None:
    values = of("")
    assert values.accepted
    assert values.messages == ()
    assert {setting.file for setting in values.settings} == {None}
    shown = {setting.directive: setting.value for setting in values.settings}
    assert shown == {
        "ServerLimit": 16,
        "ThreadLimit": 64,
        "ThreadsPerChild": 25,
        "MaxRequestWorkers": 400,
        "StartServers": 3,
        "MinSpareThreads": 75,
        "MaxSpareThreads": 250,
        "AsyncRequestWorkerFactor": 2,
        "MaxConnectionsPerChild": 0,
        "GracefulShutdownTimeout": 0,
        "ListenBacklog": 511,
        "ListenCoresBucketsRatio": 0,
        "ListenTCPDeferAccept": 30,
        "SendBufferSize": 0,
        "ReceiveBufferSize": 0,
        "MaxMemFree": 2097152,
        "ThreadStackSize": 0,
        "KeepAlive": "On",
        "KeepAliveTimeout": 5,
        "MaxKeepAliveRequests": 100,
        "Timeout": 60,
        "EnableMMAP": "On",
        "EnableSendfile": "Off",
        "ExtendedStatus": "Off",
    }


def test_modules_bring_their_values() -> None:
    values = of("", modules=("status", "reqtimeout", "http2"))
    assert values.setting("ExtendedStatus").value == "On"
    assert (
        values.setting("RequestReadTimeout").value
        == "handshake=0 header=20-40,MinRate=500 body=20,MinRate=500"
    )
    assert values.setting("H2MinWorkers").value == 25
    assert values.setting("H2MaxWorkers").value == 37
    assert values.setting("H2MaxWorkerIdleSeconds").value == 600
    assert values.setting("H2MaxSessionStreams").value == 100


def test_http2_is_off_under_prefork_and_has_no_values() -> None:
    values = of("", Mpm.PREFORK, modules=("http2",))
    with pytest.raises(KeyError):
        values.setting("H2MinWorkers")


def test_http2_workers_follow_from_their_minimum() -> None:
    values = of("H2MinWorkers 2\nH2MaxWorkerIdleSeconds 0", modules=("http2",))
    assert values.setting("H2MaxWorkers").value == 4
    assert values.setting("H2MaxWorkerIdleSeconds") == EffectiveSetting(
        "H2MaxWorkerIdleSeconds", 600, CONF, 2
    )


def test_the_last_line_of_the_main_server_wins_whatever_it_is_called() -> None:
    values = of(
        "MaxRequestWorkers 100\nMaxClients 200\nKeepAliveTimeout 7\n"
        "<VirtualHost *>\nKeepAliveTimeout 9\n</VirtualHost>\n"
    )
    assert values.setting("MaxRequestWorkers") == EffectiveSetting(
        "MaxRequestWorkers", 200, CONF, 2
    )
    assert values.setting("KeepAliveTimeout") == EffectiveSetting("KeepAliveTimeout", 7, CONF, 3)


def test_a_clamp_has_the_place_of_the_directive_it_corrects() -> None:
    values = of("KeepAlive On\nMaxRequestWorkers 450\n")
    (message,) = values.messages
    assert (message.id, message.level, message.file, message.line) == (
        "AH00515",
        Level.WARNING,
        CONF,
        2,
    )
    assert message.fault is Fault.CORRECTED
    setting = values.setting("MaxRequestWorkers")
    assert (setting.value, setting.note) == (400, "corrected by httpd, AH00515")


def test_a_clamp_of_a_built_in_value_has_no_place() -> None:
    values = of("ThreadsPerChild 64\n")
    (message,) = values.messages
    assert (message.id, message.file, message.line, message.source) == ("AH00513", "", 0, None)
    assert values.setting("MaxRequestWorkers") == EffectiveSetting(
        "MaxRequestWorkers", 384, note="corrected by httpd, AH00513"
    )


@pytest.mark.parametrize(
    ("text", "directive", "value", "note"),
    [
        ("MaxRequestWorkers 5,000", "MaxRequestWorkers", 25,
         "5,000 is read as 5; corrected by httpd, AH00511"),
        ("MaxSpareThreads 80", "MaxSpareThreads", 101,
         "80 becomes 101 at start, without a message"),
        ("Timeout 500ms", "Timeout", 500, "500ms is read as 500"),
        ("Timeout +60", "Timeout", 60, ""),
        ("AsyncRequestWorkerFactor 1.5", "AsyncRequestWorkerFactor", 1, "1.5 is used as 1"),
        ("AsyncRequestWorkerFactor 3", "AsyncRequestWorkerFactor", 3, ""),
        ("MaxMemFree 4194304", "MaxMemFree", 0, "no limit"),
        ("MaxMemFree 10", "MaxMemFree", 10240, ""),
        ("ThreadStackSize 1", "ThreadStackSize", 1,
         "too small: the system's default is used, AH02435 or AH02436"),
        ("ThreadStackSize 0", "ThreadStackSize", 0, ""),
        ("KeepAliveTimeout 500ms", "KeepAliveTimeout", 0.5, ""),
        ("KeepAlive off", "KeepAlive", "Off", ""),
        ("ScoreBoardFile logs/x", "ScoreBoardFile", "logs/x", ""),
        ("CoreDumpDirectory /x", "CoreDumpDirectory", "/x", ""),
    ],
)  # fmt: skip
def test_a_note_says_what_httpd_made_of_the_text(
    text: str, directive: str, value: float | str, note: str
) -> None:
    assert of(text).setting(directive) == EffectiveSetting(directive, value, CONF, 1, note)


def test_the_factor_counted_in_sixteenths_before_2_4_30() -> None:
    values = of("AsyncRequestWorkerFactor 1.5", version=(2, 4, 29))
    assert values.setting("AsyncRequestWorkerFactor").value == 1.5


def test_listen_tcp_defer_accept_is_new() -> None:
    with pytest.raises(KeyError):
        of("", version=(2, 4, 65)).setting("ListenTCPDeferAccept")


def test_lines_of_request_read_timeout_add_up() -> None:
    values = of(
        "RequestReadTimeout header=5\nRequestReadTimeout body=0\nRequestReadTimeout bad\n"
        "<VirtualHost *>\nRequestReadTimeout body=9\n</VirtualHost>\n",
        modules=("reqtimeout",),
    )
    assert values.setting("RequestReadTimeout") == EffectiveSetting(
        "RequestReadTimeout", "handshake=0 header=5 body=0", CONF, 2
    )


def test_what_is_refused_leaves_the_value_before_it() -> None:
    values = of("ListenBacklog 100\nListenBacklog 0\nTimeout 5\nTimeout 5 6\n")
    assert [error.text for error in values.errors] == [
        "ListenBacklog must be > 0",
        "Timeout takes one argument, Timeout duration (sec)",
    ]
    assert values.setting("ListenBacklog").value == 100
    assert values.setting("Timeout").value == 5


def test_httpd_stops_at_the_first_error_and_says_nothing_after_it() -> None:
    values = of("MaxRequestWorkers 450\nMaxClients 450\nNonsense\nMaxRequestsPerChild 1\n")
    assert not values.accepted
    assert [message.id for message in values.messages] == ["AH00521"]


def test_a_reading_error_comes_before_an_unknown_name_above_it() -> None:
    values = of("Nonsense\nInclude /nowhere\n")
    assert [error.line for error in values.errors] == [2, 1]


LOAD = "LoadModule mpm_{0}_module modules/mod_mpm_{0}.so\n"


def test_without_an_mpm_httpd_refuses_and_the_targets_is_assumed() -> None:
    values = of("ThreadsPerChild 64\n", None)
    assert [(error.id, error.text) for error in values.errors] == [
        ("AH00534", "apache2: Configuration error: No MPM loaded.")
    ]
    assert values.mpm is Mpm.EVENT
    assert values.setting("MaxRequestWorkers").value == 384
    assert effective.of(a_tree("", None), mpm=Mpm.PREFORK).mpm is Mpm.PREFORK


def test_two_mpms_are_one_too_many() -> None:
    text = LOAD.format("worker") + LOAD.format("event")
    values = of(text, None)
    assert values.errors[0].text == "apache2: Configuration error: More than one MPM loaded."
    assert values.mpm is Mpm.WORKER


def test_the_loaded_mpm_is_taken() -> None:
    values = of(LOAD.format("prefork") + "MinSpareServers 0\n", None)
    assert values.mpm is Mpm.PREFORK
    assert [message.id for message in values.messages] == ["AH00186"]


def test_mod_php_refuses_a_threaded_mpm() -> None:
    values = of("", modules=("php",))
    assert [error.id for error in values.errors] == ["", "AH00013"]
    assert of("", Mpm.PREFORK, modules=("php",)).accepted


def test_buckets_need_the_number_of_cpus() -> None:
    tree = a_tree("ListenCoresBucketsRatio 2\nMaxRequestWorkers 25\n")
    assert effective.of(tree).setting("MaxRequestWorkers").value == 25
    values = effective.of(tree, online_cpus=8)
    assert values.setting("MaxRequestWorkers") == EffectiveSetting(
        "MaxRequestWorkers", 100, CONF, 2, "25 becomes 100 at start, without a message"
    )
    assert values.corrected.effective["MaxRequestWorkers"] == 25


def test_a_warning_of_the_reading_is_kept() -> None:
    values = of("MaxRequestWorkers ${N}\n")
    assert [message.id for message in values.messages] == ["AH00111", "AH00511"]


def test_what_only_we_remark_is_no_message_of_httpd() -> None:
    tree = a_tree("<IfModule mpm_event_module>\nMaxClients 400\n")
    assert [found.level for found in tree.diagnostics] == [Level.NOTE]
    assert [message.id for message in effective.of(tree).messages] == ["AH00521"]


NAMES = sorted(by_name())
WORDS = st.sampled_from(
    ["5", "-1", "On", '"', "''", '"a b"', "x", "500ms", "a=b", ">", "\\", "\xff"]
)
LINES = st.builds(
    lambda name, words: f"{name} {' '.join(words)}",
    st.one_of(st.sampled_from(NAMES), st.text(st.characters(max_codepoint=255), max_size=8)),
    st.lists(WORDS, max_size=4),
)


@settings(max_examples=150)
@given(st.sampled_from(Mpm), st.lists(LINES, max_size=12), st.sampled_from([None, *PathKind]))
def test_no_text_makes_it_raise(mpm: Mpm, lines: list[str], kind: PathKind | None) -> None:
    tree = a_tree("\n".join(lines), mpm, modules=("status", "http2", "reqtimeout", "ssl", "alias"))
    values = effective.of(tree, look=lambda _path: kind)
    assert values.accepted == (not values.errors)
    assert (
        values.setting("MaxRequestWorkers").value == values.started.effective["MaxRequestWorkers"]
    )
