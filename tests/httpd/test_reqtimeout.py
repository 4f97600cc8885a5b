"""RequestReadTimeout; what is said was said by the real httpd."""

from __future__ import annotations

import pytest

from mpmtune.httpd.refusals import RefusedError
from mpmtune.httpd.reqtimeout import Stage, defaults, parse, show
from mpmtune.httpd.words import split

NOW = (2, 4, 71)


def test_the_defaults_gained_the_handshake() -> None:
    assert show(defaults(NOW)) == "handshake=0 header=20-40,MinRate=500 body=20,MinRate=500"
    assert show(defaults((2, 4, 38))) == "header=20-40,MinRate=500 body=20,MinRate=500"


@pytest.mark.parametrize(
    ("args", "stages"),
    [
        ("", {}),
        ("header=5", {"header": Stage(5)}),
        ("HEADER=+5", {"header": Stage(5)}),
        ("header=20-40,minrate=500", {"header": Stage(20, 40, 500)}),
        ("header=20-0,MinRate=5", {"header": Stage(20, 0, 5)}),
        ("header=5 header=6", {"header": Stage(6)}),
        ('"header=5', {"header": Stage(5)}),
        ("header=99999999999", {"header": Stage(1215752191)}),
        ("header=4294967296", {"header": Stage(0)}),
        ("handshake=0 body=10,MinRate=1", {"handshake": Stage(0), "body": Stage(10, 0, 1)}),
    ],
)
def test_what_is_taken(args: str, stages: dict[str, Stage]) -> None:
    assert parse(split(args), NOW) == stages


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (
            "header",
            ("Invalid RequestReadTimeout parameter. Parameter must be in the form 'key=value'"),
        ),
        ("=5", "RequestReadTimeout: =5: Unknown RequestReadTimeout parameter"),
        ("foo=1", "RequestReadTimeout: foo=1: Unknown RequestReadTimeout parameter"),
        ("header=", "RequestReadTimeout: header=: Value '' not numerical"),
        ("header= 5", "RequestReadTimeout: header=: Value '' not numerical"),
        ("header=5x", "RequestReadTimeout: header=5x: Cannot parse 'x'"),
        (
            "header=20-40",
            ("RequestReadTimeout: header=20-40: Must set MinRate option if using timeout range"),
        ),
        (
            "header=-5,MinRate=1",
            "RequestReadTimeout: header=-5,MinRate=1: Value '' not numerical",
        ),
        (
            "header=5-10-20,MinRate=1",
            "RequestReadTimeout: header=5-10-20,MinRate=1: Cannot parse '-20'",
        ),
        (
            "body=10,MinRate=0",
            ("RequestReadTimeout: body=10,MinRate=0: Minimum data rate must be larger than 0"),
        ),
        (
            "header=20-20,MinRate=5",
            (
                "RequestReadTimeout: header=20-20,MinRate=5: Maximum timeout must be larger"
                " than initial timeout"
            ),
        ),
        (
            "header=2147483648",
            "RequestReadTimeout: header=2147483648: Value must be non-negative",
        ),
    ],
)
def test_what_is_refused(args: str, sentence: str) -> None:
    with pytest.raises(RefusedError) as refused:
        parse(split(args), NOW)
    assert str(refused.value) == sentence


def test_the_handshake_is_unknown_before_2_4_39() -> None:
    with pytest.raises(RefusedError):
        parse(["handshake=5"], (2, 4, 38))
