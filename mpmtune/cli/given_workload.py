"""``recommend --workload``: a summary, or logs of the server that is planned for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpmtune.cli.output import complain
from mpmtune.cli.reading_logs import read_chosen, say_how
from mpmtune.cli.workload_sources import choose_readers_by, take_summaries
from mpmtune.errors import InputError
from mpmtune.model.server import Server
from mpmtune.model.unknown import Unknown
from mpmtune.report.workload_unknown import better_format, unknown_of
from mpmtune.workload.logs import look_at
from mpmtune.workload.summary import merged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mpmtune.model.facts import Facts
    from mpmtune.model.workload import Workload


def given_workload(
    paths: Sequence[str], log_format: str | None, facts: Facts, *, quiet: bool
) -> Workload:
    """Read summaries and access logs; formats are those of the configuration of ``facts``.

    Raises:
        InputError: when a file cannot be read, nothing tells a log's format, or none holds a
            request or a sample of mod_status.
        UsageError: when a format cannot be used.
    """
    parts, others = take_summaries(paths)
    logs = look_at(others)
    if logs:
        tree = facts.server.tree if isinstance(facts.server, Server) else None
        chosen = choose_readers_by(tree, logs, log_format)
        if not quiet:
            say_how(logs, chosen)
        parts.append(read_chosen(logs, chosen, 1, quiet=quiet))
    workload = merged(parts)
    if not workload.requests.read and not workload.status.busy.counts:
        raise InputError(
            "The workload holds no request.", "Give access logs of a busy day to --workload."
        )
    return workload


def untold(workload: Workload) -> tuple[Unknown, ...]:
    """Name what the logs do not tell, as a plan names it."""
    return tuple(Unknown(f"workload.{one.what}", one.why) for one in unknown_of(workload))


def say_what_is_missing(workload: Workload) -> None:
    """Say what the logs do not tell, and the LogFormat that would."""
    missing = unknown_of(workload)
    better = better_format(workload)
    if missing and better is not None:
        names = ", ".join(one.what for one in missing)
        complain(f"The logs do not tell: {names}. The plan assumes them.", f"Log with: {better}")
