"""The what-if options: parts of the load as they are stated, not measured."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated

import typer

from mpmtune.errors import UsageError
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from mpmtune.model.load import Load
    from mpmtune.model.quantity import Quantity

_MOST_RATE = 10_000_000
_RATE = re.compile(r"\d{1,8}(?:\.\d{1,6})?", re.ASCII)
_CLIENTS = re.compile(r"\d{1,7}", re.ASCII)
_LONGEST = 86_400

RpsOption = Annotated[
    str | None,
    typer.Option("--rps", metavar="N", help="Plan for so many requests a second at the peak."),
]
ServiceTimeOption = Annotated[
    str | None,
    typer.Option(
        "--service-time",
        metavar="TIME",
        help="Plan for requests that take so long on the mean: 200ms.",
    ),
]
SlowClientsOption = Annotated[
    str | None,
    typer.Option("--slow-clients", metavar="N", help="Plan for so many slow readers at once."),
]
KeepaliveOption = Annotated[
    str | None,
    typer.Option("--keepalive-connections", metavar="N", help="Plan for so many open connections."),
]


def stated_load(
    rps: str | None,
    service_time: str | None,
    slow_clients: str | None,
    keepalive_connections: str | None,
) -> Load:
    """Read the what-if options.

    Raises:
        UsageError: for text that is no number, or no time, or out of all reason.
    """
    from mpmtune.model.load import Load

    return Load(
        arrivals=_rate(rps),
        service=_time(service_time),
        slow_readers=_clients("--slow-clients", "slow readers at once", slow_clients),
        connections=_clients("--keepalive-connections", "open connections", keepalive_connections),
    )


def _rate(text: str | None) -> Quantity | None:
    from mpmtune.model.quantity import Unit, declared

    if text is None:
        return None
    rate = Fraction(text) if _RATE.fullmatch(text) else Fraction(0)
    if not 0 < rate <= _MOST_RATE:
        raise UsageError(
            f"--rps {printable(text)} is no number of requests a second.",
            "Give a number above 0 and up to 10000000.",
        )
    return declared("requests a second at the peak", rate, "--rps", Unit.PER_SECOND)


def _time(text: str | None) -> Quantity | None:
    from mpmtune.model.quantity import Unit, declared
    from mpmtune.model.sizes import parse_time

    if text is None:
        return None
    try:
        seconds = parse_time(text)
    except ValueError:
        seconds = Fraction(0)
    if not 0 < seconds <= _LONGEST:
        raise UsageError(
            f"--service-time {printable(text)} is no time of a request.",
            "Write it as 200ms, 1.5s or 2min.",
        )
    return declared("time of a request", seconds, "--service-time", Unit.SECONDS)


def _clients(option: str, label: str, text: str | None) -> Quantity | None:
    from mpmtune.model.quantity import declared

    if text is None:
        return None
    if not _CLIENTS.fullmatch(text):
        raise UsageError(
            f"{option} {printable(text)} is no number of clients.",
            "Give a whole number up to 9999999.",
        )
    return declared(label, int(text), option)
