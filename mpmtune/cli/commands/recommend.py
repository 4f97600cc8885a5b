"""``mpmtune recommend``: settings for an MPM, each with its reason."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import typer

from mpmtune.cli import exit_codes
from mpmtune.cli.options import (
    Color,
    ColorOption,
    ConfOption,
    CpusOption,
    DefineOption,
    HostOption,
    HttpdOption,
    MemoryOption,
    OutputOption,
    QuietOption,
    ServerRootOption,
    VerboseOption,
    declare,
)
from mpmtune.cli.output import complain, deliver, terminal_width, wants_color
from mpmtune.cli.stated_load import (
    KeepaliveOption,
    RpsOption,
    ServiceTimeOption,
    SlowClientsOption,
    stated_load,
)
from mpmtune.detect.choice import Choice
from mpmtune.detect.facts import detect_facts
from mpmtune.errors import InputError, UsageError
from mpmtune.host.open_host import open_host
from mpmtune.httpd.scoreboard import not_yet_read
from mpmtune.model.server import Mpm, Server
from mpmtune.plan.planner import plan
from mpmtune.plan.switch import choose_mpm
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mpmtune.model.facts import Facts
    from mpmtune.model.plan import Plan

app = typer.Typer(add_completion=False)


class Mode(Enum):
    """The MPM to plan for."""

    AUTO = "auto"
    EVENT = "event"
    WORKER = "worker"
    PREFORK = "prefork"


class Format(Enum):
    """What to print."""

    TEXT = "text"
    JSON = "json"
    CONF = "conf"
    SYSTEMD = "systemd"


@app.command()
def recommend(
    mode: Annotated[
        Mode, typer.Option("--mode", help="The MPM; auto takes the best that the modules allow.")
    ] = Mode.AUTO,
    form: Annotated[
        Format,
        typer.Option("-f", "--format", help="conf is the snippet, systemd the drop-in of limits."),
    ] = Format.TEXT,
    check: Annotated[
        bool, typer.Option("--check", help="Exit with 1 if the running values differ.")
    ] = False,
    workload: Annotated[
        list[str] | None,
        typer.Option(
            "--workload",
            metavar="FILE|LOG",
            help="Plan for this: JSON of mpmtune workload, or an access log; may be repeated.",
        ),
    ] = None,
    log_format: Annotated[
        str | None,
        typer.Option("--log-format", metavar="FORMAT", help="Its LogFormat, or its name."),
    ] = None,
    rps: RpsOption = None,
    service_time: ServiceTimeOption = None,
    slow_clients: SlowClientsOption = None,
    keepalive_connections: KeepaliveOption = None,
    bench: Annotated[
        str | None,
        typer.Option(
            "--bench",
            metavar="FILE",
            help="Take load and memory from what mpmtune bench -f json measured.",
        ),
    ] = None,
    compare: Annotated[
        bool,
        typer.Option("--compare", help="Predict all modes, the current and the shipped settings."),
    ] = False,
    host: HostOption = None,
    httpd: HttpdOption = None,
    conf: ConfOption = None,
    server_root: ServerRootOption = None,
    define: DefineOption = None,
    memory: MemoryOption = None,
    cpus: CpusOption = None,
    output: OutputOption = None,
    color: ColorOption = Color.AUTO,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> int:
    """Compute settings for an MPM, each with its reason, and render the snippet."""
    if compare and (check or form not in {Format.TEXT, Format.JSON}):
        raise UsageError("--compare makes text or JSON, and no check.", "Leave the other away.")
    stated = stated_load(rps, service_time, slow_clients, keepalive_connections)
    choice = Choice(httpd, conf, server_root, tuple(define or ()))
    facts = declare(detect_facts(open_host(host), choice), memory, cpus)
    facts = _with_bench(replace(facts, load=stated), bench)
    facts = _with_workload(facts, workload or (), log_format, quiet)
    if compare:
        deliver(_compared(facts, form, wants_color(color, output)), output)
        return exit_codes.DONE
    mpm, because = choose_mpm(facts) if mode is Mode.AUTO else (Mpm(mode.value), "you asked for it")
    made = plan(mpm, because, facts)
    deliver(_text(made, form, wants_color(color, output), verbose), output)
    if not quiet:
        _talk(made, form)
    return exit_codes.FINDINGS if check and _differs(made, facts) else exit_codes.DONE


def _with_bench(facts: Facts, path: str | None) -> Facts:
    """Add what ``--bench`` names; what was stated with an option goes before it."""
    if path is None:
        return facts
    from mpmtune.host.doorway import Absent
    from mpmtune.host.local import LocalFiles
    from mpmtune.report.bench_parse import parse_bench

    content = LocalFiles().read(path)
    if isinstance(content, Absent):
        raise InputError(f"--bench {printable(path)} cannot be read: {content.why}.")
    found = parse_bench(path, content.decode("utf-8", "replace"))
    return replace(
        facts,
        load=facts.load.over(found.load),
        memory_samples=found.memory_samples,
        workload=found.workload,
    )


def _with_workload(
    facts: Facts, paths: Sequence[str], log_format: str | None, quiet: bool
) -> Facts:
    """Add what ``--workload`` names, and what it does not tell."""
    if not paths:
        return facts
    from mpmtune.cli.given_workload import given_workload, say_what_is_missing, untold

    given = given_workload(paths, log_format, facts, quiet=quiet)
    if not quiet:
        say_what_is_missing(given)
    return replace(facts, workload=given, unknown=(*facts.unknown, *untold(given)))


def _compared(facts: Facts, form: Format, color: bool) -> str:
    from mpmtune.plan.comparison import compare

    comparison = compare(facts)
    if form is Format.JSON:
        from mpmtune.report.comparison_v1 import comparison_v1

        return comparison_v1(comparison, facts.unknown)
    from mpmtune.report.comparison_text import comparison_lines
    from mpmtune.report.console import styled

    return styled(comparison_lines(comparison, terminal_width()), color=color)


def _text(made: Plan, form: Format, color: bool, verbose: bool) -> str:
    if form is Format.JSON:
        from mpmtune.report.plan_v1 import plan_v1

        return plan_v1(made)
    if form is Format.CONF:
        from mpmtune.render.snippet import render_snippet

        return render_snippet(made)
    if form is Format.SYSTEMD:
        from mpmtune.render.snippet import render_system_limits

        return render_system_limits(made) or "# No limit of systemd holds this plan down.\n"
    from mpmtune.report.console import styled
    from mpmtune.report.plan_text import derivations, plan_lines

    lines = plan_lines(made, terminal_width())
    if verbose:
        lines += derivations(made)
    return styled(lines, color=color)


def _talk(made: Plan, form: Format) -> None:
    """Say on stderr what a snippet alone cannot say."""
    if form is Format.TEXT:
        return
    for warning in made.warnings:
        complain(warning)
    if made.switch is not None:
        for blocker in made.switch.blockers:
            complain(f"{blocker.what} blocks {made.mpm.value}: {blocker.why}", blocker.way_out)


def _differs(made: Plan, facts: Facts) -> bool:
    """Tell whether httpd runs other values, or another MPM."""
    written = made.switch is not None or any(setting.changes for setting in made.settings)
    return written or (isinstance(facts.server, Server) and not_yet_read(facts.server) is not None)
