"""What demand looks like, part by part; each part is known on its own or not at all."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mpmtune.model.httpd import Mpm
    from mpmtune.model.quantity import Quantity


@dataclass(frozen=True, slots=True)
class Load:
    """The demand that a plan has to meet; a part that nobody knows is None.

    Attributes:
        arrivals: Requests a second, at the peak.
        service: Seconds that a request takes, on the mean.
        service_p95: … that 95 of 100 requests do not exceed.
        concurrency: Requests in work at once, at the peak; HTTP/2 streams and slow readers are
            requests too.
        usual: Requests in work at once, on the mean.
        burst: By how many the requests of a second exceed those of the one before, HTTP/2 apart.
        opened: Connections opened a second, at the peak.
        connections: Connections kept open at once, those that wait for a request included.
        slow_readers: Clients that take large answers slowly, at once; part of ``concurrency``.
        streams: HTTP/2 streams in work at once; part of ``concurrency``.
        cpu_seconds: CPU time of a request in httpd itself, scripts that run inside included.
        open_ended: Why more may be in work at once than ``concurrency`` says; empty where not.
    """

    arrivals: Quantity | None = None
    service: Quantity | None = None
    service_p95: Quantity | None = None
    concurrency: Quantity | None = None
    usual: Quantity | None = None
    burst: Quantity | None = None
    opened: Quantity | None = None
    connections: Quantity | None = None
    slow_readers: Quantity | None = None
    streams: Quantity | None = None
    cpu_seconds: Quantity | None = None
    open_ended: tuple[str, ...] = ()

    def over(self, other: Load) -> Load:
        """Take what is known here, and the rest from another."""
        names = (one.name for one in fields(Load))
        return Load(**{name: getattr(self, name) or getattr(other, name) for name in names})

    def parts(self) -> tuple[tuple[str, Quantity | None], ...]:
        """Give the numbers by name, in the order of the attributes."""
        return tuple(
            (one.name, getattr(self, one.name)) for one in fields(self) if one.name != "open_ended"
        )

    @property
    def known(self) -> bool:
        """Whether anything at all is known."""
        return self != NOTHING_KNOWN


NOTHING_KNOWN = Load()


@dataclass(frozen=True, slots=True)
class MemorySample:
    """The memory of a whole httpd under load, as a bench or an observer saw it.

    Attributes:
        mpm: Its MPM.
        children: Children that served requests.
        threads: Worker threads in each; 1 under prefork.
        pss_bytes: Sum of the proportional set sizes of parent and children, at its peak.
        source: Who measured it, and when.
        connections: Usually open beside those that kept a worker busy, when most were open.
    """

    mpm: Mpm
    children: int
    threads: int
    pss_bytes: int
    source: str
    connections: int = 0
