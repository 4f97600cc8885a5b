"""What httpd makes of one argument."""

from __future__ import annotations

import math

import pytest

from mpmtune.httpd.names import manual
from mpmtune.httpd.refusals import RefusedError
from mpmtune.httpd.values import PARSERS, parse


@pytest.mark.parametrize(
    ("directive", "word", "value"),
    [
        ("MaxRequestWorkers", "5,000", 5),
        ("MaxConnectionsPerChild", "-1", -1),
        ("ListenBacklog", "128x", 128),
        ("ListenBacklog", "4294967297", 1),
        ("SendBufferSize", "0", 0),
        ("SendBufferSize", "512", 512),
        ("MaxMemFree", "2048", 2097152),
        ("MaxMemFree", "abc", 0),
        ("MaxMemFree", "4194304", 0),
        ("MaxMemFree", "4194305", 1024),
        ("MaxMemFree", "5M", 5120),
        ("ThreadStackSize", "256K", 256),
        ("AsyncRequestWorkerFactor", "1.5", 1.5),
        ("AsyncRequestWorkerFactor", "inf", math.inf),
        ("KeepAlive", "on", "On"),
        ("KeepAlive", "OFF", "Off"),
        ("EnableSendfile", "Off", "Off"),
        ("KeepAliveTimeout", "5", 5),
        ("KeepAliveTimeout", "500ms", 0.5),
        ("KeepAliveTimeout", "1min", 60),
        ("Timeout", "500ms", 500),
        ("Timeout", "1min", 1),
        ("Timeout", "abc", 0),
        ("MaxKeepAliveRequests", "-1", -1),
        ("ScoreBoardFile", "logs/x", "logs/x"),
        ("H2MaxWorkerIdleSeconds", "0", 0),
        ("H2MinWorkers", "25", 25),
    ],
)
def test_the_value_in_force(directive: str, word: str, value: float | str) -> None:
    assert parse(directive.lower(), word) == value


@pytest.mark.parametrize(
    ("directive", "word", "sentence"),
    [
        ("ListenBacklog", "0", "ListenBacklog must be > 0"),
        ("ListenBacklog", "2147483648", "ListenBacklog must be > 0"),
        ("ListenCoresBucketsRatio", "0", "ListenCoresBucketsRatio must be > 0"),
        ("ListenTCPDeferAccept", "abc", "ListenTCPDeferAccept must be > 0"),
        (
            "SendBufferSize",
            "511",
            "SendBufferSize must be >= 512 bytes, or 0 for system default.",
        ),
        (
            "ReceiveBufferSize",
            "-1",
            "ReceiveBufferSize must be >= 512 bytes, or 0 for system default.",
        ),
        ("MaxMemFree", "-1", "Invalid MaxMemFree value: -1"),
        ("MaxMemFree", "9223372036854775808", "Invalid MaxMemFree value: 9223372036854775808"),
        ("ThreadStackSize", "-1", "Invalid ThreadStackSize value: -1"),
        ("AsyncRequestWorkerFactor", "2x", "error parsing value"),
        (
            "AsyncRequestWorkerFactor",
            "-inf",
            "AsyncRequestWorkerFactor argument must be a positive number",
        ),
        ("KeepAlive", "yes", "KeepAlive must be On or Off"),
        ("ExtendedStatus", "Full", "ExtendedStatus must be On or Off"),
        ("EnableMMAP", "maybe", "parameter must be 'on' or 'off'"),
        ("KeepAliveTimeout", "5m", "KeepAliveTimeout has wrong format"),
        ("H2MaxWorkerIdleSeconds", "-1", "Invalid idle limit value"),
        ("H2MaxWorkers", "0", "value must be > 0"),
    ],
)
def test_the_sentence_of_refusal(directive: str, word: str, sentence: str) -> None:
    with pytest.raises(RefusedError) as refused:
        parse(directive.lower(), word)
    assert str(refused.value) == sentence


def test_every_parser_belongs_to_a_directive() -> None:
    assert {manual(name).lower() for name in PARSERS} == set(PARSERS)
    assert not any(manual(name) == name for name in PARSERS)
