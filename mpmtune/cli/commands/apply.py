"""``mpmtune apply``: what a plan changes on the disk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from mpmtune.apply.changeset import planned_changes
from mpmtune.apply.instructions import instructions
from mpmtune.apply.layouts import ByHand, read_layout
from mpmtune.cli import exit_codes
from mpmtune.cli.commands.recommend import Mode
from mpmtune.cli.options import (
    Color,
    ColorOption,
    ConfOption,
    CpusOption,
    DefineOption,
    HttpdOption,
    MemoryOption,
    QuietOption,
    ServerRootOption,
    declare,
)
from mpmtune.cli.output import complain, remark, say, wants_color
from mpmtune.detect.choice import Choice
from mpmtune.detect.facts import detect_facts
from mpmtune.errors import HttpdError, UsageError
from mpmtune.host.open_host import open_host
from mpmtune.model.server import Mpm, Server
from mpmtune.plan.planner import plan
from mpmtune.plan.switch import choose_mpm
from mpmtune.report.changes_text import difference, steps
from mpmtune.report.console import styled
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from mpmtune.model.facts import Facts
    from mpmtune.model.plan import Plan

app = typer.Typer(add_completion=False)


@app.command()
def apply(
    mode: Annotated[
        Mode, typer.Option("--mode", help="The MPM; auto takes the best that the modules allow.")
    ] = Mode.AUTO,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the steps, and do nothing.")
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Show what would differ, and do nothing.")
    ] = False,
    httpd: HttpdOption = None,
    conf: ConfOption = None,
    server_root: ServerRootOption = None,
    define: DefineOption = None,
    memory: MemoryOption = None,
    cpus: CpusOption = None,
    color: ColorOption = Color.AUTO,
    quiet: QuietOption = False,
) -> int:
    """Show what a plan changes in httpd's configuration: the steps in their order, or a diff."""
    if not (dry_run or diff):
        raise UsageError("Say what to show.", "Add --dry-run or --diff.")
    host = open_host(None)
    choice = Choice(httpd, conf, server_root, tuple(define or ()))
    facts = declare(detect_facts(host, choice), memory, cpus)
    mpm, because = choose_mpm(facts) if mode is Mode.AUTO else (Mpm(mode.value), "you asked for it")
    made, server = plan(mpm, because, facts), _server(facts)
    if not quiet:
        _warn(made)
    layout = read_layout(host, server)
    if isinstance(layout, ByHand):
        complain(f"mpmtune does not write here: {layout.why}.", "Do it by hand, in this order:")
        say("".join(f"{printable(command)}\n" for command in instructions(made, server)))
        return exit_codes.DONE
    changes = planned_changes(made, server, layout)
    if not changes:
        remark("Nothing is to be done: what the plan says is written there already.")
        return exit_codes.DONE
    lines = [*(steps(changes) if dry_run else ()), *(difference(changes) if diff else ())]
    say(styled(lines, color=wants_color(color, None)))
    return exit_codes.DONE


def _server(facts: Facts) -> Server:
    if not isinstance(facts.server, Server):
        raise HttpdError(f"There is no httpd to change: {facts.server.why}.", "Name it: --httpd")
    return facts.server


def _warn(made: Plan) -> None:
    for warning in made.warnings:
        complain(warning)
    if made.switch is not None:
        for blocker in made.switch.blockers:
            complain(f"{blocker.what} blocks {made.mpm.value}: {blocker.why}", blocker.way_out)
