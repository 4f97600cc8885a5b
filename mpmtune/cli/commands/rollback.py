"""``mpmtune rollback``: take the last changes back, or show them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mpmtune.apply.applying import Request
from mpmtune.apply.files_only import rollback as prepared
from mpmtune.apply.putting_in_force import Patience
from mpmtune.apply.recovering import recover_all, recover_files
from mpmtune.apply.rolling_back import last_applied, numbered
from mpmtune.apply.state_directory import DEFAULT, state_directory
from mpmtune.apply.waiting import in_the_way, unfinished, waits
from mpmtune.cli import exit_codes
from mpmtune.cli.carrying_out import (
    ConfirmOption,
    DrainOption,
    FilesOnlyOption,
    carry_out,
    write_files,
)
from mpmtune.cli.options import Color, ColorOption, QuietOption, StateOption, VerboseOption
from mpmtune.cli.output import say, tell, wants_color
from mpmtune.cli.what_became import left_to_do, what_became
from mpmtune.detect.choice import Choice
from mpmtune.detect.facts import detect_facts
from mpmtune.errors import HttpdError, UsageError
from mpmtune.host.open_host import open_host
from mpmtune.model.server import Server
from mpmtune.report.console import styled
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mpmtune.apply.entry import Entry
    from mpmtune.model.changes import ChangeSet

app = typer.Typer(add_completion=False)


@app.command()
def rollback(
    count: Annotated[
        int | None,
        typer.Argument(metavar="[N]", min=1, help="How many changes to take back: 1 unless given."),
    ] = None,
    entry: Annotated[
        int | None,
        typer.Option(
            "--entry", metavar="NUMBER", min=1, help="Take back this one, a rollback for instance."
        ),
    ] = None,
    listing: Annotated[
        bool, typer.Option("--list", help="List the changes; with -v their differences.")
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Show what would differ, and do nothing.")
    ] = False,
    confirm_within: ConfirmOption = None,
    drain: DrainOption = 5.0,
    files_only: FilesOnlyOption = False,
    state: StateOption = DEFAULT,
    color: ColorOption = Color.AUTO,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> int:
    """Take the last changes of mpmtune's back, in the files and in the running server.

    A file that someone else has edited since is never overwritten. A rollback is a change itself,
    and can be taken back.
    """
    if listing:
        say(_listed(state, wants_color(color, None), verbose))
        return exit_codes.DONE
    choose = _choice(count, entry)
    waiting = _waiting(state)
    if waiting is not None:
        _require_last(waiting, count, entry, state)
        shown = waiting.changes.invert()
        return _shown(shown, color) if diff else _taken_back(state, files_only)
    made = prepared(choose, state)
    if diff:
        return _shown(made.changes, color)
    if files_only:
        write_files(made, state)
        tell(f"{printable(made.summary)}: the files are as they were. httpd runs on as it is.\n")
        return exit_codes.DONE
    carry_out(_request(made, drain, confirm_within), state, quiet=quiet)
    return exit_codes.DONE


def _shown(changes: ChangeSet, color: Color) -> int:
    from mpmtune.report.changes_text import difference

    say(styled(difference(changes), color=wants_color(color, None)))
    return exit_codes.DONE


def _choice(count: int | None, entry: int | None) -> Callable[[Sequence[Entry]], Sequence[Entry]]:
    if entry is None:
        return lambda history: last_applied(history, count or 1)
    if count is not None:
        raise UsageError("N and --entry exclude each other.", "Leave one of them out.")
    return lambda history: numbered(history, entry)


def _require_last(waiting: Entry, count: int | None, entry: int | None, state: str) -> None:
    """What waits for its confirmation is the last change, and taken back alone."""
    if entry is not None or count not in {None, 1}:
        raise in_the_way(waiting, state)


def _waiting(state: str) -> Entry | None:
    found = unfinished(state)
    return found if found is not None and waits(found) else None


def _taken_back(state: str, files_only: bool) -> int:
    """Do now what the watchdog of a change does when nobody has confirmed it in time."""
    why = "It was rolled back before it was confirmed."
    done = recover_files(state, why) if files_only else recover_all(state, why)
    tell(f"{what_became(done)}\n")
    return left_to_do(done)


def _request(made: Entry, drain: float, confirm_within: int | None) -> Request:
    """Find the httpd again whose files these are."""
    host = open_host(None)
    choice = Choice(made.httpd or None, made.conf or None, made.server_root)
    facts = detect_facts(host, choice)
    if not isinstance(facts.server, Server):
        raise HttpdError(
            f"The httpd of these files is not found: {facts.server.why}.",
            "Add --files-only to put the files back all the same.",
        )
    return Request(
        host, choice, facts, facts.server, made, {}, Patience(drain=drain), confirm_within
    )


def _listed(state: str, colored: bool, verbose: bool) -> str:
    from mpmtune.cli.history_lines import history_lines

    history: tuple[Entry, ...] = ()
    if Path(state).exists():
        with state_directory(state) as opened:
            history = opened.history()
    return styled(history_lines(history, unfinished(state), with_diff=verbose), color=colored)
