"""Private PHP-FPM: one master, all pools of a site."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from mpmtune.bench.processes import Running, Task, children_of
from mpmtune.bench.programs import Need
from mpmtune.bench.site import NOBODY, socket_of
from mpmtune.bench.workspace import note
from mpmtune.errors import HttpdError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mpmtune.bench.programs import Programs
    from mpmtune.bench.scale import Scale
    from mpmtune.bench.scenario import Pool, Site

_PATIENCE = 20.0
_TICK = 0.02


@contextmanager
def pools_running(site: Site, root: Path, programs: Programs, scale: Scale) -> Iterator[int | None]:
    """Run the pools of a site; give the pid of their master, None where there are no pools.

    Raises:
        HttpdError: when PHP-FPM does not start.
    """
    if not site.pools:
        yield None
        return
    conf = root / "fpm.conf"
    conf.write_text("\n".join(_lines(site, root)) + "\n", encoding="ascii")
    # -R: as root FPM would refuse a pool that runs as root; ours runs as nobody then.
    argv = [programs.path(Need.FPM), "-n", "-F", "-R", "-y", str(conf)]
    running = Running(Task(argv, root / "fpm.said", scale.server))
    note(root.parent, running.pid)
    try:
        _wait(running, site.pools, root)
        yield running.pid
    finally:
        running.stop()


def _lines(site: Site, root: Path) -> Iterator[str]:
    yield from ("[global]", f"error_log = {root}/fpm.log", f"pid = {root}/fpm.pid")
    for pool in site.pools:
        yield from (f"[{pool.name}]", f"listen = {socket_of(pool, root)}")
        if os.geteuid() == 0:
            yield from (f"user = {NOBODY}", f"group = {NOBODY}", f"listen.owner = {NOBODY}")
        yield from ("listen.mode = 0600", "listen.backlog = 4096")
        yield from ("pm = static", f"pm.max_children = {pool.children}")


def _wait(running: Running, pools: tuple[Pool, ...], root: Path) -> None:
    """Wait until every pool listens and all children are there."""
    deadline = time.monotonic() + _PATIENCE
    wanted = sum(pool.children for pool in pools)
    while len(children_of(running.pid)) < wanted or not all(
        socket_of(pool, root).exists() for pool in pools
    ):
        if running.ended or time.monotonic() > deadline:
            said = " ".join(running.said().split())[-200:]
            raise HttpdError(f"The private PHP-FPM did not start: {said or 'it says nothing'}.")
        time.sleep(_TICK)
