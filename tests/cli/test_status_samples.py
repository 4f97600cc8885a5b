"""Sampling mod_status."""

from __future__ import annotations

import pytest

from mpmtune.cli.status_samples import sample_status, seconds_of
from mpmtune.errors import HttpdError, UsageError
from mpmtune.host.doorway import Absent, Answer

STATUS = b"Uptime: 5\nBusyWorkers: %d\nIdleWorkers: 9\nConnsTotal: 3\nScoreboard: W_\n"


class AHost:
    """Answers what it was given, and remembers what it was asked."""

    def __init__(self, *answers: Answer | Absent) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[int, str]] = []

    def loopback_get(self, port: int, target: str, name: str = "localhost") -> Answer | Absent:
        del name
        self.asked.append((port, target))
        return self.answers[min(len(self.asked), len(self.answers)) - 1]


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("http://127.0.0.1/server-status", (80, "/server-status?auto")),
        ("http://localhost:8080", (8080, "/server-status?auto")),
        ("http://127.0.0.1:81/s?refresh=5", (81, "/s?auto")),
    ],
)
def test_this_machine_is_asked(url: str, asked: tuple[int, str]) -> None:
    host = AHost(Answer(200, STATUS % 3, b""))
    made = sample_status(host, url, 0.5, lambda _: None)  # type: ignore[arg-type]
    assert host.asked == [asked]
    assert (made.busy.largest, made.idle.largest, made.connections.largest) == (2, 9, 3)


def test_it_is_asked_once_a_second() -> None:
    host = AHost(Answer(200, STATUS % 3, b""), Answer(200, STATUS % 9, b""))
    seen: list[int] = []
    made = sample_status(host, "http://127.0.0.1/", 2.1, seen.append)  # type: ignore[arg-type]
    assert made.busy.count == len(seen) + 1 == 3
    assert made.busy.largest == 8


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/server-status",
        "https://127.0.0.1/server-status",
        "http://127.0.0.1.example.org/",
        "http://127.0.0.1@example.org/",
        "http://127.0.0.1/a b",
        "http://127.0.0.1/\r\nHost: x",
        "127.0.0.1",
    ],
)
def test_no_other_machine_is_asked(url: str) -> None:
    host = AHost()
    with pytest.raises(UsageError, match="is no address of this machine"):
        sample_status(host, url, 1, lambda _: None)  # type: ignore[arg-type]
    assert host.asked == []


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Absent("x", "connection refused"), "connection refused"),
        (Answer(403, b"", b""), "it answered with status 403"),
        (Answer(200, b"<html>", b""), "it answered with something else"),
    ],
)
def test_a_server_that_does_not_answer_is_said_to(answer: Answer | Absent, why: str) -> None:
    with pytest.raises(HttpdError, match=why):
        sample_status(AHost(answer), "http://127.0.0.1/", 1, lambda _: None)  # type: ignore[arg-type]


@pytest.mark.parametrize(("text", "seconds"), [("30s", 30), ("10min", 600), ("2", 2)])
def test_a_time_is_read(text: str, seconds: int) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "0", "0s", "-1s", "1 day", "200h", "9" * 40])
def test_a_time_that_is_none_or_too_long_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is no time from"):
        seconds_of(text)
