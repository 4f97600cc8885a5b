"""``mpmtune recover``: finish what a crash has left."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from mpmtune.apply.recovering import recover_all, recover_files
from mpmtune.apply.state_directory import DEFAULT
from mpmtune.cli import exit_codes
from mpmtune.cli.carrying_out import FilesOnlyOption
from mpmtune.cli.options import QuietOption, StateOption
from mpmtune.cli.output import remark, say
from mpmtune.cli.what_became import left_to_do, what_became
from mpmtune.errors import UsageError
from mpmtune.report.safe_text import printable

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
    if not quiet:
        remark(what_became(done))
    return left_to_do(done)


def _unit(state: str) -> str:
    from mpmtune.render.recover_unit import render_recover_unit

    try:
        return render_recover_unit(sys.executable, str(Path(state).absolute()))
    except ValueError as error:
        raise UsageError(f"{printable(str(error))}.", "Install mpmtune elsewhere.") from None
