"""Load generators that are programs of their own."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from mpmtune.bench.processes import environment, tied

if TYPE_CHECKING:
    import signal
    from collections.abc import Sequence

    from mpmtune.bench.load.target import Target


async def run(argv: Sequence[str], target: Target, seconds: float, ending: signal.Signals) -> str:
    """Run one to its end, on the CPUs of the clients; give what it said.

    Raises:
        TimeoutError: when it takes longer than ``seconds``.
    """
    process = await asyncio.create_subprocess_exec(
        *tied(argv, ending, target.cpus),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=environment({}),
        cwd=target.directory,
        start_new_session=True,
    )
    try:
        said, _ = await asyncio.wait_for(process.communicate(), seconds)
    finally:
        with suppress(ProcessLookupError):
            process.kill()
    return said.decode(errors="replace")
