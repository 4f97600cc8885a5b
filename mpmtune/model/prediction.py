"""What settings come to under a load."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fractions import Fraction

    from mpmtune.model.httpd import Mpm
    from mpmtune.model.quantity import Quantity, Trust


@dataclass(frozen=True, slots=True)
class Prediction:
    """What settings come to under a load; None where the load does not tell.

    Attributes:
        mpm: The MPM.
        workers: MaxRequestWorkers in force.
        connections: Open at once before newcomers are refused.
        memory: Bytes at the peak of the load; at the worst where no load is known.
        sockets: Bytes of it that the kernel holds for connections, and no process shows.
        memory_worst: Bytes with every worker busy and every connection open.
        saturation: Requests a second at most.
        limited_by: What ends it: ``workers``, ``streams``, ``backend`` or ``cpu``.
        utilisation: Share of it that the load needs; 1 or more is too much.
        wait_seconds: Mean time that a request waits for a worker; None also where it grows
            without end. M/M/c: see ``queueing``.
        p95_seconds: Time of 95 % of the requests, waiting included: the sum of both percentiles,
            so rather too high.
        overloaded: More arrives than can be answered.
        refuses: More connections are open than are admitted: newcomers get no answer.
        trust: Of throughput and waiting; of the memory where those are not known.
    """

    mpm: Mpm
    workers: Quantity
    connections: Quantity
    memory: Quantity
    sockets: Quantity
    memory_worst: Quantity
    saturation: Quantity | None
    limited_by: str | None
    utilisation: Fraction | None
    wait_seconds: float | None
    p95_seconds: float | None
    overloaded: bool | None
    refuses: bool | None
    trust: Trust
