"""Answers of mod_status → how busy a server was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.model.distribution import distribution_of
from mpmtune.model.workload import StatusSamples

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mpmtune.model.server import StatusSample


def samples_of(answers: Sequence[StatusSample]) -> StatusSamples:
    """Count answers; the one that asks keeps a worker busy, which is taken off."""
    return StatusSamples(
        busy=distribution_of(max(0, one.busy_workers - 1) for one in answers),
        idle=distribution_of(one.idle_workers for one in answers),
        connections=distribution_of(
            one.conns_total for one in answers if one.conns_total is not None
        ),
        keepalive=distribution_of(
            one.conns_async_keepalive for one in answers if one.conns_async_keepalive is not None
        ),
    )
