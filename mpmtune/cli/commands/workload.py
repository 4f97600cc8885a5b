"""``mpmtune workload``: what a server has to carry, from its logs."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import typer

from mpmtune.cli import exit_codes
from mpmtune.cli.options import (
    Color,
    ColorOption,
    ConfOption,
    DefineOption,
    OutputOption,
    QuietOption,
    ServerRootOption,
)
from mpmtune.cli.output import deliver, terminal_width, wants_color
from mpmtune.cli.progress import Progress
from mpmtune.cli.reading_logs import read_chosen, say_how, with_partial_logs
from mpmtune.cli.workload_sources import Server, choose_readers, take_summaries
from mpmtune.errors import UsageError
from mpmtune.model.workload import Workload
from mpmtune.workload.logs import look_at
from mpmtune.workload.summary import counted_troubles, merged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mpmtune.model.workload import StatusSamples
    from mpmtune.workload.choosing import Chosen
    from mpmtune.workload.logs import Log

app = typer.Typer(add_completion=False, rich_markup_mode=None)

_MOST_JOBS = 64


class Format(Enum):
    """What to print."""

    TEXT = "text"
    JSON = "json"


class Engine(Enum):
    """What reads the logs."""

    PYTHON = "python"
    DUCKDB = "duckdb"


@app.command()
def workload(
    log: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[LOG…]",
            help="Access logs, rotated and compressed ones too; - is stdin; or JSON of this command.",
        ),
    ] = None,
    form: Annotated[Format, typer.Option("-f", "--format", help="How to print it.")] = Format.TEXT,
    log_format: Annotated[
        str | None,
        typer.Option("--log-format", metavar="FORMAT", help="Their LogFormat, or its name."),
    ] = None,
    error_log: Annotated[
        list[str] | None,
        typer.Option("--error-log", metavar="FILE", help="An error log, httpd's or the kernel's."),
    ] = None,
    status: Annotated[
        str | None, typer.Option("--status", metavar="URL", help="Ask mod_status of this machine.")
    ] = None,
    length: Annotated[
        str, typer.Option("--for", metavar="TIME", help="Ask it for so long: 30s, 10min.")
    ] = "1min",
    jobs: Annotated[
        int,
        typer.Option("-j", "--jobs", min=1, max=_MOST_JOBS, help="Read with so many processes."),
    ] = 1,
    engine: Annotated[
        Engine, typer.Option("--engine", help="What reads; duckdb is an extra.")
    ] = Engine.PYTHON,
    conf: ConfOption = None,
    server_root: ServerRootOption = None,
    define: DefineOption = None,
    output: OutputOption = None,
    color: ColorOption = Color.AUTO,
    quiet: QuietOption = False,
) -> int:
    """Tell from its logs what a server has to carry: rates, concurrency, service times."""
    if not (log or error_log or status):
        raise UsageError("No log is named.", "mpmtune workload /var/log/apache2/access.log*")
    parts, paths = take_summaries(log or ())
    if error_log or status is not None:
        beside = _evidence(error_log or ())
        if status is not None:
            beside = replace(beside, status=_sampled(status, length, quiet))
        parts.append(replace(beside, parts=0 if log else 1))
    logs = look_at(paths)
    if logs:
        readers = choose_readers(logs, log_format, Server(conf, server_root, tuple(define or ())))
        if not quiet:
            say_how(logs, readers)
        parts.append(_read(logs, readers, engine, jobs, quiet))
    deliver(_text(merged(parts), form, wants_color(color, output)), output)
    return exit_codes.DONE


def _evidence(error_logs: Sequence[str]) -> Workload:
    from mpmtune.workload.error_log import read_error_logs

    events, troubles = read_error_logs(look_at(error_logs))
    return Workload(events=events, troubles=counted_troubles(Counter(troubles)))


def _sampled(url: str, length: str, quiet: bool) -> StatusSamples:
    from mpmtune.cli.status_samples import sample_status, seconds_of
    from mpmtune.host.local import LocalHost

    seconds = seconds_of(length)
    progress = Progress("asking mod_status", int(seconds), quiet=quiet)
    try:
        return sample_status(LocalHost(), url, seconds, progress.advance)
    finally:
        progress.end()


def _read(
    logs: Sequence[Log], chosen: Sequence[Chosen], engine: Engine, jobs: int, quiet: bool
) -> Workload:
    if engine is not Engine.DUCKDB:
        return read_chosen(logs, chosen, jobs, quiet=quiet)
    from mpmtune.workload.duckdb_engine import read_with_duckdb

    readers = [one.reader for one in chosen]
    return with_partial_logs(read_with_duckdb(logs, readers, jobs), chosen)


def _text(made: Workload, form: Format, color: bool) -> str:
    if form is Format.JSON:
        from mpmtune.report.workload_v1 import workload_v1

        return workload_v1(made)
    from mpmtune.report.console import styled
    from mpmtune.report.workload_text import workload_lines

    return styled(workload_lines(made, terminal_width()), color=color)
