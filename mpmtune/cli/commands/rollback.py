"""``mpmtune rollback``: take the last changes back, or show them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mpmtune.apply.applying import Request
from mpmtune.apply.files_only import carry_out as write
from mpmtune.apply.files_only import rollback as prepared
from mpmtune.apply.putting_in_force import Patience
from mpmtune.apply.rolling_back import last_applied, numbered
from mpmtune.apply.state_directory import DEFAULT, state_directory
from mpmtune.cli import exit_codes
from mpmtune.cli.carrying_out import ConfirmOption, DrainOption, FilesOnlyOption, carry_out
from mpmtune.cli.options import Color, ColorOption, QuietOption, StateOption, VerboseOption
from mpmtune.cli.output import complain, say, tell, wants_color
from mpmtune.detect.choice import Choice
from mpmtune.detect.facts import detect_facts
from mpmtune.errors import HttpdError
from mpmtune.host.open_host import open_host
from mpmtune.model.server import Server
from mpmtune.report.console import styled
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mpmtune.apply.entry import Entry

app = typer.Typer(add_completion=False)


@app.command()
def rollback(
    count: Annotated[
        int, typer.Argument(metavar="[N]", min=1, help="How many changes to take back.")
    ] = 1,
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
    colored = wants_color(color, None)
    if listing:
        say(_listed(state, colored, verbose))
        return exit_codes.DONE

    def choose(history: Sequence[Entry]) -> Sequence[Entry]:
        return last_applied(history, count) if entry is None else numbered(history, entry)

    made = prepared(choose, state)
    if diff:
        from mpmtune.report.changes_text import difference

        say(styled(difference(made.changes), color=colored))
        return exit_codes.DONE
    if files_only:
        for sentence in write(state, made).remarks:
            complain(sentence)
        tell(f"{printable(made.summary)}: the files are as they were. httpd runs on as it is.\n")
        return exit_codes.DONE
    carry_out(_request(made, drain, confirm_within), state, quiet=quiet)
    return exit_codes.DONE


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
    return styled(history_lines(history, with_diff=verbose), color=colored)
