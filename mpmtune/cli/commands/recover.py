"""``mpmtune recover``: finish what a crash has left."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mpmtune.apply.recovering import recover_all, recover_files
from mpmtune.apply.state_directory import DEFAULT
from mpmtune.cli import exit_codes
from mpmtune.cli.carrying_out import FilesOnlyOption
from mpmtune.cli.options import QuietOption, StateOption
from mpmtune.cli.output import complain, remark, say
from mpmtune.errors import UsageError
from mpmtune.report.safe_text import printable

if TYPE_CHECKING:
    from mpmtune.apply.transaction import Recovered

app = typer.Typer(add_completion=False)


@app.command()
def recover(
    files_only: FilesOnlyOption = False,
    unit: Annotated[
        bool,
        typer.Option("--unit", help="Print the unit of systemd that does it before httpd starts."),
    ] = False,
    state: StateOption = DEFAULT,
    quiet: QuietOption = False,
) -> int:
    """Put back what an interrupted change has left half done, in the files and in the server.

    A change that was in force already stays so. It can be interrupted, and run again, at any
    time. With --files-only it belongs before the start of httpd.
    """
    if unit:
        say(_unit(state))
        return exit_codes.DONE
    done = recover_files(state) if files_only else recover_all(state)
    if done is None:
        if not quiet:
            remark("Nothing is unfinished.")
        return exit_codes.DONE
    for sentence in done.remarks:
        complain(sentence)
    if not quiet:
        remark(_what_became(done))
    if not done.left:
        return exit_codes.DONE
    paths = ", ".join(printable(path) for path in done.left)
    complain(
        f"{paths} was edited by someone else since, and is left so.",
        "Look at it, and run httpd -t before httpd is started.",
    )
    return exit_codes.NOT_ROLLED_BACK


def _unit(state: str) -> str:
    from mpmtune.render.recover_unit import render_recover_unit

    program = str(Path(sys.argv[0]).resolve())
    try:
        return render_recover_unit(program, str(Path(state).absolute()))
    except ValueError as error:
        raise UsageError(f"{printable(str(error))}.", "Install mpmtune elsewhere.") from None


def _what_became(done: Recovered) -> str:
    what = printable(done.entry.summary)
    if done.in_force:
        return f"{what}: it had come into force, and stays so."
    return f"{what}: taken back. {printable(done.entry.why)}"
