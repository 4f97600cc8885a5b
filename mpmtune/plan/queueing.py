"""How long requests wait for a server of several: the M/M/c queue.

Arrivals at random and independent, times spread as exponentially, one queue for all servers. A
real httpd differs: arrivals come in bursts (more waiting), times vary less or more.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

_TAIL = 0.05


@dataclass(frozen=True, slots=True)
class Waiting:
    """Waiting before the work begins, in seconds.

    Attributes:
        probability: That a request waits at all.
        mean: Over all requests.
        p95: What 95 of 100 requests do not exceed.
    """

    probability: float
    mean: float
    p95: float


def waiting(servers: int, arrivals: float, service: float) -> Waiting | None:
    """Give the waiting in equilibrium; None where more arrives than can be served.

    Args:
        servers: How many requests are served at once.
        arrivals: Requests a second.
        service: Mean seconds of service.
    """
    offered = arrivals * service
    if offered >= servers:
        return None
    if not offered:
        return Waiting(0.0, 0.0, 0.0)
    probability = erlang_c(servers, offered)
    drain = (servers - offered) / service
    p95 = math.log(probability / _TAIL) / drain if probability > _TAIL else 0.0
    return Waiting(probability, probability / drain, p95)


def erlang_c(servers: int, offered: float) -> float:
    """Give the probability that all servers are busy, for an offered load below their number.

    By the recursion of Erlang's B, in which no term overflows.
    """
    blocked = 1.0
    for count in range(1, servers + 1):
        blocked = offered * blocked / (count + offered * blocked)
    return blocked / (1 - offered / servers * (1 - blocked))
