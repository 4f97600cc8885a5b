"""Reading access logs with the formats that were chosen for them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mpmtune.cli.output import complain
from mpmtune.cli.progress import Progress
from mpmtune.model.workload import Trouble, Workload
from mpmtune.report.safe_text import printable
from mpmtune.workload.summary import counted_troubles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mpmtune.workload.choosing import Chosen
    from mpmtune.workload.logs import Log


def read_chosen(
    logs: Sequence[Log], chosen: Sequence[Chosen], jobs: int, *, quiet: bool
) -> Workload:
    """Read logs, with a bar on a terminal."""
    from mpmtune.workload.stream import read_logs

    progress = Progress("reading", sum(one.size for one in logs), quiet=quiet)
    try:
        made = read_logs(logs, [one.reader for one in chosen], jobs, progress.advance)
    finally:
        progress.end()
    return with_partial_logs(made, chosen)


def with_partial_logs(made: Workload, chosen: Sequence[Chosen]) -> Workload:
    """Count the logs to which the server writes only some of its requests."""
    partial = sum(one.partial for one in chosen)
    return replace(
        made, troubles=counted_troubles({**dict(made.troubles), Trouble.PARTIAL: partial})
    )


def say_how(logs: Sequence[Log], chosen: Sequence[Chosen]) -> None:
    """Say of each format where it is from, once."""
    said: set[tuple[str, str]] = set()
    for log, one in zip(logs, chosen, strict=True):
        if (one.reader.text, one.why) not in said:
            complain(f"{log.name}: format from {printable(one.why)}.")
        said.add((one.reader.text, one.why))
