"""``mpmtune apply``: put a plan in force, or leave everything as it is."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Annotated

import typer

from mpmtune.apply.changeset import planned_changes
from mpmtune.apply.checks import Verdict
from mpmtune.apply.entry import Kind
from mpmtune.apply.guards import no_blocker
from mpmtune.apply.instructions import instructions
from mpmtune.apply.layouts import ByHand, read_layout
from mpmtune.apply.new_entry import new_entry
from mpmtune.apply.state_directory import DEFAULT
from mpmtune.apply.waiting import in_the_way, require_nothing_unfinished, unfinished
from mpmtune.cli import exit_codes
from mpmtune.cli.carrying_out import (
    ConfirmOption,
    DrainOption,
    FilesOnlyOption,
    carry_out,
    write_files,
)
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
    StateOption,
    declare,
)
from mpmtune.cli.output import complain, remark, say, tell, wants_color
from mpmtune.detect.choice import Choice, equally_meant
from mpmtune.detect.facts import detect_facts
from mpmtune.errors import HttpdError, InputError
from mpmtune.host.open_host import open_host
from mpmtune.model.server import Build, Mpm, Server
from mpmtune.plan.planner import plan
from mpmtune.plan.switch import choose_mpm
from mpmtune.render.snippet import render_snippet
from mpmtune.report.changes_text import difference, steps
from mpmtune.report.console import styled
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from mpmtune.apply.entry import Entry
    from mpmtune.apply.layouts import Layout
    from mpmtune.model.changes import ChangeSet
    from mpmtune.model.facts import Facts
    from mpmtune.model.plan import Plan

app = typer.Typer(add_completion=False)


@app.command()
def apply(
    mode: Annotated[
        Mode, typer.Option("--mode", help="The MPM; auto takes the best that the modules allow.")
    ] = Mode.AUTO,
    workload: Annotated[
        list[str] | None,
        typer.Option("--workload", metavar="FILE|LOG", help="Plan for this, as recommend does."),
    ] = None,
    yes: Annotated[bool, typer.Option("-y", "--yes", help="Ask nothing: take the plan.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the steps, and do nothing.")
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Show what would differ, and do nothing.")
    ] = False,
    confirm_within: ConfirmOption = None,
    drain: DrainOption = 5.0,
    files_only: FilesOnlyOption = False,
    httpd: HttpdOption = None,
    conf: ConfOption = None,
    server_root: ServerRootOption = None,
    define: DefineOption = None,
    memory: MemoryOption = None,
    cpus: CpusOption = None,
    state: StateOption = DEFAULT,
    color: ColorOption = Color.AUTO,
    quiet: QuietOption = False,
) -> int:
    """Put a plan in force, tried aside before and watched after; or all stays as it is.

    httpd is restarted gracefully where that is enough, else stopped and started. If anything is
    not as it should be afterwards, files and server are put back.
    """
    host = open_host(None)
    choice = Choice(httpd, conf, server_root, tuple(define or ()))
    facts = _with_workload(declare(detect_facts(host, choice), memory, cpus), workload, quiet)
    server = _server(facts)
    made = _planned(facts, mode)
    if not quiet:
        _warn(made)
    layout = read_layout(host, server)
    if isinstance(layout, ByHand):
        return _by_hand(made, server, layout, shown=dry_run or diff)
    look_at_others(facts, choice, shown=dry_run or diff)
    _look_at_blockers(made, shown=dry_run or diff)
    if not (dry_run or diff or yes):
        chosen = _chosen(made, layout, state)
        if chosen is None:
            remark("Nothing was done.")
            return exit_codes.DONE
        made = chosen
    changes = planned_changes(made, server, layout)
    if not changes:
        remark("Nothing is to be done: what the plan says is written there already.")
        _tell_of_unfinished(state)
        return exit_codes.DONE
    if dry_run or diff:
        lines = [*(steps(changes) if dry_run else ()), *(difference(changes) if diff else ())]
        say(styled(lines, color=wants_color(color, None)))
        return exit_codes.DONE
    entry = _entry(made, server, layout, changes)
    if files_only:
        return _write(entry, state)
    from mpmtune.apply.applying import Request
    from mpmtune.apply.putting_in_force import Patience

    wanted = {one.directive: one.text for one in made.settings}
    request = Request(
        host, choice, facts, server, entry, wanted, Patience(drain=drain), confirm_within
    )
    carry_out(request, state, quiet=quiet)
    return exit_codes.DONE


def _with_workload(facts: Facts, paths: list[str] | None, quiet: bool) -> Facts:
    if not paths:
        return facts
    from mpmtune.cli.given_workload import given_workload

    return replace(facts, workload=given_workload(paths, None, facts, quiet=quiet))


def _planned(facts: Facts, mode: Mode) -> Plan:
    mpm, because = choose_mpm(facts) if mode is Mode.AUTO else (Mpm(mode.value), "you asked for it")
    return plan(mpm, because, facts)


def _server(facts: Facts) -> Server:
    server = facts.server
    if not isinstance(server, Server):
        raise HttpdError(f"There is no httpd to change: {server.why}.", "Name it with --httpd.")
    if server.tree is None:
        where = f"{server.conf} " if isinstance(server.conf, str) else ""
        raise InputError(
            f"The configuration {printable(where)}of httpd cannot be read.",
            "Name it with --conf or --server-root; mpmtune detect says what is known.",
        )
    return server


def look_at_others(facts: Facts, choice: Choice, *, shown: bool) -> None:
    """Refuse to change one of several httpds that nobody named; where only shown, a warning did."""
    running = equally_meant(facts.instances, choice)
    if len(running) > 1 and not shown:
        pids = ", ".join(str(one.parent_pid) for one in running)
        raise InputError(
            f"Nothing was touched. {len(running)} httpds run here, and any may be meant: {pids}.",
            "Name one with --conf, --server-root or --httpd; mpmtune detect says which is which.",
        )


def _warn(made: Plan) -> None:
    for warning in made.warnings:
        complain(warning)


def _look_at_blockers(made: Plan, *, shown: bool) -> None:
    """Refuse before anything is asked, or written without being tried; or only say why."""
    check = no_blocker(made.switch)
    if check.verdict is Verdict.REFUSED and not shown:
        raise InputError(f"Nothing was touched. {check.why}", check.way_out)
    for blocker in made.switch.blockers if made.switch is not None else ():
        complain(f"{blocker.what} blocks {made.mpm.value}: {blocker.why}.", blocker.way_out)


def _chosen(made: Plan, layout: Layout, state: str) -> Plan | None:
    """Ask about the plan, where there is somebody to ask and nothing that forbids it anyway."""
    from mpmtune.cli.group_by_group import decided, require_somebody

    require_somebody()
    require_nothing_unfinished(state)
    try:
        return decided(made, layout.snippet)
    except KeyboardInterrupt:
        remark("\nNothing was done.")
        raise


def _by_hand(made: Plan, server: Server, layout: ByHand, *, shown: bool) -> int:
    """Give the commands for a layout that is left to its administrator."""
    sentence = f"mpmtune does not write here: {layout.why}."
    complain(sentence, "Do it by hand, in this order:")
    say("".join(f"{printable(command)}\n" for command in instructions(made, server)))
    if shown:
        return exit_codes.DONE
    raise InputError("Nothing was done.", "The commands above do it.")


def _tell_of_unfinished(state: str) -> None:
    """What is written there may be taken back again."""
    entry = unfinished(state)
    if entry is not None:
        said = in_the_way(entry, state)
        complain(said.sentence, said.hint)


def _entry(made: Plan, server: Server, layout: Layout, changes: ChangeSet) -> Entry:
    summary = f"plan for {made.mpm.value}"
    if made.switch is not None:
        summary = f"change from {made.switch.source.value} to {made.mpm.value}"
    return replace(
        new_entry(Kind.APPLY, summary, layout.root, changes),
        plan_digest=sha256(render_snippet(made).encode()).hexdigest(),
        httpd=server.build.binary if isinstance(server.build, Build) else "",
        conf=server.conf if isinstance(server.conf, str) else "",
    )


def _write(entry: Entry, state: str) -> int:
    write_files(entry, state)
    tell("Written. httpd runs as before until it reads it: check it with -t, then restart it.\n")
    return exit_codes.DONE
