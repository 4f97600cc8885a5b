"""What the servers behind httpd can work on at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.httpd.php_handlers import fpm_answers
from mpmtune.model.quantity import Quantity, declared, total

if TYPE_CHECKING:
    from mpmtune.model.server import FpmPool, Mpm, Server
    from mpmtune.plan.policy import DemandPolicy


def at_work_in_backends(mpm: Mpm, server: Server | None, policy: DemandPolicy) -> Quantity | None:
    """Add up what the backends can do at once; None when nothing bounded is known."""
    if server is None:
        return None
    parts = [
        declared(f"pm.max_children of pool {pool.name}", pool.max_children, pool.file)
        for pool in asked_pools(server)
    ]
    if mpm.threaded:  # prefork keeps one backend connection for each child, whatever max= says
        parts += [
            declared(f"max= of {proxy.url}", proxy.max, f"{proxy.file}:{proxy.line}") * policy.pools
            for proxy in server.backends
            if proxy.max is not None
        ]
    if not parts:
        return None
    return total(*parts).named("requests that the backends can work on at once")


def asked_pools(server: Server) -> tuple[FpmPool, ...]:
    """Leave out the pools that httpd passes nothing to: one may run here and serve another."""
    asks = fpm_answers(server.php_handlers) or any("fcgi:" in one.url for one in server.backends)
    return tuple(pool for pool in server.fpm_pools if asks and pool.asked)
