"""``mpmtune bench``: how settings compare on this machine, in private httpd instances."""

from __future__ import annotations

import shlex
import sys
import time
from dataclasses import replace
from datetime import datetime, timezone
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import typer

from mpmtune.bench.claims import Trial
from mpmtune.bench.machine import describe, memory_available
from mpmtune.bench.naming import check
from mpmtune.bench.programs import find_programs
from mpmtune.bench.registry import choose, names
from mpmtune.bench.replayed import replayed
from mpmtune.bench.scale import scale_of, usable_cpus
from mpmtune.bench.session import DEFAULT_SETTINGS, Means, Wanted, claims, compare, runs_of
from mpmtune.cli import exit_codes
from mpmtune.cli.options import Color, ColorOption, OutputOption, QuietOption
from mpmtune.cli.output import deliver, terminal_width, wants_color
from mpmtune.cli.progress import Progress
from mpmtune.cli.workload_sources import take_summaries
from mpmtune.errors import InputError, UsageError
from mpmtune.model.bench import Bench
from mpmtune.model.sizes import parse_time
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from mpmtune.bench.scenario import BenchWorkload

app = typer.Typer(add_completion=False, rich_markup_mode=None)

_LONGEST = 86_400
_CLAIMS = "claims"
_USUAL_SECONDS = 3.0
_MOST_REPEATS = 100


class Format(Enum):
    """What to print."""

    TEXT = "text"
    JSON = "json"


@app.command()
def bench(
    workload: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[WORKLOAD…]", help="Under which workloads; all when none is named."
        ),
    ] = None,
    summary: Annotated[
        str | None,
        typer.Option(
            "--workload", metavar="FILE", help="Replay what mpmtune workload -f json has written."
        ),
    ] = None,
    setting: Annotated[
        list[str] | None,
        typer.Option(
            "-s",
            "--setting",
            metavar="NAME",
            help="plan, current, debian, builtin, apache2buddy, max-rss or file:PATH.",
        ),
    ] = None,
    grid: Annotated[
        bool, typer.Option("--grid", help="Search a small grid for the best settings too.")
    ] = False,
    repeats: Annotated[
        int,
        typer.Option("-n", "--repeat", min=1, max=_MOST_REPEATS, help="Measure each so often."),
    ] = 3,
    seconds: Annotated[
        float | None,
        typer.Option("--seconds", min=1, max=600, help="Measure so long each time."),
    ] = None,
    limit: Annotated[
        str, typer.Option("--time-limit", metavar="TIME", help="Stop after so long: 90s, 20min.")
    ] = "10min",
    by: Annotated[
        float | None,
        typer.Option("--scale", min=0.01, max=100, help="So many times the clients of one CPU."),
    ] = None,
    listing: Annotated[bool, typer.Option("--list", help="List the workloads.")] = False,
    httpd: Annotated[
        str | None, typer.Option("--httpd", metavar="PATH", help="The httpd binary to run.")
    ] = None,
    form: Annotated[Format, typer.Option("-f", "--format", help="How to print it.")] = Format.TEXT,
    output: OutputOption = None,
    color: ColorOption = Color.AUTO,
    quiet: QuietOption = False,
) -> int:
    """Compare settings under load, in private httpd instances on loopback."""
    if workload == [_CLAIMS]:
        testing = Trial(_seconds(limit), seconds or _USUAL_SECONDS, repeats)
        tested = _tested(testing, httpd, by, quiet)
        deliver(_text(tested, form, wants_color(color, output)), output)
        return exit_codes.DONE
    chosen = [_replayed(summary)] if summary is not None else choose(workload or ())
    if listing:
        deliver(_listed(chosen), output)
        return exit_codes.DONE
    wanted = Wanted(chosen, setting or DEFAULT_SETTINGS, repeats, seconds, _seconds(limit), grid)
    for name in wanted.settings:
        check(name)
    made = _made(wanted, httpd, by, quiet)
    deliver(_text(made, form, wants_color(color, output)), output)
    return exit_codes.DONE


def _made(wanted: Wanted, httpd: str | None, by: float | None, quiet: bool) -> Bench:
    means = _means(httpd, by)
    progress = Progress("measuring", runs_of(wanted, means.scale), quiet=quiet)
    began = time.monotonic()
    try:
        compared, remarks = compare(wanted, replace(means, seen=progress.advance))
    finally:
        progress.end()
    return replace(_bench(means, began), compared=compared, remarks=remarks)


def _tested(testing: Trial, httpd: str | None, by: float | None, quiet: bool) -> Bench:
    means = _means(httpd, by)
    progress = Progress("testing claims", testing.runs, quiet=quiet)
    began = time.monotonic()
    try:
        found, remarks = claims(replace(means, seen=progress.advance), testing)
    finally:
        progress.end()
    return replace(_bench(means, began), claims=found, remarks=remarks)


def _means(httpd: str | None, by: float | None) -> Means:
    return Means(find_programs(httpd), scale_of(usable_cpus(), memory_available(), by))


def _bench(means: Means, began: float) -> Bench:
    """Say when, with what and on which machine it was measured."""
    return Bench(
        made=datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        command=shlex.join(["mpmtune", *sys.argv[1:]]),
        machine=describe(means.programs, means.scale),
        seconds=time.monotonic() - began,
    )


def _seconds(text: str) -> float:
    try:
        seconds = float(parse_time(text))
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= _LONGEST:
        raise UsageError(
            f"--time-limit {printable(text)} is no time up to 24h.", "Write it as 90s or 20min."
        )
    return seconds


def _replayed(path: str) -> BenchWorkload:
    summaries, others = take_summaries([path])
    if others:
        raise InputError(
            f"{printable(path)} is no summary of a workload.",
            "Make one: mpmtune workload /var/log/apache2/access.log -f json -o summary.json",
        )
    return replayed(path, summaries[0])


def _listed(workloads: list[BenchWorkload]) -> str:
    width = max(len(name) for name in names())
    return "".join(f"{one.name.ljust(width)}  {one.about}\n" for one in workloads)


def _text(made: Bench, form: Format, color: bool) -> str:
    if form is Format.JSON:
        from mpmtune.report.bench_v1 import bench_v1

        return bench_v1(made)
    from mpmtune.report.bench_text import bench_lines
    from mpmtune.report.console import styled

    return styled(bench_lines(made, terminal_width()), color=color)
