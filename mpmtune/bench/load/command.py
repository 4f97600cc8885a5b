"""Load generators that are programs of their own."""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from mpmtune.bench.processes import environment, tied

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mpmtune.bench.load.target import Target


class ClientError(Exception):
    """A load generator could not work; the text is what it said."""


async def run(argv: Sequence[str], target: Target, seconds: float) -> str:
    """Run one to its end, on the CPUs of the clients; give what it said.

    Raises:
        ClientError: when it takes longer than ``seconds``.
    """
    process = await asyncio.create_subprocess_exec(
        *tied(argv, signal.SIGKILL, target.cpus),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=environment({}),
        cwd=target.directory,
        start_new_session=True,
    )
    try:
        said, _ = await asyncio.wait_for(process.communicate(), seconds)
    except asyncio.TimeoutError:
        raise ClientError(f"{Path(argv[0]).name} did not end in {seconds:.0f} s") from None
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    return said.decode(errors="replace")
