"""Access logs made by chance: one day of a server with long requests, escapes, IPv6 and HTTP/2."""

from __future__ import annotations

import heapq
import math
import random
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

COMBINED = '%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i"'
TIMED = COMBINED + " %D %k %X"
MIDNIGHT = 1_757_980_800  # 16 September 2025, UTC
AGENTS = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) [FBAN/FBIOS;FBAV/4]",
    "curl/8.5.0",
    r"an \"agent\" of ours, \\ and \x16",
    "-",
)
_FIELD = re.compile(r"%[<>]?(?:\{([^}]*)\})?(\^?[A-Za-z])")


@dataclass(frozen=True)
class Request:
    """What a line is made of; times in microseconds."""

    host: str
    user: str
    start: int
    duration: int
    request: str
    status: int
    size: int
    referer: str
    agent: str
    number: int
    finish: str


def requests(count: int, seed: int, *, seconds: int = 86_400) -> Iterator[Request]:
    """Yield requests in the order of their ends, as httpd writes them.

    Three in four take less than a millisecond, three in a hundred more than a second.
    """
    chance = random.Random(seed)
    waiting: list[tuple[int, int, Request]] = []
    now = 0.0
    for number in range(count):
        rate = 1 + 0.8 * math.sin(now / seconds * 2 * math.pi)
        now += chance.expovariate(count / seconds) / rate
        one = _request(chance, MIDNIGHT * 1_000_000 + int(now * 1_000_000))
        heapq.heappush(waiting, (one.start + one.duration, number, one))
        while waiting[0][0] < one.start:
            yield heapq.heappop(waiting)[2]
    while waiting:
        yield heapq.heappop(waiting)[2]


def _request(chance: random.Random, start: int) -> Request:
    kind = chance.random()
    middle, spread = next(
        (middle, spread)
        for share, middle, spread in (
            (0.75, 500, 0.4),
            (0.95, 60_000, 0.7),
            (0.997, 800_000, 0.8),
            (1.0, 15_000_000, 1.0),
        )
        if kind < share
    )
    size = 0 if chance.random() < 0.2 else int(chance.lognormvariate(9, 2))
    protocol = "HTTP/2.0" if chance.random() < 0.2 else "HTTP/1.1"
    return Request(
        host=(
            f"10.{chance.randrange(256)}.{chance.randrange(256)}.1"
            if chance.random() < 0.8
            else f"2001:db8:{chance.randrange(65536):x}::{chance.randrange(65536):x}"
        ),
        user="-" if chance.random() < 0.98 else "anna",
        start=start,
        duration=int(chance.lognormvariate(math.log(middle), spread)),
        request=f"GET /page/{chance.randrange(5000)}?q={chance.randrange(1000)} {protocol}",
        status=chance.choice((200, 200, 200, 304, 404, 503)),
        size=size,
        referer="-" if chance.random() < 0.5 else "https://example.org/from/here",
        agent=chance.choices(AGENTS, (60, 20, 10, 7, 3))[0],
        number=0 if chance.random() < 0.4 else chance.randrange(1, 20),
        finish=chance.choice("+++-X"),
    )


_VALUES: dict[tuple[str, str], Callable[[Request], str]] = {
    ("h", ""): lambda one: one.host,
    ("l", ""): lambda _: "-",
    ("u", ""): lambda one: one.user,
    ("v", ""): lambda _: "www.example.org",
    ("p", ""): lambda _: "443",
    ("t", ""): lambda one: time.strftime(
        "[%d/%b/%Y:%H:%M:%S +0000]", time.gmtime(one.start // 1_000_000)
    ),
    ("t", "sec"): lambda one: str(one.start // 1_000_000),
    ("H", ""): lambda one: one.request[-8:],
    ("t", "msec"): lambda one: str(one.start // 1000),
    ("r", ""): lambda one: one.request,
    ("s", ""): lambda one: str(one.status),
    ("b", ""): lambda one: str(one.size) if one.size else "-",
    ("O", ""): lambda one: str(one.size + 300),
    ("i", "Referer"): lambda one: one.referer,
    ("i", "User-Agent"): lambda one: one.agent,
    ("D", ""): lambda one: str(one.duration),
    ("T", ""): lambda one: str(one.duration // 1_000_000),
    ("T", "ms"): lambda one: str(one.duration // 1000),
    ("k", ""): lambda one: str(one.number),
    ("X", ""): lambda one: one.finish,
}


def written(made: Iterator[Request], text: str) -> Iterator[bytes]:
    """Write requests in a LogFormat, a line each."""
    pieces = _FIELD.split(text)
    literals = pieces[0::3]
    values = [
        _VALUES[letter, argument or ""]
        for argument, letter in zip(pieces[1::3], pieces[2::3], strict=True)
    ]
    for one in made:
        line = literals[0] + "".join(
            value(one) + after for value, after in zip(values, literals[1:], strict=True)
        )
        yield line.encode("latin-1") + b"\n"


def log(count: int, text: str = TIMED, *, seed: int = 1, seconds: int = 86_400) -> bytes:
    """Give a whole log."""
    return b"".join(written(requests(count, seed, seconds=seconds), text))
