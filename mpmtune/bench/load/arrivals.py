"""An open loop: whoever is due comes, whether the server keeps up or not."""

from __future__ import annotations

import asyncio
import ssl
from itertools import count
from typing import TYPE_CHECKING

from mpmtune.bench.load.connection import ERRORS
from mpmtune.bench.load.outcome import Reply, outcome_of
from mpmtune.bench.load.target import until

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from mpmtune.bench.load.outcome import Outcome
    from mpmtune.bench.load.target import Window


async def arriving(
    window: Window, per_second: float, patience: float, come: Callable[[], Awaitable[bool]]
) -> Outcome:
    """Let clients come at a fixed rate; only those that are due in the measured time count.

    Args:
        window: When.
        per_second: How many are due in a second.
        patience: Seconds from when one is due until it gives up.
        come: What one does; gives whether it was served well.
    """
    coming = []
    for number in count():
        due = window.start + number / per_second
        await until(min(due, window.end))
        if due >= window.end:
            break
        counts = window.counts(due)
        coming.append(asyncio.create_task(timed(due, patience, come(), counts=counts)))
    return outcome_of(await asyncio.gather(*coming), window.seconds)


async def timed(due: float, patience: float, doing: Awaitable[bool], *, counts: bool) -> Reply:
    """Take the time of what was due at a moment, and give it up when patience is over."""
    clock = asyncio.get_running_loop().time
    try:
        good = await asyncio.wait_for(doing, max(0.0, due + patience - clock()))
    except (asyncio.TimeoutError, ssl.SSLError, *ERRORS):
        return Reply(counts, None, good=False)
    return Reply(counts, clock() - due, good)
