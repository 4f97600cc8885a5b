"""What clients are told: where the server is, and when to do what."""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import ssl
    from pathlib import Path

    from mpmtune.bench.load.outcome import Outcome
    from mpmtune.bench.programs import Programs

_LOOK = 0.05


@dataclass(frozen=True, slots=True)
class Target:
    """The server, as its clients see it.

    Attributes:
        port: Where it listens on 127.0.0.1 without TLS.
        tls_port: With TLS; 0 where it does not.
        tls: How our own client speaks TLS.
        programs: Where wrk and h2load are.
        directory: Where they may write.
        cpus: The CPUs of clients that are processes of their own.
    """

    port: int
    tls_port: int
    tls: ssl.SSLContext | None
    programs: Programs
    directory: Path
    cpus: frozenset[int]

    def url(self, path: str, *, tls: bool = False) -> str:
        """Give the URL of a path."""
        scheme, port = ("https", self.tls_port) if tls else ("http", self.port)
        return f"{scheme}://127.0.0.1:{port}{path}"


@dataclass(slots=True)
class Window:
    """When a load is driven, on the clock of the event loop.

    While a server is warmed up it is not known yet when the measuring begins; clients go on
    meanwhile, and look again.

    Attributes:
        start: Its beginning.
        begin: From when on it counts; infinite while that is not known.
        end: Its end; as ``begin``.
    """

    start: float
    begin: float = math.inf
    end: float = math.inf

    @property
    def known(self) -> bool:
        """Whether it is known when it begins."""
        return self.begin < math.inf

    @property
    def seconds(self) -> float:
        """The time that counts."""
        return self.end - self.begin

    def measure(self, begin: float, seconds: float) -> None:
        """Decide from when on, and how long, it counts."""
        self.begin, self.end = begin, begin + seconds

    def counts(self, moment: float) -> bool:
        """Tell whether what is due then counts."""
        return self.begin <= moment < self.end

    def share(self, since: float, now: float) -> float:
        """Tell which part of a time counts, of 1."""
        within = min(now, self.end) - max(since, self.begin)
        return max(0.0, within) / (now - since) if now > since else 0.0

    async def over(self) -> None:
        """Wait for its end."""
        clock = asyncio.get_running_loop().time
        while (left := self.end - clock()) > 0:  # noqa: ASYNC110 - it may not be known yet
            await asyncio.sleep(min(left, _LOOK))


class Part(Protocol):
    """Part of a load."""

    @property
    def name(self) -> str:
        """What to call it: ``visitors``, ``probe``; unique in its workload."""
        ...

    async def drive(self, target: Target, window: Window) -> Outcome:
        """Do it."""
        ...


async def until(moment: float) -> None:
    """Wait for a moment of the event loop's clock."""
    await asyncio.sleep(max(0.0, moment - asyncio.get_running_loop().time()))
